import type { GpuVendor } from '../gpu-catalogue.ts';

/** What one ComputeCluster has to offer at one moment. Everything a placement knows about a cluster is in here. */
export interface ClusterOffer {
  /** Name of the ComputeCluster; no two offers share one. */
  readonly name: string;
  /** Labels of the ComputeCluster, for cluster selectors. */
  readonly labels: Readonly<Record<string, string>>;
  /** Whether its API server answers. */
  readonly reachable: boolean;
  /** Why guests may not run there now, in words that stand in a summary: `closed until 18:00 Europe/Berlin`. Absent: they may. */
  readonly closed?: string;
  /** GPUs, of whatever model, that have to stay free for the owner. What the owner already uses is not in it. */
  readonly reserve: number;
  readonly lines: readonly OfferLine[];
}

/** The free GPUs of one model in a cluster; no two lines of an offer share a model. */
export interface OfferLine {
  /** Under which the inventory lists it: `h100-sxm5-80gb`. */
  readonly model: string;
  /** The product label of its nodes: `NVIDIA-H100-80GB-HBM3`. */
  readonly product: string;
  readonly vendor: GpuVendor;
  /** Memory of one GPU in MiB; absent when not known. */
  readonly memoryMiB?: number;
  /** What one GPU is worth in V100s; 0 when the model is not known. */
  readonly v100EquivalentsPerGpu: number;
  /** Micro-USD, a whole number, so that prices compare exactly. Absent: the owner has set no price. */
  readonly microUsdPerGpuHour?: number;
  /** Free GPUs of every node that takes pods: without nodes that are excluded, cordoned or in quarantine. */
  readonly freeByNode: readonly number[];
}

/** How many replicas the line's nodes hold: a replica's GPUs are all on one node. */
export function replicasFitting(line: OfferLine, countPerReplica: number): number {
  let replicas = 0;
  for (const free of line.freeByNode) {
    replicas += Math.max(0, Math.floor(free / countPerReplica));
  }
  return replicas;
}

/** GPUs that guests may take without touching the reserve. */
export function spareGpus({ lines, reserve }: ClusterOffer): number {
  let free = 0;
  for (const { freeByNode } of lines) {
    for (const gpus of freeByNode) {
      free += Math.max(0, gpus);
    }
  }
  return Math.max(0, free - Math.max(0, reserve));
}

/** What an hour of one V100 equivalent costs in micro-USD; Infinity without a price, or when the model's worth is not known. */
export function microUsdPerV100eHour({ microUsdPerGpuHour, v100EquivalentsPerGpu }: OfferLine): number {
  return microUsdPerGpuHour === undefined || v100EquivalentsPerGpu <= 0
    ? Infinity
    : microUsdPerGpuHour / v100EquivalentsPerGpu;
}
