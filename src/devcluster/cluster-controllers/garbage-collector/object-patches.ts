import type { Immutable, KubeObject } from '../../../api/kube-object.ts';

type Metadata = Immutable<KubeObject>['metadata'];

/** Merge patches of metadata lists, with the version that they were made from as their precondition. */

/** Without the owners of these UIDs. */
export function withoutOwners(metadata: Metadata, uids: ReadonlySet<string>): object {
  const ownerReferences = (metadata.ownerReferences ?? []).filter(({ uid }) => !uids.has(uid));
  return patch(metadata, { ownerReferences: ownerReferences.length === 0 ? null : ownerReferences });
}

/** With no owner that waits for it. */
export function withoutBlocking(metadata: Metadata): object {
  const ownerReferences = (metadata.ownerReferences ?? []).map((reference) => ({
    ...reference,
    blockOwnerDeletion: false,
  }));
  return patch(metadata, { ownerReferences });
}

/** Without this finalizer. */
export function withoutFinalizer(metadata: Metadata, finalizer: string): object {
  const finalizers = (metadata.finalizers ?? []).filter((name) => name !== finalizer);
  return patch(metadata, { finalizers: finalizers.length === 0 ? null : finalizers });
}

function patch({ uid, resourceVersion }: Metadata, metadata: object): object {
  return { metadata: { uid, resourceVersion, ...metadata } };
}
