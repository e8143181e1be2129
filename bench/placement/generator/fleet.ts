import type { OfferLine } from '../../../src/compute/placement/offer.ts';
import { gpuUnit } from '../../../src/compute/gpu-unit.ts';
import type { FleetShape, NodeKind } from '../scenarios/scenario.ts';
import type { Chance } from './random.ts';

/** The GPUs of one model in a cluster: what an offer says of them, but for what changes. */
export interface FleetLine extends Omit<OfferLine, 'freeByNode' | 'freeForGuests' | 'microUsdPerGpuHour'> {
  readonly gpusByNode: readonly number[];
}

export interface FleetCluster {
  readonly name: string;
  /** GPUs kept for the owner. */
  readonly reserve: number;
  readonly lines: readonly FleetLine[];
}

/** Clusters of different sizes, each with some kinds of nodes. */
export function generateFleet(shape: FleetShape, random: Chance): readonly FleetCluster[] {
  const kindsOf = Array.from({ length: shape.clusters }, () => someKinds(shape, random));
  // Every cluster and kind has a node; where the others are is chance, and large clusters attract more.
  const counts = kindsOf.map((kinds) => kinds.map(() => 1));
  const attraction = kindsOf.map(() => 0.3 + random.share());
  const seats = kindsOf.flatMap((kinds, cluster) =>
    kinds.map((kind, at) => ({ cluster, at, weight: kind.weight * (attraction[cluster] ?? 1) })),
  );
  for (let node = seats.length; node < shape.nodes; node++) {
    const { cluster, at } = weighted(seats, random);
    const row = counts[cluster];
    if (row !== undefined) {
      row[at] = (row[at] ?? 0) + 1;
    }
  }
  return kindsOf.map((kinds, cluster) => {
    const lines = kinds.map((kind, at) => fleetLine(kind, counts[cluster]?.[at] ?? 0));
    const gpus = lines.flatMap(({ gpusByNode }) => gpusByNode).reduce((sum, count) => sum + count, 0);
    return {
      name: `cluster-${String(cluster).padStart(2, '0')}`,
      reserve: Math.floor(gpus * shape.largestReserve * random.share()),
      lines,
    };
  });
}

function someKinds({ kinds, kindsPerCluster }: FleetShape, random: Chance): readonly NodeKind[] {
  const chosen = new Set<NodeKind>();
  const wanted = 1 + random.below(kindsPerCluster);
  while (chosen.size < Math.min(wanted, kinds.length)) {
    chosen.add(weighted(kinds, random));
  }
  return [...chosen];
}

function weighted<T extends { readonly weight: number }>(items: readonly T[], random: Chance): T {
  let left = random.share() * items.reduce((sum, { weight }) => sum + weight, 0);
  for (const item of items) {
    left -= item.weight;
    if (left < 0) {
      return item;
    }
  }
  return random.pick(items);
}

function fleetLine({ product, vendor, gpusPerNode, slices }: NodeKind, nodes: number): FleetLine {
  const unit = gpuUnit(product, slices);
  return {
    model: unit.listedAs,
    product,
    vendor,
    ...(unit.memoryMiB !== undefined && { memoryMiB: unit.memoryMiB }),
    v100EquivalentsPerGpu: unit.v100Equivalents,
    gpusByNode: Array.from({ length: nodes }, () => gpusPerNode),
  };
}
