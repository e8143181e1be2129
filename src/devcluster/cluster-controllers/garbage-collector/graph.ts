import type { KubeObject, OwnerReference } from '../../../api/kube-object.ts';
import { apiVersionOf } from '../../../api/kube-object.ts';
import type { Immutable } from '../../../api/kube-object.ts';
import type { ApiResource } from '../api-resources.ts';

/** Finalizers that the garbage collector serves. */
export const ORPHAN = 'orphan';
export const FOREGROUND = 'foregroundDeletion';

/** An object as the garbage collector remembers it. */
export interface GraphNode {
  readonly uid: string;
  readonly resource: ApiResource;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly owners: readonly Immutable<OwnerReference>[];
  readonly deleting: boolean;
  readonly finalizers: readonly string[];
}

/**
 * Who owns whom, by UID. Pure. Each change answers with the UIDs that must be looked at again; looking is level-triggered,
 * so one too many does no harm.
 */
export interface OwnerGraph {
  get(uid: string): GraphNode | undefined;
  dependentsOf(uid: string): readonly GraphNode[];
  observe(resource: ApiResource, object: Immutable<KubeObject>): readonly string[];
  forget(uid: string): readonly string[];
  /** All objects of a resource that is no longer watched. */
  ofResource(resource: ApiResource): readonly GraphNode[];
}

/** Whether the object waits for its dependents to be deleted first. */
export function isForeground({ deleting, finalizers }: GraphNode): boolean {
  return deleting && finalizers.includes(FOREGROUND);
}

/** Whether the object waits for its dependents to be let go. */
export function isOrphaning({ deleting, finalizers }: GraphNode): boolean {
  return deleting && finalizers.includes(ORPHAN);
}

/** Whether the reference, as it stands in `dependent`, names exactly this object: UID, kind and place. */
export function names(
  reference: Immutable<OwnerReference>,
  dependent: { readonly namespace: string | undefined },
  owner: GraphNode,
): boolean {
  return (
    reference.uid === owner.uid &&
    reference.name === owner.name &&
    reference.kind === owner.resource.kind &&
    groupOf(reference.apiVersion) === groupOf(apiVersionOf(owner.resource)) &&
    (!owner.resource.namespaced || owner.namespace === dependent.namespace)
  );
}

/** The dependents that must be gone before an owner in foreground deletion may go. */
export function blocking(owner: GraphNode, dependents: readonly GraphNode[]): GraphNode[] {
  return dependents.filter(({ owners }) =>
    owners.some(({ uid, blockOwnerDeletion }) => uid === owner.uid && blockOwnerDeletion === true),
  );
}

export function ownerGraph(): OwnerGraph {
  const nodes = new Map<string, GraphNode>();
  /** By owner's UID, whether or not the owner is known. */
  const dependents = new Map<string, Set<string>>();

  function unlink({ uid, owners }: GraphNode): void {
    for (const owner of owners) {
      const set = dependents.get(owner.uid);
      set?.delete(uid);
      if (set?.size === 0) {
        dependents.delete(owner.uid);
      }
    }
  }

  function link({ uid, owners }: GraphNode): void {
    for (const owner of owners) {
      const set = dependents.get(owner.uid) ?? new Set();
      dependents.set(owner.uid, set.add(uid));
    }
  }

  function dependentsOf(uid: string): GraphNode[] {
    return [...(dependents.get(uid) ?? [])].flatMap((dependent) => nodes.get(dependent) ?? []);
  }

  /** Owners that wait for their dependents: one of them may have become free. */
  function waitingOwners({ owners }: GraphNode): string[] {
    return owners.flatMap(({ uid }) => {
      const owner = nodes.get(uid);
      return owner !== undefined && isForeground(owner) ? [uid] : [];
    });
  }

  /** An owner that does not exist as it is named, or that waits for its dependents. */
  function isInDoubt(node: GraphNode): boolean {
    return node.owners.some((reference) => {
      const owner = nodes.get(reference.uid);
      return owner === undefined || !names(reference, node, owner) || isForeground(owner);
    });
  }

  return {
    get: (uid) => nodes.get(uid),
    dependentsOf,
    observe(resource, object) {
      const node = graphNode(resource, object);
      const previous = nodes.get(node.uid);
      if (previous !== undefined) {
        unlink(previous);
      }
      nodes.set(node.uid, node);
      link(node);
      const freed = previous === undefined ? [] : waitingOwners(previous);
      const own = node.deleting ? isForeground(node) || isOrphaning(node) : isInDoubt(node);
      // Whoever named this object before it was known may have named it wrongly.
      const claimed = previous === undefined || node.deleting ? dependentsOf(node.uid) : [];
      return [...new Set([...freed, ...(own ? [node.uid] : []), ...claimed.map(({ uid }) => uid)])];
    },
    forget(uid) {
      const node = nodes.get(uid);
      if (node === undefined) {
        return dependentsOf(uid).map((dependent) => dependent.uid);
      }
      nodes.delete(uid);
      unlink(node);
      return [...new Set([...waitingOwners(node), ...dependentsOf(uid).map((dependent) => dependent.uid)])];
    },
    ofResource: (resource) => [...nodes.values()].filter((node) => node.resource === resource),
  };
}

function graphNode(resource: ApiResource, { metadata }: Immutable<KubeObject>): GraphNode {
  const { uid, namespace, name, ownerReferences = [], finalizers = [], deletionTimestamp } = metadata;
  return {
    uid,
    resource,
    namespace,
    name,
    owners: ownerReferences,
    deleting: deletionTimestamp !== undefined,
    finalizers,
  };
}

function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}
