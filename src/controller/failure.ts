import { ApiError, isConflict } from '../kube/errors.ts';
import { TerminalError } from './controller.ts';

/** What a thrown value means for the key whose reconcile threw it. */
export interface Failure {
  /** Trying again cannot help until something changes. */
  readonly terminal: boolean;
  /** A mistake in the program, not in the world. It is tried again all the same: the world may be another by then. */
  readonly panic: boolean;
  /** Somebody else wrote first, which is everyday: not worth an error line. */
  readonly conflict: boolean;
  /** Milliseconds for which an overloaded API server asked to be left alone; 0 when none did. */
  readonly notBeforeMs: number;
}

/** Reads the error, the errors it gathers (AggregateError) and the causes of each. */
export function classifyFailure(error: unknown): Failure {
  const gathered = members(error);
  return {
    terminal: gathered.every((member) => causes(member).some((cause) => cause instanceof TerminalError)),
    panic: gathered.some(isProgrammingError),
    conflict: gathered.every((member) => causes(member).some(isConflict)),
    notBeforeMs: Math.max(...gathered.flatMap(causes).map(wantedPauseMs)),
  };
}

/** The errors that an AggregateError gathers, however deep; of anything else, itself. Never empty. */
function members(error: unknown): unknown[] {
  return error instanceof AggregateError && error.errors.length > 0
    ? error.errors.flatMap((member: unknown) => members(member))
    : [error];
}

/** The error, its cause, the cause of that, and so on. */
function causes(error: unknown): unknown[] {
  const chain: unknown[] = [];
  for (let next = error; next !== undefined && !chain.includes(next);) {
    chain.push(next);
    next = next instanceof Error ? next.cause : undefined;
  }
  return chain.length > 0 ? chain : [error];
}

/** Only as thrown: a TypeError that somebody caught and wrapped (an unparseable URL, say) was foreseen. */
function isProgrammingError(error: unknown): boolean {
  return (
    !(error instanceof Error) ||
    error instanceof TypeError ||
    error instanceof RangeError ||
    error instanceof ReferenceError
  );
}

function wantedPauseMs(error: unknown): number {
  const overloaded = error instanceof ApiError && (error.code === 429 || error.code === 503);
  return overloaded ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
}
