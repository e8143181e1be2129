import { isDeepStrictEqual } from 'node:util';
import type { Node, Pod } from '../../api/builtin.ts';
import { ComputeClusters, LOCAL_CLUSTER } from '../../api/compute-cluster.ts';
import { findCondition } from '../../api/conditions.ts';
import { createCatalogue } from '../../compute/gpu-catalogue.ts';
import { type Controller, type Result, after, done } from '../../controller/controller.ts';
import { mapped, primary } from '../../controller/watch-sources.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { EventRecorder } from '../../kube/event-recorder.ts';
import type { Change } from '../../kube/informer.ts';
import type { Clock } from '../../time/clock.ts';
import type { Caches } from '../caches.ts';
import { createNodeUsages } from '../node-usages.ts';
import { assess } from './assess.ts';
import type { Opening } from './opening.ts';
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

/**
 * Keeps the inventory of the cluster in which Headframe runs, and what its owner says of it, in the status of the ComputeCluster
 * `local`.
 */
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
      const now = clock.now();
      const nodes = [...caches.nodes.store.list()];
      const inUse = usages(createCatalogue(cluster.spec.gpuModels));
      const assessment = assess({ cluster, nodes, usages: inUse }, now);
      const status = statusOf(cluster, assessment, now);
      if (isDeepStrictEqual(status, cluster.status)) {
        return nextLook(assessment.opening, now);
      }
      await client.patchStatus(ComputeClusters, cluster, status);
      const known = findCondition(status.conditions, 'GPUModelsKnown');
      const before = findCondition(cluster.status?.conditions, 'GPUModelsKnown');
      if (known?.status === 'False' && known.message !== before?.message) {
        const note = known.message;
        events.record(cluster, {
          type: 'Warning',
          reason: 'UnknownGPUModels',
          action: 'ReadInventory',
          note,
        });
      }
      return nextLook(assessment.opening, now);
    },
  };
}

/** The longest that a cluster goes without a look while its schedule is to change, in milliseconds: clocks of machines are put right. */
const LONGEST_WAIT_MS = 60 * 60 * 1000;

/** When the schedule opens or closes; without one, when something changes. */
function nextLook({ changesAt }: Opening, now: number): Result {
  return changesAt === undefined ? done : after(Math.min(changesAt - now, LONGEST_WAIT_MS));
}

function localCluster(_change: Change<Node>): readonly string[] {
  return [LOCAL_CLUSTER];
}

/** A pod that is not bound to a node holds nothing of it. */
function localClusterIfBound({ object }: Change<Pod>): readonly string[] {
  return object.spec.nodeName === undefined ? [] : [LOCAL_CLUSTER];
}
