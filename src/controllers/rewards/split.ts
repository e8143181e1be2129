/**
 * Divides an amount by weights, to the last unit: each gets its part rounded down, and what is left goes by one unit to those with the
 * largest remainders, the first of equal ones. Nobody gets anything where all weights are 0.
 * @param weights none negative
 */
export function split(amount: bigint, weights: readonly number[]): readonly bigint[] {
  const total = weights.reduce((sum, weight) => sum + BigInt(weight), 0n);
  if (total === 0n) {
    return weights.map(() => 0n);
  }
  const parts = weights.map((weight) => (amount * BigInt(weight)) / total);
  const left = Number(amount - parts.reduce((sum, part) => sum + part, 0n));
  const remainder = (index: number): bigint => (amount * BigInt(weights[index] ?? 0)) % total;
  const favoured = new Set(
    weights
      .map((_, index) => index)
      .sort((a, b) => compare(remainder(b), remainder(a)) || a - b)
      .slice(0, left),
  );
  return parts.map((part, index) => (favoured.has(index) ? part + 1n : part));
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : Number(a > b);
}
