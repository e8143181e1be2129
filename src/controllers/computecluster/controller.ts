import { isDeepStrictEqual } from 'node:util';
import type { Node, Pod } from '../../api/builtin.ts';
import { ComputeClusters, LOCAL_CLUSTER } from '../../api/compute-cluster.ts';
import { findCondition } from '../../api/conditions.ts';
import { inventory } from '../../compute/inventory.ts';
import { type Controller, done } from '../../controller/controller.ts';
import { mapped, primary } from '../../controller/watch-sources.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { EventRecorder } from '../../kube/event-recorder.ts';
import type { Change } from '../../kube/informer.ts';
import type { Clock } from '../../time/clock.ts';
import type { Caches } from '../caches.ts';
import { createNodeUsages } from '../node-usages.ts';
import { statusOf } from './status.ts';

/** What the controller is built from. */
export interface ComputeClusterParts {
  readonly client: KubeClient;
  readonly events: EventRecorder;
  readonly caches: Caches;
  readonly clock: Clock;
}

/** An inventory changes with every pod that starts or ends: written at most this often. */
const GATHER_MS = 1000;

/** Keeps the inventory of the cluster in which Headframe runs in the status of the ComputeCluster `local`. */
export function computeClusterController(parts: ComputeClusterParts): Controller {
  const { client, events, caches, clock } = parts;
  const usages = createNodeUsages(caches.nodes, caches.pods);
  return {
    name: 'computecluster',
    concurrency: 1,
    watches: [
      primary(caches.clusters),
      mapped(caches.nodes, localCluster, { delayMs: GATHER_MS }),
      mapped(caches.pods, localClusterIfBound, { delayMs: GATHER_MS }),
    ],
    async reconcile(key) {
      const cluster = caches.clusters.store.get(key);
      if (cluster === undefined || cluster.metadata.deletionTimestamp !== undefined) {
        return done;
      }
      const lines = inventory(usages());
      const nodes = [...caches.nodes.store.list()];
      const status = statusOf({ cluster, nodes, inventory: lines }, clock.now());
      if (isDeepStrictEqual(status, cluster.status)) {
        return done;
      }
      await client.patchStatus(ComputeClusters, cluster, status);
      const now = findCondition(status.conditions, 'GPUModelsKnown');
      const before = findCondition(cluster.status?.conditions, 'GPUModelsKnown');
      if (now?.status === 'False' && now.message !== before?.message) {
        const note = now.message;
        events.record(cluster, {
          type: 'Warning',
          reason: 'UnknownGPUModels',
          action: 'ReadInventory',
          note,
        });
      }
      return done;
    },
  };
}

function localCluster(_change: Change<Node>): readonly string[] {
  return [LOCAL_CLUSTER];
}

/** A pod that is not bound to a node holds nothing of it. */
function localClusterIfBound({ object }: Change<Pod>): readonly string[] {
  return object.spec.nodeName === undefined ? [] : [LOCAL_CLUSTER];
}
