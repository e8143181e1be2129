import { Nodes, type Node, type Pod } from '../../../api/builtin.ts';
import { keyOf, type Immutable } from '../../../api/kube-object.ts';
import { isNotFound } from '../../../kube/errors.ts';
import { keyQueue } from '../key-queue.ts';
import { disrupt } from './disruption.ts';
import { evictionTime } from './eviction-time.ts';
import { BY_NODE, type NodeController, type NodeParts } from './node-parts.ts';

/**
 * Ends pods that cannot stay where they are: those that do not tolerate a NoExecute taint of their node (any longer), and
 * those whose Node object has been gone for the grace period. Registers its handlers at once: call before the informers start.
 */
export function createPodDeparture(parts: NodeParts): NodeController {
  const { pods, nodes, client, events, clock, log, graceMs } = parts;
  const queue = keyQueue({ run, clock, log });
  /** Monotonic time since when the nodes of that name, which pods are bound to, are missing. */
  const missing = new Map<string, number>();
  let started = false;

  async function run(key: string): Promise<void> {
    const pod = pods.store.get(key);
    const nodeName = pod?.spec.nodeName;
    if (pod === undefined || nodeName === undefined) {
      return;
    }
    const node = nodes.store.get(nodeName);
    await (node === undefined ? buryOrphan(pod, nodeName) : evictFrom(node, pod));
  }

  async function evictFrom(node: Immutable<Node>, pod: Immutable<Pod>): Promise<void> {
    if (pod.metadata.deletionTimestamp !== undefined) {
      return;
    }
    const now = clock.now();
    const time = evictionTime(node.spec?.taints ?? [], pod.spec.tolerations ?? [], now);
    if (time === undefined) {
      return;
    }
    if (time > now) {
      queue.addAfter(keyOf(pod), time - now);
      return;
    }
    const note = `Marking for deletion Pod ${keyOf(pod)}`;
    events.write(pod, { type: 'Normal', reason: 'TaintManagerEviction', action: 'Eviction', note });
    const reason = 'DeletionByTaintManager';
    const message = 'Taint manager: deleting due to NoExecute taint';
    await disrupt(pod, { reason, message, force: false }, { client, clock });
  }

  async function buryOrphan(pod: Immutable<Pod>, nodeName: string): Promise<void> {
    const since = missing.get(nodeName) ?? clock.monotonic();
    missing.set(nodeName, since);
    const leftMs = since + graceMs - clock.monotonic();
    if (leftMs > 0) {
      queue.addAfter(keyOf(pod), leftMs);
    } else if (await exists(nodeName)) {
      // The watch is behind; it will tell of the node.
      missing.delete(nodeName);
    } else {
      const reason = 'DeletionByPodGC';
      const message = 'PodGC: node no longer exists';
      await disrupt(pod, { reason, message, force: true }, { client, clock });
    }
  }

  async function exists(name: string): Promise<boolean> {
    try {
      await client.get(Nodes, { name });
      return true;
    } catch (error) {
      if (isNotFound(error)) {
        return false;
      }
      throw error;
    }
  }

  function look(pod: Immutable<Pod>): void {
    if (started && pod.spec.nodeName !== undefined) {
      queue.add(keyOf(pod));
    }
  }

  pods.onChange(({ type, object }) => {
    const { nodeName = '' } = object.spec;
    if (type !== 'deleted') {
      look(object);
    } else if (pods.store.byIndex(BY_NODE, nodeName).length === 0) {
      // Whoever is bound to that name later gets the whole grace again.
      missing.delete(nodeName);
    }
  });
  nodes.onChange((change) => {
    const { name } = change.object.metadata;
    const isNews =
      change.type !== 'updated' ||
      JSON.stringify(change.object.spec?.taints) !== JSON.stringify(change.previous.spec?.taints);
    if (change.type === 'deleted') {
      missing.set(name, clock.monotonic());
    } else {
      missing.delete(name);
    }
    if (isNews) {
      pods.store.byIndex(BY_NODE, name).forEach(look);
    }
  });

  return {
    start() {
      started = true;
      for (const pod of pods.store.list()) {
        look(pod);
      }
    },
    stop: () => queue.stop(),
  };
}
