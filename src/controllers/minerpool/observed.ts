import type { ControllerRevision, Pod } from '../../api/builtin.ts';
import type { Immutable } from '../../api/kube-object.ts';
import type { MinerPool } from '../../api/miner-pool.ts';
import type { StakeAccount } from '../../api/stake-account.ts';
import type { GpuSupply } from '../../compute/gpu-supply.ts';
import type { GuestTerms } from '../fleet/guest-terms.ts';
import type { Idleness } from '../boards/pool-usage.ts';
import type { ClusterState, PlacingGrounds } from './placing.ts';

/** Everything that decides what becomes of a pool, as the caches had it at one moment. */
export interface Observed {
  readonly pool: Immutable<MinerPool>;
  /** The clusters in which pods can be seen and made now: the one in which Headframe runs, and members that answer. */
  readonly sites: readonly Site[];
  /** All clusters that have a ComputeCluster, and count. */
  readonly clusters: ReadonlyMap<string, ClusterState>;
  /** By former names of clusters: the name under which each counts now. Absent: there are none. */
  readonly renamed?: ReadonlyMap<string, string>;
  /** ControllerRevisions of this very pool. */
  readonly revisions: readonly Immutable<ControllerRevision>[];
  /** What the cluster in which Headframe runs has for `spec.gpus`. */
  readonly supply: GpuSupply;
  /** Product labels of the GPUs that it has, sorted: named when nothing matches. */
  readonly products: readonly string[];
  /**
   * What Headframe places the replicas by. Undefined: it does not, they are all made in the cluster in which it runs, and its scheduler
   * finds nodes for them.
   */
  readonly placing: PlacingGrounds | undefined;
  /** The StakeAccount that its spec names. Absent: there is none, or it names none. */
  readonly account?: Immutable<StakeAccount> | undefined;
  /** Whether its GPUs are idle. Absent: nobody can tell yet. */
  readonly idleness?: Idleness | undefined;
}

/** One cluster, as the pool sees it. */
export interface Site {
  /** Name of the ComputeCluster. */
  readonly cluster: string;
  /** Pods of this very pool (by UID). */
  readonly pods: readonly Immutable<Pod>[];
  /** The pod of a name when it is not one of {@link pods}: somebody else's. */
  readonly podNamed: (name: string) => Immutable<Pod> | undefined;
  /** Since when a node has been away (not ready, or no such node), in milliseconds since 1970; undefined while it is there. */
  readonly awaySince: (node: string) => number | undefined;
  readonly terms: GuestTerms;
}
