import { isDeepStrictEqual } from 'node:util';
import type { Node, Pod } from '../../api/builtin.ts';
import { type ComputeCluster, ComputeClusters, LOCAL_CLUSTER } from '../../api/compute-cluster.ts';
import type { ComputeClusterStatus } from '../../api/compute-cluster-status.ts';
import type { Immutable } from '../../api/kube-object.ts';
import { createCatalogue } from '../../compute/gpu-catalogue.ts';
import { type Controller, type Result, after, done } from '../../controller/controller.ts';
import { mapped, primary } from '../../controller/watch-sources.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { EventRecorder } from '../../kube/event-recorder.ts';
import type { Change } from '../../kube/informer.ts';
import type { Clock } from '../../time/clock.ts';
import type { Caches } from '../caches.ts';
import { assess } from '../fleet/assess.ts';
import type { ClusterView, Reachable } from '../fleet/cluster-view.ts';
import { cleared } from './cleared.ts';
import { recordChanges } from './events.ts';
import { bidFarewell, hold, isHeld, mustBeHeld } from './farewell.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { Opening } from '../fleet/opening.ts';
import type { ClusterUsages } from '../usage/cluster-usage.ts';
import { withUsage } from '../usage/cluster-status.ts';
import { statusOf } from './status.ts';
import { olderTwin, twinsOf } from '../fleet/twins.ts';
import { away, connecting, duplicate, withheldStatus } from './withheld.ts';

/** What the controller is built from. */
export interface ComputeClusterParts {
  readonly client: KubeClient;
  readonly events: EventRecorder;
  readonly caches: Caches;
  readonly fleet: Fleet;
  readonly clock: Clock;
  /** What to say of how busy the GPUs are. @default nothing */
  readonly usage?: ClusterUsages;
}

/** An inventory changes with every pod that starts or ends: written at most this often. */
const GATHER_MS = 1000;

/** A status, and when to look again. */
interface Finding {
  readonly status: ComputeClusterStatus;
  readonly next: Result;
}

/**
 * Keeps the inventory of every cluster, and what its owner says of it, in the status of its ComputeCluster: of the one in which
 * Headframe runs from the caches that all controllers share, of others from connections of their own.
 */
export function computeClusterController(parts: ComputeClusterParts): Controller {
  const { client, events, caches, fleet, clock, usage } = parts;

  function find(cluster: Immutable<ComputeCluster>, view: ClusterView): Finding | undefined {
    const now = clock.now();
    if (view.kind === 'reachable') {
      const twin = olderTwin(cluster, view.uid, caches.clusters.store.list());
      return twin === undefined || view.uid === undefined
        ? inventoryOf(cluster, view, now, usage)
        : { status: withheldStatus(cluster, duplicate(twin.metadata.name, view.uid), now), next: done };
    }
    if (view.kind === 'away') {
      return { status: withheldStatus(cluster, away(view, cluster), now), next: done };
    }
    // What is written stays true until there is an answer: a new leader, or a new kubeconfig, takes nothing away.
    const isSaid =
      cluster.status !== undefined && cluster.status.observedGeneration === cluster.metadata.generation;
    return isSaid ? undefined : { status: withheldStatus(cluster, connecting, now), next: done };
  }

  return {
    name: 'computecluster',
    concurrency: 1,
    watches: [
      primary(caches.clusters),
      mapped(caches.clusters, (change) => twinsOf(change, caches.clusters.store.list())),
      mapped(caches.nodes, localCluster, { delayMs: GATHER_MS }),
      mapped(caches.pods, localClusterIfBound, { delayMs: GATHER_MS }),
    ],
    begin(wake, signal) {
      fleet.listen({ changed: (name) => wake(name, GATHER_MS), podChanged: () => undefined });
      usage?.listen((name) => wake(name, 0));
      fleet.begin(signal);
    },
    async reconcile(key, { log }) {
      const cached = caches.clusters.store.get(key);
      if (cached?.metadata.deletionTimestamp !== undefined && isHeld(cached)) {
        return bidFarewell(cached, parts, log);
      }
      if (cached === undefined || cached.metadata.deletionTimestamp !== undefined) {
        fleet.forget(key);
        return done;
      }
      const cluster = mustBeHeld(cached) ? await hold(cached, client) : cached;
      const finding = find(cluster, await fleet.look(cluster, log));
      if (finding === undefined) {
        return done;
      }
      const { status, next } = finding;
      if (!isDeepStrictEqual(status, cluster.status)) {
        await client.patchStatus(ComputeClusters, cluster, cleared(status, cluster.status));
        recordChanges(events, cluster, status);
      }
      return next;
    },
  };
}

function inventoryOf(
  cluster: Immutable<ComputeCluster>,
  view: Reachable,
  now: number,
  told: ClusterUsages | undefined,
): Finding {
  const usages = view.usages(createCatalogue(cluster.spec.gpuModels));
  const assessment = assess({ cluster, nodes: [...view.nodes()], usages }, now);
  const known = { usage: told?.of(cluster.metadata.name), lines: assessment.lines };
  const status = withUsage(statusOf(cluster, assessment, now, view.uid), cluster, known, now);
  return { status, next: nextLook(assessment.opening, now) };
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
