import type { KubeObject, ObjectKey } from '../../../api/kube-object.ts';
import type { DeleteOptions, KubeClient } from '../../../kube/client.ts';
import { isNotFound } from '../../../kube/errors.ts';
import type { ApiResources } from '../api-resources.ts';
import {
  FOREGROUND,
  ORPHAN,
  blocking,
  isForeground,
  isOrphaning,
  type GraphNode,
  type OwnerGraph,
} from './graph.ts';
import { withoutBlocking, withoutFinalizer, withoutOwners } from './object-patches.ts';
import { absentOwners, ownerVerdicts, type OwnerVerdicts } from './references.ts';

export interface Collector {
  /** Looks at one object and does what its owners, or its own deletion, ask for. @throws ApiError and those of {@link ownerVerdicts} */
  collect(uid: string): Promise<void>;
}

export interface CollectorParts {
  readonly graph: OwnerGraph;
  readonly client: KubeClient;
  readonly resources: () => ApiResources;
  /** These must be looked at, too. */
  readonly enqueue: (uids: readonly string[]) => void;
}

export function createCollector({ graph, client, resources, enqueue }: CollectorParts): Collector {
  const absent = absentOwners();

  /** The object as it is now; undefined when it, by its UID, is gone. */
  async function live({ resource, uid, namespace, name }: GraphNode): Promise<KubeObject | undefined> {
    try {
      const object = await client.get(resource, { namespace, name });
      return object.metadata.uid === uid ? object : undefined;
    } catch (error) {
      if (isNotFound(error)) {
        return undefined;
      }
      throw error;
    }
  }

  async function patch({ resource, ...key }: GraphNode, body: object): Promise<void> {
    try {
      await client.mergePatch(resource, keyOf(key), body);
    } catch (error) {
      if (!isNotFound(error)) {
        throw error;
      }
    }
  }

  async function remove(
    { resource, uid, ...key }: GraphNode,
    propagationPolicy: NonNullable<DeleteOptions['propagationPolicy']>,
  ): Promise<void> {
    try {
      await client.delete(resource, keyOf(key), { uid, propagationPolicy });
    } catch (error) {
      if (!isNotFound(error)) {
        throw error;
      }
    }
  }

  /** Lets go of all dependents, then of the object. */
  async function orphan(node: GraphNode): Promise<void> {
    for (const dependent of graph.dependentsOf(node.uid)) {
      const object = await live(dependent);
      if (object?.metadata.ownerReferences?.some(({ uid }) => uid === node.uid) === true) {
        await patch(dependent, withoutOwners(object.metadata, new Set([node.uid])));
      }
    }
    await dropFinalizer(node, ORPHAN);
  }

  /** Lets the object go once no dependent blocks it. */
  async function finishForeground(node: GraphNode): Promise<void> {
    const blockers = blocking(node, graph.dependentsOf(node.uid));
    if (blockers.length === 0) {
      await dropFinalizer(node, FOREGROUND);
      return;
    }
    enqueue(blockers.filter((dependent) => !isForeground(dependent)).map(({ uid }) => uid));
  }

  async function dropFinalizer(node: GraphNode, finalizer: string): Promise<void> {
    const object = await live(node);
    if (object?.metadata.finalizers?.includes(finalizer) === true) {
      await patch(node, withoutFinalizer(object.metadata, finalizer));
    }
  }

  async function judge(node: GraphNode): Promise<void> {
    const object = await live(node);
    if (object === undefined) {
      enqueue(graph.forget(node.uid));
      return;
    }
    if ((object.metadata.ownerReferences ?? []).length === 0) {
      return;
    }
    const sources = { graph, resources: resources(), client, absent };
    const verdicts = await ownerVerdicts(object, node.resource, sources);
    if (verdicts.solid.length > 0) {
      await dropOwners(node, object, verdicts);
    } else if (verdicts.waiting.length > 0 && graph.dependentsOf(node.uid).length > 0) {
      await deleteInForeground(node, object);
    } else {
      await remove(node, policyOf(object));
    }
  }

  /** Someone keeps the object: the other references would only hold up their owners. */
  async function dropOwners(
    node: GraphNode,
    { metadata }: KubeObject,
    { dangling, waiting }: OwnerVerdicts,
  ): Promise<void> {
    if (dangling.length + waiting.length > 0) {
      await patch(node, withoutOwners(metadata, new Set([...dangling, ...waiting])));
    }
  }

  async function deleteInForeground(node: GraphNode, { metadata }: KubeObject): Promise<void> {
    // In a circle of owners each would wait for the other.
    if (graph.dependentsOf(node.uid).some(isForeground)) {
      await patch(node, withoutBlocking(metadata));
    }
    await remove(node, 'Foreground');
  }

  return {
    async collect(uid) {
      const node = graph.get(uid);
      if (node === undefined) {
        return;
      }
      if (isOrphaning(node)) {
        await orphan(node);
      } else if (isForeground(node)) {
        await finishForeground(node);
      } else if (!node.deleting && node.owners.length > 0) {
        await judge(node);
      }
    },
  };
}

/** A finalizer that is there already says how the object wants to be deleted. */
function policyOf({
  metadata: { finalizers = [] },
}: KubeObject): NonNullable<DeleteOptions['propagationPolicy']> {
  if (finalizers.includes(ORPHAN)) {
    return 'Orphan';
  }
  return finalizers.includes(FOREGROUND) ? 'Foreground' : 'Background';
}

function keyOf({ namespace, name }: ObjectKey): ObjectKey {
  return { namespace, name };
}
