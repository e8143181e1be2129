import type { ControllerRevision, Pod } from '../../api/builtin.ts';
import type { Immutable } from '../../api/kube-object.ts';
import type { MinerPool } from '../../api/miner-pool.ts';
import type { GpuSupply } from '../../compute/gpu-supply.ts';

/** Everything that decides what becomes of a pool, as the caches had it at one moment. */
export interface Observed {
  readonly pool: Immutable<MinerPool>;
  /** Pods whose controller is this very pool (by UID). */
  readonly pods: readonly Immutable<Pod>[];
  /** The pod of a name when it is not one of {@link pods}: somebody else's. */
  readonly podNamed: (name: string) => Immutable<Pod> | undefined;
  /** ControllerRevisions of this very pool. */
  readonly revisions: readonly Immutable<ControllerRevision>[];
  /** What the cluster has for `spec.gpus`. */
  readonly supply: GpuSupply;
  /** Product labels of the GPUs that the cluster has, sorted: named when nothing matches. */
  readonly products: readonly string[];
  /** Since when a node has been away (not ready, or no such node), in milliseconds since 1970; undefined while it is there. */
  readonly awaySince: (node: string) => number | undefined;
}
