import type { ComputeCluster } from '../../api/compute-cluster.ts';
import { findCondition } from '../../api/conditions.ts';
import type { Immutable } from '../../api/kube-object.ts';
import type { MinerPool } from '../../api/miner-pool.ts';
import type { Placement, PlacementStatus } from '../../api/placement.ts';

/** Where a pool's replicas belong and why, as the API server has it: what `-o json` prints. */
export interface PlacementReport {
  readonly pool: { readonly namespace: string; readonly name: string };
  /** The condition Ready; absent until the operator has looked at the pool. */
  readonly ready?: { readonly status: string; readonly reason: string; readonly message: string };
  /**
   * Who decides: the pool (`spec.placement`), the owner of the cluster in which Headframe runs (pools without words of their own), or
   * the scheduler of that cluster, and then there is no more to tell.
   */
  readonly decidedBy: 'Pool' | 'LocalCluster' | 'Scheduler';
  readonly placement?: Immutable<Placement>;
  /** Of `status.placement`; empty as long as there is none. */
  readonly summary: string;
  readonly rows: readonly PlacementRow[];
  readonly leftBehind: PlacementStatus['leftBehind'];
  /** Of the hour before the report. */
  readonly recentMoves: PlacementStatus['recentMoves'];
}

/** One GPU model of one cluster. */
export interface PlacementRow {
  readonly cluster: string;
  /** Absent: the cluster has no GPUs of the pool's vendor, or nobody knows. */
  readonly model?: string;
  readonly freeForGuests?: number;
  /** US dollars. */
  readonly pricePerGpuHour?: string;
  /** US dollars. */
  readonly pricePerV100EquivalentHour?: string;
  /** Replicas that belong there, and those of them that are ready. */
  readonly replicas: number;
  readonly ready: number;
  /** Why the cluster takes no further replica; absent when it does. */
  readonly refusal?: string;
}

const HOUR_MS = 3_600_000;

/**
 * Puts together what is known of a pool and of all clusters. Pure.
 * @param now milliseconds since 1970
 */
export function placementReport(
  pool: Immutable<MinerPool>,
  clusters: readonly Immutable<ComputeCluster>[],
  now: number,
): PlacementReport {
  const { metadata, spec, status } = pool;
  const ready = findCondition(status?.conditions, 'Ready');
  const said = status?.placement;
  return {
    pool: { namespace: metadata.namespace ?? '', name: metadata.name },
    ...(ready === undefined
      ? {}
      : { ready: { status: ready.status, reason: ready.reason, message: ready.message } }),
    decidedBy: decidedBy(pool),
    ...(spec.placement === undefined ? {} : { placement: spec.placement }),
    summary: said?.summary ?? '',
    rows: rowsOf(pool, clusters),
    leftBehind: (said?.leftBehind ?? []).map((entry) => ({ ...entry })),
    recentMoves: (said?.recentMoves ?? [])
      .filter(({ moveTime }) => Date.parse(moveTime) > now - HOUR_MS)
      .map((entry) => ({ ...entry })),
  };
}

/** A pool that was placed, and is not any more, has a status without a summary as long as something of it is left elsewhere. */
function decidedBy({ spec, status }: Immutable<MinerPool>): PlacementReport['decidedBy'] {
  if (spec.placement !== undefined) {
    return 'Pool';
  }
  return (status?.placement?.summary ?? '') === '' ? 'Scheduler' : 'LocalCluster';
}

function rowsOf(
  pool: Immutable<MinerPool>,
  clusters: readonly Immutable<ComputeCluster>[],
): readonly PlacementRow[] {
  const places = pool.status?.placement?.places ?? [];
  const known = new Set(clusters.map(({ metadata }) => metadata.name));
  const gone = places
    .filter(({ cluster }) => !known.has(cluster))
    .map((place) => ({ ...atPlace(place), refusal: 'no longer a ComputeCluster' }));
  const rows = [...clusters.flatMap((cluster) => rowsOfCluster(pool, cluster)), ...gone];
  return rows.sort((a, b) => compare([a.cluster, a.model ?? ''], [b.cluster, b.model ?? '']));
}

