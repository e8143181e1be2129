import type { ComputeCluster } from '../../api/compute-cluster.ts';
import type { ComputeClusterStatus } from '../../api/compute-cluster-status.ts';
import { setConditions } from '../../api/conditions.ts';
import type { Immutable } from '../../api/kube-object.ts';
import { formatUsd } from '../../compute/pricing/micro-usd.ts';
import type { GpuPrice } from '../../compute/pricing/price-table.ts';
import type { Assessment } from '../fleet/assess.ts';
import type { AssessedLine } from '../fleet/terms.ts';
import { keptOf } from './kept.ts';
import { statements } from './statements.ts';

/** The CRD's bound on status.gpus. */
const MAX_MODELS = 256;

/**
 * The one derivation of the status of a cluster that answers: its inventory and what is odd about it. Pure.
 * @param now milliseconds since 1970
 * @param uid by which the cluster is told from others; undefined when it could not be asked for: then what is known stays
 */
export function statusOf(
  cluster: Immutable<ComputeCluster>,
  assessment: Assessment,
  now: number,
  uid: string | undefined = cluster.status?.clusterUID,
): ComputeClusterStatus {
  const { generation } = cluster.metadata;
  const { lines, nodes } = assessment;
  return {
    nodes: { ...nodes },
    gpus: lines.slice(0, MAX_MODELS).map(gpuEntry),
    totals: {
      allocatable: sum(lines, (line) => line.allocatable),
      allocated: sum(lines, (line) => line.allocated),
      guests: sum(lines, (line) => line.guests),
      leased: sum(lines, (line) => line.leased),
      free: sum(lines, (line) => line.free),
      reserved: sum(lines, (line) => line.reserved),
      freeForGuests: sum(lines, (line) => line.freeForGuests),
      petaflops: decimal(sum(lines, (line) => line.tflops) / 1000),
      v100Equivalents: decimal(sum(lines, (line) => line.v100Equivalents)),
    },
    ...keptOf(cluster.status),
    ...(uid === undefined ? {} : { clusterUID: uid }),
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    conditions: setConditions(cluster.status?.conditions, statements(cluster.spec, assessment), {
      now,
      generation,
    }),
  };
}

function gpuEntry(line: AssessedLine): ComputeClusterStatus['gpus'][number] {
  return {
    model: line.model,
    product: line.product,
    vendor: line.vendor,
    catalogued: line.known ? 'Known' : 'Unknown',
    nodes: line.nodes,
    allocatable: line.allocatable,
    allocated: line.allocated,
    guests: line.guests,
    leased: line.leased,
    free: line.free,
    reserved: line.reserved,
    freeForGuests: line.freeForGuests,
    ...(line.price === undefined ? {} : { price: priceEntry(line.price) }),
    ...(line.memoryMiB === undefined ? {} : { memoryMiB: line.memoryMiB }),
    petaflops: decimal(line.tflops / 1000),
    v100Equivalents: decimal(line.v100Equivalents),
  };
}

function priceEntry({ perGpuHour, perV100EquivalentHour }: GpuPrice): {
  perGpuHour: string;
  perV100EquivalentHour?: string;
} {
  return {
    perGpuHour: formatUsd(perGpuHour),
    ...(perV100EquivalentHour === undefined
      ? {}
      : { perV100EquivalentHour: formatUsd(perV100EquivalentHour) }),
  };
}

function sum(lines: readonly AssessedLine[], value: (line: AssessedLine) => number): number {
  return lines.reduce((total, line) => total + value(line), 0);
}

/** At most three digits after the point, no trailing zeros: `31.661`, `0`. */
function decimal(value: number): string {
  return String(Number(value.toFixed(3)));
}
