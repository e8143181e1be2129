import type { Pod } from '../../api/builtin.ts';
import type { ComputeCluster } from '../../api/compute-cluster.ts';
import { findCondition } from '../../api/conditions.ts';
import { LOCAL_CLUSTER } from '../../api/compute-cluster.ts';
import { annotations } from '../../api/group.ts';
import { type Immutable, keyOf } from '../../api/kube-object.ts';
import type { MinerPool } from '../../api/miner-pool.ts';
import type { Wake } from '../../controller/controller.ts';
import type { Expectations } from '../../controller/expectations.ts';
import type { Change } from '../../kube/informer.ts';
import { type Caches, poolKeyInMember } from '../caches.ts';
import type { Fleet, FleetListener } from '../fleet/fleet.ts';
import { asksForSteps, holdChanged } from './pod-changes.ts';
import { memberKey } from './writable-clusters.ts';

/** How long changes are gathered, in milliseconds; see controller.ts. */
export interface Delays {
  readonly progressMs: number;
  readonly supplyMs: number;
}

/** What watching other clusters takes. */
interface WatchParts {
  readonly caches: Pick<Caches, 'pools' | 'clusters'>;
  readonly fleet: Fleet;
  readonly expectations: Expectations;
}

/** How pools hear of other clusters. */
export interface MemberWatch {
  /** Under which keys something may be expected of the members that answer now. */
  expectationKeys(pool: string): readonly string[];
  listener(wake: Wake): FleetListener;
}

export function memberWatch({ caches, fleet, expectations }: WatchParts, delays: Delays): MemberWatch {
  /** What each member was last seen as. */
  const last = new Map<string, { kind: string; session: number | undefined }>();

  function sessionOf(cluster: string): number | undefined {
    const view = fleet.view(cluster);
    return view.kind === 'reachable' ? view.session : undefined;
  }

  /** Nobody waits any more for what a former session was to show. */
  function forgetSession(cluster: string, session: number): void {
    for (const pool of caches.pools.store.list()) {
      expectations.forget(memberKey(keyOf(pool), cluster, session));
    }
  }

  /** Whether the member came, went, or is watched by another session than before. */
  function hasTurned(cluster: string): boolean {
    const before = last.get(cluster);
    const session = sessionOf(cluster);
    const now = { kind: fleet.view(cluster).kind, session: session ?? before?.session };
    last.set(cluster, now);
    if (before?.session !== undefined && session !== undefined && before.session !== session) {
      forgetSession(cluster, before.session);
    }
    return before?.kind !== now.kind || before.session !== now.session;
  }

  return {
    expectationKeys: (pool) =>
      [...caches.clusters.store.list()].flatMap(({ metadata: { name } }) => {
        const session = name === LOCAL_CLUSTER ? undefined : sessionOf(name);
        return session === undefined ? [] : [memberKey(pool, name, session)];
      }),
    listener: (wake) => ({
      changed(cluster) {
        const [pools, delayMs] = hasTurned(cluster)
          ? [placedPools(caches), 0]
          : [poolsShortOfGpus(caches), delays.supplyMs];
        pools.forEach((key) => wake(key, delayMs));
      },
      podChanged(_cluster, change) {
        feedExpectations(change, expectations);
        const key = poolKeyInMember(change.object);
        if (key !== undefined) {
          wake(key, asksForSteps(change, caches.pools.store.get(key)) ? 0 : delays.progressMs);
        }
        if (holdChanged(change)) {
          poolsShortOfGpus(caches).forEach((short) => wake(short, delays.supplyMs));
        }
      },
    }),
  };
}

/** Tells of every pod that a cache sees. */
export function feedExpectations({ type, object }: Change<Pod>, expectations: Expectations): void {
  expectations.observe(
    object.metadata.uid,
    type === 'deleted' || object.metadata.deletionTimestamp !== undefined,
  );
}

/** The pools that have said that GPUs are missing: what they say depends on what others hold. */
export function poolsShortOfGpus({ pools }: Pick<Caches, 'pools'>): readonly string[] {
  return [...pools.store.list()]
    .filter(({ status }) => findCondition(status?.conditions, 'GPUsAvailable')?.status === 'False')
    .map(keyOf);
}

/** The pools that Headframe places: by their own words, or because the cluster in which it runs has terms. */
export function placedPools({ pools, clusters }: WatchParts['caches']): readonly string[] {
  const local = clusters.store.get(LOCAL_CLUSTER);
  return [...pools.store.list()].filter((pool) => local !== undefined || isPlaced(pool)).map(keyOf);
}

function isPlaced({ spec, status }: Immutable<MinerPool>): boolean {
  return spec.placement !== undefined || status?.placement !== undefined;
}

/** Whether a ComputeCluster says something else of itself, or can be reached, or is open, other than before. */
export function termsChanged(change: Change<ComputeCluster>): boolean {
  return change.type !== 'updated' || termsIn(change.previous) !== termsIn(change.object);
}

function termsIn({ metadata, status }: Immutable<ComputeCluster>): string {
  const {
    uid,
    generation,
    labels,
    deletionTimestamp,
    annotations: { [annotations.release]: release } = {},
  } = metadata;
  const said = ['Reachable', 'OpenToGuests'].map((type) => findCondition(status?.conditions, type)?.status);
  return JSON.stringify([uid, generation, labels, deletionTimestamp, release, status?.clusterUID, ...said]);
}
