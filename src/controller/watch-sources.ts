import type { Immutable, KubeObject, ObjectMeta, ResourceType } from '../api/kube-object.ts';
import { controllerOf, joinKey, keyOf } from '../api/kube-object.ts';
import type { Change, Informer } from '../kube/informer.ts';
import type { KeysFor, WatchSource } from './controller.ts';

/**
 * The kind that a controller is for. Updates of what nobody wanted changed (the status, mostly by the controller itself)
 * wake nobody.
 */
export function primary<T extends KubeObject>(informer: Informer<T>): WatchSource {
  return source(informer, (change) => (isEcho(change) ? [] : [keyOf(change.object)]));
}

/** How a source wakes. */
export interface SourceOptions<T extends KubeObject> {
  /** Milliseconds by which a wake-up is held back so that a burst becomes one. Default 0. */
  readonly delayMs?: number;
  /** Which changes count. Default: all. */
  readonly when?: (change: Change<T>) => boolean;
}

/** Objects that the kind's objects manage: wakes their controllers. Updates of the status count, too. */
export function owned<T extends KubeObject>(
  informer: Informer<T>,
  ownerType: ResourceType<KubeObject>,
  { delayMs = 0, when = () => true }: SourceOptions<T> = {},
): WatchSource {
  const keysFor: KeysFor<T> = (change) => {
    if (!when(change)) {
      return [];
    }
    const versions = change.type === 'updated' ? [change.previous, change.object] : [change.object];
    return new Set(versions.flatMap((object) => ownerKey(object, ownerType) ?? []));
  };
  return { ...source(informer, keysFor), delayMs };
}

/** Objects that concern others in a way that `keysFor` knows. Of an update it should consider both versions. */
export function mapped<T extends KubeObject>(
  informer: Informer<T>,
  keysFor: KeysFor<T>,
  options: { readonly delayMs?: number } = {},
): WatchSource {
  return { ...source(informer, keysFor), ...options };
}

function source<T extends KubeObject>(informer: Informer<T>, keysFor: KeysFor<T>): WatchSource {
  // The pair stays together: `keysFor` is only ever called with changes of this very informer.
  return { informer, keysFor: keysFor as KeysFor<KubeObject> };
}

function ownerKey(
  object: Immutable<KubeObject>,
  { group, kind, namespaced }: ResourceType<KubeObject>,
): string | undefined {
  const owner = controllerOf(object);
  // The version may be another than ours: the owner is the same object in all of them.
  if (owner?.kind !== kind || groupOf(owner.apiVersion) !== group) {
    return undefined;
  }
  return joinKey({ namespace: namespaced ? object.metadata.namespace : undefined, name: owner.name });
}

function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** Whether an update changed nothing that a user could have meant: neither spec nor labels, annotations or deletion. */
function isEcho(change: Change<KubeObject>): boolean {
  if (change.type !== 'updated') {
    return false;
  }
  const before: Immutable<ObjectMeta> = change.previous.metadata;
  const now: Immutable<ObjectMeta> = change.object.metadata;
  return (
    before.uid === now.uid &&
    // A kind without a generation cannot tell spec from status: then every update counts.
    now.generation !== undefined &&
    before.generation === now.generation &&
    before.deletionTimestamp === now.deletionTimestamp &&
    sameEntries(before.labels, now.labels) &&
    sameEntries(before.annotations, now.annotations)
  );
}

type Entries = Readonly<Record<string, string>>;

function sameEntries(before: Entries = {}, now: Entries = {}): boolean {
  const keys = Object.keys(before);
  return keys.length === Object.keys(now).length && keys.every((key) => before[key] === now[key]);
}
