import { type GpuVendor, gpuVendors, vendorNames } from './gpu-catalogue.ts';
import { type ReservedLine, inProportion } from './reserve.ts';

/** GPUs of one vendor that guests may take in a cluster now. */
export interface GuestShare {
  /** Over all models. */
  readonly total: number;
  /** By model, on whatever node: what the status calls `freeForGuests`, less what pods of the owner wait for. */
  readonly byModel: ReadonlyMap<string, number>;
}

/** What a share is worked out for. */
export interface ShareGrounds {
  readonly vendor: GpuVendor;
  /** GPUs for which pods of the owner wait, by resource. */
  readonly pending: Readonly<Record<string, number>>;
  /** GPUs of other vendors that guests are about to take. @default none */
  readonly takenOfOthers?: number;
}

/**
 * The one rule of how much guests may take. Each model gives what the reserve leaves of it. As others take GPUs the reserve is spread
 * anew, so the models alone do not keep it: the total does, over all vendors. What pods of the owner wait for is left free besides, of
 * their vendor and in proportion to what its models give.
 * @param lines all of the cluster
 */
export function guestShare(
  lines: readonly ReservedLine[],
  { vendor, pending, takenOfOthers = 0 }: ShareGrounds,
): GuestShare {
  const waitedFor = (of: GpuVendor): number => pending[vendorNames[of].resource] ?? 0;
  const linesOf = (of: GpuVendor): readonly ReservedLine[] => lines.filter((line) => line.vendor === of);
  const leftOf = (of: GpuVendor): number =>
    Math.max(0, sum(linesOf(of).map(({ free, reserved }) => free - reserved)) - waitedFor(of));
  const own = linesOf(vendor);
  const left = own.map(({ free, reserved }) => free - reserved);
  const kept = inProportion(left, Math.min(sum(left), waitedFor(vendor)));
  return {
    total: Math.max(
      0,
      Math.min(
        sum(gpuVendors.map(leftOf)) - takenOfOthers,
        sum(own.map(({ free }) => free)) - waitedFor(vendor),
      ),
    ),
    byModel: new Map(own.map(({ model }, at) => [model, (left[at] ?? 0) - (kept[at] ?? 0)])),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
