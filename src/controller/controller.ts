import type { KubeObject } from '../api/kube-object.ts';
import type { Change, Informer } from '../kube/informer.ts';
import type { Logger } from '../telemetry/logger.ts';

/**
 * What a reconcile says when it has not failed. A failure is thrown: a {@link TerminalError} is counted and not tried again
 * until the object changes; any other error is tried again with per-key exponential backoff.
 */
export type Result =
  | { readonly kind: 'done' }
  /** Look again in `ms` milliseconds (sooner when something changes). */
  | { readonly kind: 'after'; readonly ms: number };

export const done: Result = { kind: 'done' };

/** @param ms milliseconds, at least 0 */
export function after(ms: number): Result {
  return { kind: 'after', ms };
}

/** Trying again cannot help until the object, or something it depends on, changes. */
export class TerminalError extends Error {
  override readonly name = 'TerminalError';
}

/** What a controller is told besides the key. */
export interface ReconcileContext {
  /** Carries `controller`, `namespace`, `name` and a `reconcileID`. */
  readonly log: Logger;
  /** Aborted when the manager gives up waiting for the reconcile: stop before the next write. */
  readonly signal: AbortSignal;
}

/** Keys to reconcile because one object changed. */
export type KeysFor<T extends KubeObject> = (change: Change<T>) => Iterable<string>;

/** How changes of one kind wake a controller. Built by `primary`, `owned` and `mapped`. */
export interface WatchSource {
  readonly informer: Informer<KubeObject>;
  readonly keysFor: KeysFor<KubeObject>;
  /** Milliseconds by which a wake-up is held back so that a burst becomes one. Default 0. */
  readonly delayMs?: number;
}

/** Makes a key worth a look, `delayMs` from now. */
export type Wake = (key: string, delayMs: number) => void;

/** A level-triggered loop over one kind: it is told which object to look at, never what happened to it. */
export interface Controller {
  /** Lower case, the label `controller` of every metric. */
  readonly name: string;
  readonly watches: readonly WatchSource[];
  /**
   * Hands over how to wake the controller for what no informer of {@link watches} shows, such as another cluster. Called once, before
   * the informers start; `signal` ends all that was begun for it.
   */
  readonly begin?: (wake: Wake, signal: AbortSignal) => void;
  /** How many keys are reconciled at the same time; never the same key twice. */
  readonly concurrency: number;
  reconcile(key: string, context: ReconcileContext): Promise<Result>;
}
