import type { Pod } from '../../src/api/builtin.ts';
import { annotations, labels } from '../../src/api/group.ts';
import type { MinerPool } from '../../src/api/miner-pool.ts';
import { Placement, type PlacementStatus } from '../../src/api/placement.ts';
import type { ClusterOffer, OfferLine } from '../../src/compute/placement/offer.ts';
import { freeTerms } from '../../src/controllers/fleet/guest-terms.ts';
import type { Observed, Site } from '../../src/controllers/minerpool/observed.ts';
import { formatOrdinals } from '../../src/api/ordinals.ts';
import type { ClusterState } from '../../src/controllers/minerpool/placing.ts';
import { podSource, revisionName } from '../../src/controllers/minerpool/revision.ts';
import { type OfferOptions, clusterOffer, v100Line } from './placement-offers.ts';
import { ago, NOW, minerPool, type PodOptions, poolPod } from './pool-objects.ts';

/** The one model that clusters have unless told otherwise. */
export const MODEL = v100Line().model;

/** The revision of {@link placedPool}. */
export const REVISION = revisionName('pool', podSource(minerPool()));

/** A cluster as a pool sees it. */
export interface SeenCluster {
  /** Default `reachable`; a number: seconds for which it has been away. */
  readonly state?: 'reachable' | 'connecting' | number;
  readonly pods?: readonly Pod[];
  /** Free GPUs of its one node. Default 0. */
  readonly free?: number;
  /** US dollars a GPU-hour; null: none. Default 1. */
  readonly price?: number | null;
  /** Instead of the one line that `free` and `price` make. */
  readonly lines?: readonly OfferLine[];
  readonly offer?: OfferOptions;
  /** It has no offer, as one whose ComputeCluster is being deleted. */
  readonly isLeaving?: boolean;
  readonly podNamed?: Site['podNamed'];
  readonly awaySince?: Site['awaySince'];
}

/** What {@link seenFleet} sees besides clusters. */
export interface SeenFleet {
  readonly pool: MinerPool;
  readonly clusters: Readonly<Record<string, SeenCluster>>;
  /** Pods in the cluster in which Headframe runs, when that is none of `clusters`. */
  readonly podsHere?: readonly Pod[];
  readonly modelOn?: (cluster: string, node: string) => string | undefined;
  /** By former names of clusters: today's. */
  readonly renamed?: Readonly<Record<string, string>>;
}

/** A pool as it is seen by an operator that knows several clusters; it places the pool if that has a placement. */
export function seenFleet({ pool, clusters, podsHere = [], modelOn, renamed = {} }: SeenFleet): Observed {
  const entries = Object.entries(clusters);
  const states = new Map(entries.map(([name, { state }]) => [name, stateOf(state)] as const));
  const { placement } = pool.spec;
  return {
    pool,
    sites: [
      ...('local' in clusters ? [] : [siteOf('local', { pods: podsHere })]),
      ...entries.flatMap(([name, seen]) =>
        (seen.state ?? 'reachable') === 'reachable' ? [siteOf(name, seen)] : [],
      ),
    ],
    clusters: states,
    renamed: new Map(Object.entries(renamed)),
    revisions: [],
    supply: { total: 0, free: 0, nodesWithFree: 0, replicasFitting: 0 },
    products: [],
    placing:
      placement === undefined
        ? undefined
        : {
            placement,
            offers: entries.flatMap(([name, seen]) => (seen.isLeaving === true ? [] : [offerOf(name, seen)])),
            clusters: states,
            modelOn: modelOn ?? (() => MODEL),
          },
  };
}

function stateOf(state: SeenCluster['state'] = 'reachable'): ClusterState {
  return typeof state === 'number' ? { kind: 'away', since: NOW - state * 1000 } : { kind: state };
}

function siteOf(cluster: string, { pods = [], podNamed, awaySince }: SeenCluster): Site {
  return {
    cluster,
    pods,
    podNamed: podNamed ?? (() => undefined),
    awaySince: awaySince ?? (() => undefined),
    terms: { ...freeTerms, cluster },
  };
}

function offerOf(
  name: string,
  { state = 'reachable', free = 0, price = 1, lines, offer }: SeenCluster,
): ClusterOffer {
  const reachable = state === 'reachable';
  const line = v100Line({ free: [free], ...(price === null ? {} : { price }) });
  return clusterOffer(name, reachable ? (lines ?? [line]) : [], { reachable, ...offer });
}

/** Where the replicas of a pool belong: `{ 'a': [0, 1] }` on {@link MODEL}, `{ 'a/h100-sxm5-80gb': [2] }` on another. */
export type Places = Readonly<Record<string, readonly number[]>>;

/** A status that says so. */
export function placementOf(places: Places, more: Partial<PlacementStatus> = {}): PlacementStatus {
  return {
    summary: '',
    places: Object.entries(places).map(([key, ordinals]) => {
      const [cluster = '', model = MODEL] = key.split('/');
      return { cluster, model, replicas: ordinals.length, ready: 0, ordinals: formatOrdinals(ordinals) };
    }),
    refusals: [],
    leftBehind: [],
    recentMoves: [],
    ...more,
  };
}

/** A pool that Headframe places, whose replicas belong to `places`. */
export function placedPool(
  places: Places | PlacementStatus,
  spec: Partial<MinerPool['spec']> = {},
  metadata: Partial<MinerPool['metadata']> = {},
): MinerPool {
  const pool = minerPool({ placement: Placement.parse({ moves: { maxPerHour: 0 } }), ...spec }, metadata);
  const placement = 'summary' in places ? (places as PlacementStatus) : placementOf(places);
  return {
    ...pool,
    status: {
      replicas: 0,
      readyReplicas: 0,
      availableReplicas: 0,
      updatedReplicas: 0,
      gpus: { desired: 0, allocated: 0, ready: 0 },
      currentRevision: REVISION,
      updateRevision: REVISION,
      conditions: [],
      placement,
    },
  };
}

/** What makes pods of members differ. */
export interface MemberPodOptions extends Partial<PodOptions> {
  /** On which it was placed. Default {@link MODEL}; null: on none, the scheduler found its node. */
  readonly model?: string | null;
  /** Seconds before NOW at which it was made. */
  readonly ageSeconds?: number;
}

/** A pod of the pool in a member, ready on a node unless told otherwise. UIDs differ between clusters. */
export function memberPod(cluster: string, ordinal: number, options: MemberPodOptions = {}): Pod {
  const { model = MODEL, ageSeconds, ...rest } = options;
  const pod = poolPod({ ordinal, revision: REVISION, node: 'n', readyFor: 600, ...rest });
  const { ownerReferences: _none, ...metadata } = pod.metadata;
  return {
    ...pod,
    metadata: {
      ...metadata,
      uid: `${cluster}-${metadata.name}`,
      ...(ageSeconds === undefined
        ? {}
        : { creationTimestamp: new Date(NOW - ageSeconds * 1000).toISOString() }),
      labels: { ...metadata.labels, [labels.poolUid]: 'pool-uid', [labels.home]: 'home' },
      annotations: { ...metadata.annotations, ...(model === null ? {} : { [annotations.gpuModel]: model }) },
    },
  };
}

/** A pod that has no node yet. */
export function unboundPod(cluster: string, ordinal: number, options: MemberPodOptions = {}): Pod {
  const pod = memberPod(cluster, ordinal, options);
  const { nodeName: _none, ...spec } = pod.spec;
  // A moment ago: later it would be looked for another place.
  const metadata = { ...pod.metadata, creationTimestamp: ago(1) };
  return { ...pod, metadata, spec, status: { phase: 'Pending' } };
}
