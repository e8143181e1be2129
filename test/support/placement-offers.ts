import type { ClusterOffer, OfferLine } from '../../src/compute/placement/offer.ts';
import type { Hysteresis, PlacementRequest, Standing } from '../../src/compute/placement/request.ts';

/** A Tuesday in November 2023. */
export const NOW = 1_700_000_000_000;

/** Micro-USD of so many USD. */
export function usd(amount: number): number {
  return Math.round(amount * 1_000_000);
}

export interface LineOptions extends Partial<OfferLine> {
  /** USD per GPU-hour; absent: no price. */
  readonly price?: number;
  /** Free GPUs by node. @default one node with eight */
  readonly free?: readonly number[];
}

/** V100s of 16 GB, so that prices per GPU-hour and per V100e-hour are the same. */
export function v100Line({ price, free = [8], ...more }: LineOptions = {}): OfferLine {
  return {
    model: 'v100-sxm2-16gb',
    product: 'Tesla-V100-SXM2-16GB',
    vendor: 'NVIDIA',
    memoryMiB: 16_384,
    v100EquivalentsPerGpu: 1,
    freeByNode: free,
    freeForGuests: sum(free),
    ...(price !== undefined && { microUsdPerGpuHour: usd(price) }),
    ...more,
  };
}

/** A100s of 80 GB, each worth 2.5 V100s. */
export function a100Line(options: LineOptions = {}): OfferLine {
  return v100Line({
    model: 'a100-sxm4-80gb',
    product: 'NVIDIA-A100-SXM4-80GB',
    memoryMiB: 81_920,
    v100EquivalentsPerGpu: 2.5,
    ...options,
  });
}

/** GPUs that the catalogue does not know: neither memory nor worth. */
export function unknownLine(options: LineOptions = {}): OfferLine {
  const { memoryMiB: _unknown, ...line } = v100Line({
    model: 'NVIDIA-R100',
    product: 'NVIDIA-R100',
    v100EquivalentsPerGpu: 0,
    ...options,
  });
  return line;
}

export interface OfferOptions extends Partial<ClusterOffer> {
  /** Of the free GPUs, so many are kept for the owner. @default 0 */
  readonly reserve?: number;
}

export function clusterOffer(
  name: string,
  lines: readonly OfferLine[],
  { reserve = 0, ...more }: OfferOptions = {},
): ClusterOffer {
  const free = sum(lines.flatMap(({ freeByNode }) => freeByNode));
  return { name, labels: {}, reachable: true, freeForGuests: Math.max(0, free - reserve), lines, ...more };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** One replica of one NVIDIA GPU of any model, cheapest; nothing ever moves. */
export function placementRequest(more: Partial<PlacementRequest> = {}): PlacementRequest {
  return {
    replicas: 1,
    vendor: 'NVIDIA',
    countPerReplica: 1,
    models: [],
    minMemoryMiB: 0,
    clusterSelector: { matchLabels: {}, names: [] },
    policy: 'Cheapest',
    gang: false,
    hysteresis: hysteresis({ maxMovesPerHour: 0 }),
    ...more,
  };
}

/** Ten percent, ten minutes, ten moves an hour. */
export function hysteresis(more: Partial<Hysteresis> = {}): Hysteresis {
  return { minSavingPercent: 10, minRunSeconds: 600, maxMovesPerHour: 10, recentMoves: [], ...more };
}

/** Replicas from ordinal 0 on that have stood for a day at one place. */
export function standingsAt(
  cluster: string,
  replicas: number,
  more: Partial<Standing> = {},
): readonly Standing[] {
  return Array.from({ length: replicas }, (_, ordinal) => ({
    ordinal,
    cluster,
    model: 'v100-sxm2-16gb',
    since: NOW - 86_400_000,
    ...more,
  }));
}