/** The models of the pool's vendor, and those on which replicas are said to be although the inventory has none of them. */
function rowsOfCluster(
  pool: Immutable<MinerPool>,
  cluster: Immutable<ComputeCluster>,
): readonly PlacementRow[] {
  const { name } = cluster.metadata;
  const reason = refusalOf(pool, cluster);
  const refusal = reason === undefined ? {} : { refusal: reason };
  const lines = (cluster.status?.gpus ?? []).filter(({ vendor }) => vendor === pool.spec.gpus.vendor);
  const places = (pool.status?.placement?.places ?? []).filter((place) => place.cluster === name);
  const ofLines = lines.map(({ model, freeForGuests, price }): PlacementRow => {
    const { replicas = 0, ready = 0 } = places.find((place) => place.model === model) ?? {};
    return {
      cluster: name,
      model,
      freeForGuests,
      ...(price?.perGpuHour === undefined ? {} : { pricePerGpuHour: price.perGpuHour }),
      ...(price?.perV100EquivalentHour === undefined
        ? {}
        : { pricePerV100EquivalentHour: price.perV100EquivalentHour }),
      replicas,
      ready,
      ...refusal,
    };
  });
  const others = places
    .filter(({ model }) => !lines.some((line) => line.model === model))
    .map((place) => ({ ...atPlace(place), ...refusal }));
  const rows = [...ofLines, ...others];
  return rows.length > 0 ? rows : [{ cluster: name, replicas: 0, ready: 0, ...refusal }];
}

function atPlace(place: Immutable<PlacementStatus>['places'][number]): PlacementRow {
  const { cluster, model, replicas, ready, pricePerGpuHour } = place;
  return { cluster, model, ...(pricePerGpuHour === undefined ? {} : { pricePerGpuHour }), replicas, ready };
}

/** As the clusters themselves say it where they do: they say more than the pool's summary has room for. */
function refusalOf(pool: Immutable<MinerPool>, cluster: Immutable<ComputeCluster>): string | undefined {
  const { metadata } = cluster;
  const { refusals = [] } = pool.status?.placement ?? {};
  const said = refusals.find((refusal) => refusal.cluster === metadata.name)?.reason;
  // A cluster that is not selected is not worth another word.
  const isOwnWord = said === undefined || said === 'unreachable' || said.startsWith('closed to guests');
  return doesNotCount(cluster) ?? (isOwnWord ? (unreachable(cluster) ?? closed(cluster) ?? said) : said);
}

function doesNotCount({ metadata, status }: Immutable<ComputeCluster>): string | undefined {
  if (metadata.deletionTimestamp !== undefined) {
    return 'its ComputeCluster is being deleted';
  }
  const ready = findCondition(status?.conditions, 'Ready');
  return ready?.reason === 'DuplicateCluster' ? ready.message : undefined;
}

function unreachable({ status }: Immutable<ComputeCluster>): string | undefined {
  const reachable = findCondition(status?.conditions, 'Reachable');
  if (reachable === undefined) {
    return 'not looked at yet';
  }
  return reachable.status === 'True' ? undefined : withMessage('unreachable', reachable.message);
}

function closed({ status }: Immutable<ComputeCluster>): string | undefined {
  const open = findCondition(status?.conditions, 'OpenToGuests');
  return open?.status === 'False' ? withMessage('closed to guests', open.message) : undefined;
}

function withMessage(what: string, message: string): string {
  return message === '' ? what : `${what}: ${message}`;
}

function compare(a: readonly string[], b: readonly string[]): number {
  const [left, right] = [a.join('\n'), b.join('\n')];
  return left < right ? -1 : left === right ? 0 : 1;
}
