import { type IntOrPercent, resolveIntOrPercent } from '../api/int-or-percent.ts';
import type { InventoryLine } from './inventory.ts';

/** A line of the inventory with what the reserve leaves of it. */
export interface ReservedLine extends InventoryLine {
  /** Free GPUs that are kept for the owner. */
  readonly reserved: number;
  /** Free GPUs that guests may take. */
  readonly freeForGuests: number;
}

/** What a reserve comes to in a cluster. */
export interface Reserved {
  readonly lines: readonly ReservedLine[];
  /** GPUs that guests hold although they are the owner's: what guests have to give back. */
  readonly owed: number;
}

/**
 * Keeps GPUs for the owner of a cluster. The reserve is "kept free, or in the owner's use": what the owner's own pods and leases hold
 * counts towards it, so that guests together hold at most `allocatable - max(reserve, held by the owner)`. In a provider's cluster on
 * Akash leases do not count towards it: the reserve is the room for the next ones. What is still to be kept
 * free is spread over the models in proportion to what is free of each, the largest remainders first, in the order of the lines. GPUs
 * that nobody holds on nodes that take no pods now are kept for the owner as well: a cordon sends no guest away.
 * @param reserve GPUs, or a percentage of the allocatable ones, rounded up
 * @param leasesCount whether what leases hold counts towards the reserve
 */
export function withReserve(
  lines: readonly InventoryLine[],
  reserve: IntOrPercent,
  leasesCount = true,
): Reserved {
  const wanted = resolveIntOrPercent(
    reserve,
    sum(lines, (line) => line.allocatable),
    'up',
  );
  const heldByOwner = sum(lines, (line) => line.allocated - line.guests - (leasesCount ? 0 : line.leased));
  const free = sum(lines, (line) => line.free);
  const unheld = sum(lines, (line) => Math.max(0, line.allocatable - line.allocated));
  const toKeep = Math.max(0, wanted - heldByOwner);
  const kept = Math.min(free, toKeep);
  const shares = inProportion(
    lines.map((line) => line.free),
    kept,
  );
  return {
    lines: lines.map((line, index) => {
      const reserved = shares[index] ?? 0;
      return { ...line, reserved, freeForGuests: line.free - reserved };
    }),
    owed: Math.min(
      Math.max(0, toKeep - unheld),
      sum(lines, (line) => line.guests),
    ),
  };
}

/** Whole parts of `amount`, at most the sum of the weights, in proportion to them; no part exceeds its weight. */
export function inProportion(weights: readonly number[], amount: number): readonly number[] {
  const total = weights.reduce((all, weight) => all + weight, 0);
  if (total === 0) {
    return weights.map(() => 0);
  }
  const parts = weights.map((weight) => Math.floor((weight * amount) / total));
  const rest = amount - parts.reduce((all, part) => all + part, 0);
  const byRemainder = weights
    .map((weight, index) => ({ index, remainder: (weight * amount) % total }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (const { index } of byRemainder.slice(0, rest)) {
    parts[index] = (parts[index] ?? 0) + 1;
  }
  return parts;
}

function sum(lines: readonly InventoryLine[], value: (line: InventoryLine) => number): number {
  return lines.reduce((total, line) => total + value(line), 0);
}
