import type { KubeObject } from '../api/kube-object.ts';

/** kubectl's copy of the whole manifest. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Drops, in place, a third of an object: bookkeeping of field owners that no controller reads. Returns the same object. */
export function trim<T extends KubeObject>(object: T): T {
  const { metadata } = object;
  delete (metadata as { managedFields?: unknown }).managedFields;
  if (metadata.annotations?.[LAST_APPLIED] !== undefined) {
    const { [LAST_APPLIED]: _dropped, ...annotations } = metadata.annotations;
    metadata.annotations = annotations;
  }
  return object;
}
