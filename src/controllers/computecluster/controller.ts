import { isDeepStrictEqual } from 'node:util';
import type { Node, Pod } from '../../api/builtin.ts';
import { type ComputeCluster, ComputeClusters, LOCAL_CLUSTER } from '../../api/compute-cluster.ts';
import type { ComputeClusterStatus } from '../../api/compute-cluster-status.ts';
import type { Immutable } from '../../api/kube-object.ts';
import { createCatalogue } from '../../compute/gpu-catalogue.ts';
import { nodesInQuarantine } from '../../compute/quarantine/nodes-left-out.ts';
import type { XidError } from '../../compute/quarantine/xid-failures.ts';
import type { QuarantineFinding } from '../../compute/quarantine/quarantine.ts';
import { type Controller, type Result, after, done } from '../../controller/controller.ts';
import { mapped, primary } from '../../controller/watch-sources.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { EventRecorder } from '../../kube/event-recorder.ts';
import type { Change } from '../../kube/informer.ts';
import type { Logger } from '../../telemetry/logger.ts';
import type { Clock } from '../../time/clock.ts';
import type { Caches } from '../caches.ts';
import { concernsCluster } from '../pod-roles.ts';
import { assess } from '../fleet/assess.ts';
import type { ClusterView, Reachable } from '../fleet/cluster-view.ts';
import { cleared } from './cleared.ts';
import { guestEvents, quarantineEvents } from './announcements.ts';
import { recordChanges } from './events.ts';
import { bidFarewell } from './bid-farewell.ts';
import { hold, isHeld, mustBeHeld, useUpRelease } from './hold.ts';
import { giveBack } from './give-back.ts';
import { type GivingBackFinding, givingBackIn } from './giving-back.ts';
import { guestWriter } from './guest-writer.ts';
import { type ClusterMetrics, noMetrics } from './metrics.ts';
import type { Host } from './own-guests.ts';
import { quarantineIn } from './quarantine.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { ClusterUsages } from '../boards/cluster-usage.ts';
import { statusOf } from './status.ts';
import { withUsage } from './usage-status.ts';
import { countedBy, twinsOf } from '../fleet/twins.ts';
import { away, connecting, duplicate, withheldStatus } from './withheld.ts';

/** What the controller is built from. */
export interface ComputeClusterParts {
  readonly client: KubeClient;
  readonly events: EventRecorder;
  readonly caches: Caches;
  readonly fleet: Fleet;
  readonly clock: Clock;
  /** What to say of how busy the GPUs are. Default: nothing. */
  readonly usage?: ClusterUsages;
  /** Default: none. */
  readonly metrics?: ClusterMetrics;
  /** The XID errors of a cluster's GPUs, by the name of its ComputeCluster. Default: nobody measures them. */
  readonly xidErrors?: (cluster: string) => readonly XidError[];
}

/** An inventory changes with every pod that starts or ends: written at most this often. */
const GATHER_MS = 1000;

/** Whether a cluster that has become another may do so now: what pools have there changes without a sign. */
const CHANGED_MS = 2000;

/** A status, when to look again, and what is to be done once the status is written. */
interface Finding {
  readonly status: ComputeClusterStatus;
  readonly next: Result;
  readonly terms?: Terms;
}

/** What follows from the owner's terms in a cluster that answers. */
interface Terms {
  readonly view: Reachable;
  readonly host: Host;
  readonly isOpen: boolean;
  readonly givingBack: GivingBackFinding;
  readonly quarantine: QuarantineFinding;
}

/**
 * Keeps the inventory of every cluster, and what its owner says of it, in the status of its ComputeCluster: of the one in which
 * Headframe runs from the caches that all controllers share, of others from connections of their own.
 */
