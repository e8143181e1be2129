import { Leases, Nodes, Pods, type Lease, type Node } from '../../../api/builtin.ts';
import type { Immutable } from '../../../api/kube-object.ts';
import { isNotFound } from '../../../kube/errors.ts';
import { keyQueue } from '../key-queue.ts';
import { withCondition } from './disruption.ts';
import { nodeTaints, silentConditions } from './node-health.ts';
import { BY_NODE, type NodeController, type NodeParts } from './node-parts.ts';

const LEASE_NAMESPACE = 'kube-node-lease';

/** When a node was last heard of, and by what. */
interface Heard {
  readonly lease: string | undefined;
  readonly heartbeat: string | undefined;
  /** Monotonic milliseconds of our own clock: nodes' clocks may differ. */
  readonly at: number;
}

/**
 * Calls nodes lost that have not been heard of for too long, taints nodes by their conditions, and marks the pods of lost
 * nodes as not ready. Registers its handlers at once: call before the informers start.
 */
export function createNodeLifecycle(parts: NodeParts): NodeController {
  const { nodes, leases, pods, client, events, clock, log, graceMs } = parts;
  const heard = new Map<string, Heard>();
  const queue = keyQueue({ run, clock, log });
  let started = false;

  function listen(node: Immutable<Node>, renewed: string | undefined): Heard {
    const { name } = node.metadata;
    const heartbeat = readyCondition(node)?.lastHeartbeatTime;
    const before = heard.get(name);
    if (before !== undefined && before.lease === renewed && before.heartbeat === heartbeat) {
      return before;
    }
    const now = { lease: renewed, heartbeat, at: clock.monotonic() };
    heard.set(name, now);
    return now;
  }

  async function run(name: string): Promise<void> {
    const node = nodes.store.get(name);
    if (node === undefined) {
      heard.delete(name);
      return;
    }
    const renewed = leases.store.get(`${LEASE_NAMESPACE}/${name}`)?.spec?.renewTime;
    const leftMs = listen(node, renewed).at + graceMs - clock.monotonic();
    if (leftMs > 0) {
      queue.addAfter(name, leftMs);
    } else if (await isSilent(node, renewed)) {
      if (await declareLost(node)) {
        // The watch brings the node back, with its new conditions.
        return;
      }
    } else {
      queue.addAfter(name, graceMs);
    }
    await taint(node);
    await markPods(node);
  }

  /** Asks for the lease itself: a watch that is cut off must not look like nodes that are. */
  async function isSilent(node: Immutable<Node>, renewed: string | undefined): Promise<boolean> {
    const live = await liveRenewTime(node.metadata.name);
    if (live === renewed) {
      return true;
    }
    listen(node, live);
    return false;
  }

  async function liveRenewTime(name: string): Promise<string | undefined> {
    try {
      const lease: Lease = await client.get(Leases, { namespace: LEASE_NAMESPACE, name });
      return lease.spec?.renewTime;
    } catch (error) {
      if (isNotFound(error)) {
        return undefined;
      }
      throw error;
    }
  }

  /** @returns whether there was anything to write */
  async function declareLost(node: Immutable<Node>): Promise<boolean> {
    const times = { created: node.metadata.creationTimestamp, now: clock.now() };
    const conditions = silentConditions(node.status?.conditions ?? [], times);
    if (conditions === undefined) {
      return false;
    }
    await client.patchStatus(Nodes, node, { conditions });
    const note = `Node ${node.metadata.name} status is now: NodeNotReady`;
    events.write(node, { type: 'Normal', reason: 'NodeNotReady', action: 'NodeNotReady', note });
    return true;
  }

  async function taint(node: Immutable<Node>): Promise<void> {
    const { name, uid, resourceVersion } = node.metadata;
    const unschedulable = node.spec?.unschedulable === true;
    const taints = nodeTaints(node.spec?.taints ?? [], node.status?.conditions ?? [], {
      unschedulable,
      now: clock.now(),
    });
    if (taints !== undefined) {
      const spec = { taints: taints.length === 0 ? null : taints };
      await client.mergePatch(Nodes, { name }, { metadata: { uid, resourceVersion }, spec });
    }
  }

  /** Nobody on a lost node can say that its pods are not ready. */
  async function markPods(node: Immutable<Node>): Promise<void> {
    if (readyCondition(node)?.status !== 'Unknown') {
      return;
    }
    for (const pod of pods.store.byIndex(BY_NODE, node.metadata.name)) {
      const conditions = pod.status?.conditions ?? [];
      const ready = conditions.find(({ type }) => type === 'Ready');
      if (ready?.status === 'True') {
        const changed = withCondition(conditions, { ...ready, status: 'False' }, clock.now());
        await client.patchStatus(Pods, pod, { conditions: changed });
        const note = 'Node is not ready';
        events.write(pod, { type: 'Warning', reason: 'NodeNotReady', action: 'NodeNotReady', note });
      }
    }
  }

  function look(name: string): void {
    if (started) {
      queue.add(name);
    }
  }

  nodes.onChange(({ object }) => look(object.metadata.name));
  leases.onChange(({ object }) => {
    if (object.metadata.namespace === LEASE_NAMESPACE) {
      look(object.metadata.name);
    }
  });

  return {
    start() {
      started = true;
      for (const { metadata } of nodes.store.list()) {
        queue.add(metadata.name);
      }
    },
    stop: () => queue.stop(),
  };
}

function readyCondition(
  node: Immutable<Node>,
): { readonly status: string; readonly lastHeartbeatTime?: string } | undefined {
  return node.status?.conditions?.find(({ type }) => type === 'Ready');
}
