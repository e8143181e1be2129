import type { Immutable, KubeObject, OwnerReference } from '../../api/kube-object.ts';

/**
 * The reference by which garbage collection deletes a child with its owner.
 * @param apiVersion the owner's; objects that come out of a LIST may lack it
 */
export function ownerReference(apiVersion: string, owner: Immutable<KubeObject>): OwnerReference {
  return {
    apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid,
    controller: true,
  };
}
