/** Wei per unit of gas, as op-txmgr's own tests have them: an offer, the market later, and what then replaces the offer at 10 %. */
export interface ReplacementVector {
  readonly tip: bigint;
  readonly base: bigint;
  readonly newTip: bigint;
  readonly newBase: bigint;
  readonly expectedTip: bigint;
  readonly expectedCap: bigint;
}

const table: readonly (readonly [bigint, bigint, bigint, bigint, bigint, bigint])[] = [
  [100n, 1000n, 90n, 900n, 110n, 2310n],
  [100n, 1000n, 101n, 2000n, 110n, 4110n],
  [100n, 1000n, 120n, 900n, 120n, 2310n],
  [100n, 1000n, 120n, 1100n, 120n, 2320n],
  [100n, 1000n, 120n, 1140n, 120n, 2400n],
  [100n, 1000n, 120n, 1200n, 120n, 2520n],
];

export const replacementVectors: readonly ReplacementVector[] = table.map(
  ([tip, base, newTip, newBase, expectedTip, expectedCap]) => ({
    tip,
    base,
    newTip,
    newBase,
    expectedTip,
    expectedCap,
  }),
);