export function computeClusterController(parts: ComputeClusterParts): Controller {
  const { client, events, caches, fleet, clock, usage, metrics = noMetrics, xidErrors = () => [] } = parts;

  function find(cluster: Immutable<ComputeCluster>, view: ClusterView, host: Host): Finding | undefined {
    const now = clock.now();
    if (view.kind === 'reachable') {
      const { name } = cluster.metadata;
      const viewOf = (other: string): ClusterView => (other === name ? view : fleet.view(other));
      const other = countedBy(caches.clusters.store.list(), viewOf).get(name);
      return other === undefined || view.uid === undefined
        ? inventoryOf(cluster, view, host)
        : { status: withheldStatus(cluster, duplicate(other, view.uid), now), next: done };
    }
    if (view.kind === 'away') {
      const next = view.reason === 'ClusterChanged' ? after(CHANGED_MS) : done;
      return { status: withheldStatus(cluster, away(view), now), next };
    }
    // What is written stays true until there is an answer: a new leader, or a new kubeconfig, takes nothing away.
    const isSaid =
      cluster.status !== undefined && cluster.status.observedGeneration === cluster.metadata.generation;
    return isSaid ? undefined : { status: withheldStatus(cluster, connecting, now), next: done };
  }

  async function hostOf({ spec }: Immutable<ComputeCluster>, log: Logger): Promise<Host> {
    const isLocal = spec.connection.type === 'Local';
    return { isLocal, home: isLocal ? undefined : await fleet.homeUid(log) };
  }

  function inventoryOf(cluster: Immutable<ComputeCluster>, view: Reachable, host: Host): Finding {
    const now = clock.now();
    const usages = view.usages(createCatalogue(cluster.spec.gpuModels));
    const quarantine = quarantineIn(cluster, view, xidErrors(cluster.metadata.name), now);
    const inQuarantine = nodesInQuarantine(quarantine.quarantine, now);
    const assessment = assess({ cluster, nodes: [...view.nodes()], usages, inQuarantine }, now);
    const { isOpen, changesAt } = assessment.opening;
    const pools = caches.pools.store.list();
    const { owed } = assessment;
    const givingBack = givingBackIn({ cluster, view, usages, isOpen, owed, host, pools }, now);
    const known = { usage: usage?.of(cluster.metadata.name), lines: assessment.lines };
    const status = {
      ...withUsage(statusOf(cluster, assessment, now, view.uid), cluster, known, now),
      quarantine: quarantine.quarantine,
      nodeFailures: quarantine.nodeFailures,
      givingBack: givingBackStatus(givingBack),
    };
    const next = nextLook([changesAt, quarantine.nextAt, givingBack.plan.nextAt], now);
    return { status, next, terms: { view, host, isOpen, givingBack, quarantine } };
  }

  /** After the status that counts the deletions is written. */
  async function follow(
    cluster: Immutable<ComputeCluster>,
    terms: Terms,
    signal: AbortSignal,
  ): Promise<void> {
    const { view, host, isOpen, givingBack, quarantine } = terms;
    const { name } = cluster.metadata;
    metrics.quarantined(name, nodesInQuarantine(quarantine.quarantine, clock.now()).length);
    metrics.entered(name, quarantine.entered.length);
    quarantineEvents(quarantine).forEach((event) => events.record(cluster, event));
    const { graceSeconds } = cluster.spec.givingBack;
    await giveBack(givingBack.plan, guestWriter(view.client, host), { graceSeconds, signal });
    metrics.guestsLeft(name, givingBack.plan.deletions.length);
    guestEvents(givingBack, isOpen).forEach((event) => events.record(cluster, event));
  }

  return {
    name: 'computecluster',
    // Writes in members are waited for.
    concurrency: 16,
    watches: [
      primary(caches.clusters),
      mapped(caches.clusters, (change) => twinsOf(change, caches.clusters.store.list())),
      mapped(caches.nodes, localCluster, { delayMs: GATHER_MS }),
      mapped(caches.pods, localClusterIfConcerned, { delayMs: GATHER_MS }),
    ],
    begin(wake, signal) {
      fleet.listen({ changed: (name) => wake(name, GATHER_MS), podChanged: () => undefined });
      usage?.listen((name) => wake(name, 0));
      fleet.begin(signal);
    },
    async reconcile(key, { log, signal }) {
      const cached = caches.clusters.store.get(key);
      if (cached?.metadata.deletionTimestamp !== undefined && isHeld(cached)) {
        return bidFarewell(cached, parts, { log, signal });
      }
      if (cached === undefined || cached.metadata.deletionTimestamp !== undefined) {
        fleet.forget(key);
        metrics.forget(key);
        return done;
      }
      const cluster = mustBeHeld(cached) ? await hold(cached, client) : cached;
      const view = await fleet.look(cluster, log);
      const finding = find(cluster, view, await hostOf(cluster, log));
      if (finding === undefined) {
        return done;
      }
      const { status, next, terms } = finding;
      if (!isDeepStrictEqual(status, cluster.status)) {
        const now = await useUpRelease(cluster, status, client);
        await client.patchStatus(ComputeClusters, now, cleared(status, cluster.status));
        recordChanges(events, cluster, status);
      }
      if (terms !== undefined) {
        await follow(cluster, terms, signal);
      }
      return next;
    },
  };
}

function givingBackStatus({ plan, waitingForGPUs }: GivingBackFinding): ComputeClusterStatus['givingBack'] {
  return { leaving: plan.leaving, waitingForGPUs, left: plan.left.map((entry) => ({ ...entry })) };
}

/** The longest that a cluster goes without a look while its schedule is to change, in milliseconds: clocks of machines are put right. */
const LONGEST_WAIT_MS = 60 * 60 * 1000;

/** At the first of the moments, in milliseconds since 1970; without one, when something changes. */
function nextLook(moments: readonly (number | undefined)[], now: number): Result {
  const next = moments.filter((moment) => moment !== undefined).sort((a, b) => a - b)[0];
  return next === undefined ? done : after(Math.max(0, Math.min(next - now, LONGEST_WAIT_MS)));
}

function localCluster(_change: Change<Node>): readonly string[] {
  return [LOCAL_CLUSTER];
}

function localClusterIfConcerned(change: Change<Pod>): readonly string[] {
  return concernsCluster(change) ? [LOCAL_CLUSTER] : [];
}
