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
  /** What it said when it refused a pod of the pool. Absent: it has refused none, or has taken one since. */
  readonly refusal?: ClusterRefusal;
  /** GPUs, of whatever model, that guests may take in all: what the owner keeps, or waits for, is not in it. */
  readonly freeForGuests: number;
  readonly lines: readonly OfferLine[];
}

/** That a cluster's API server has refused a pod for good reason: a quota, an admission rule, a permission that is missing. */
export interface ClusterRefusal {
  /** Words that follow `refuses pods: `. */
  readonly reason: string;
  /** When, in milliseconds since 1970. */
  readonly at: number;
  /** Milliseconds since 1970 until which nothing new is sent there. */
  readonly until: number;
  /** Whether that time has come: what has no place may try it again. What runs elsewhere may not move there yet. */
  readonly isOver: boolean;
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
  /** How many of the model's guests may take, on whatever node. What the owner keeps, or waits for, is not in it. */
  readonly freeForGuests: number;
}

/** How many replicas the line's nodes hold: a replica's GPUs are all on one node. */
export function replicasFitting(line: OfferLine, countPerReplica: number): number {
  let replicas = 0;
  for (const free of line.freeByNode) {
    replicas += Math.max(0, Math.floor(free / countPerReplica));
  }
  return replicas;
}

/** How many replicas may take GPUs, of those that guests may have. */
export function replicasSpared(
  { freeForGuests }: Pick<ClusterOffer | OfferLine, 'freeForGuests'>,
  countPerReplica: number,
): number {
  return Math.max(0, Math.floor(freeForGuests / countPerReplica));
}

/** What an hour of one V100 equivalent costs in micro-USD; Infinity without a price, or when the model's worth is not known. */
export function microUsdPerV100eHour({ microUsdPerGpuHour, v100EquivalentsPerGpu }: OfferLine): number {
  return microUsdPerGpuHour === undefined || v100EquivalentsPerGpu <= 0
    ? Infinity
    : microUsdPerGpuHour / v100EquivalentsPerGpu;
}
