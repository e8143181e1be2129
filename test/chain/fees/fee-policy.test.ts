import assert from 'node:assert/strict';
import fc from 'fast-check';
import { wei } from '../../../src/chain/amounts/amount.ts';
import { BUMP_LIMITS } from '../../../src/chain/fees/fee-limits.ts';
import { firstOffer, nextOffer, worstCaseCost } from '../../../src/chain/fees/fee-policy.ts';
import type { FeeDecision, FeePolicy, FeeRequest } from '../../../src/chain/fees/fee-policy.ts';
import { suggestedFees } from '../../../src/chain/fees/fees.ts';
import type { FeeMarket, Fees } from '../../../src/chain/fees/fees.ts';
import { feeCeiling } from '../../../src/chain/fees/urgency.ts';
import type { Lane } from '../../../src/chain/fees/urgency.ts';

const GWEI = 10n ** 9n;
const ETH = 10n ** 18n;
const HOUR_MS = 3_600_000;
const optional: Lane = { kind: 'optional' };

const policy: FeePolicy = {
  minBaseFeePerGas: wei(0n),
  minPriorityFeePerGas: wei(0n),
  targetFeePerGas: wei(60n * GWEI),
  maxFeePerGas: wei(300n * GWEI),
  maxPriorityFeePerGas: wei(20n * GWEI),
  maxCostWei: wei(ETH),
  bumpLimits: BUMP_LIMITS,
};
const request: FeeRequest = { lane: optional, gasLimit: 100_000n, valueWei: wei(0n) };

function essential(elapsedMs: number, periodMs = HOUR_MS): Lane {
  return { kind: 'essential', elapsedMs, periodMs };
}

function market(tipGwei: bigint, baseGwei: bigint): FeeMarket {
  return { suggestedTip: wei(tipGwei * GWEI), baseFeePerGas: wei(baseGwei * GWEI) };
}

function inGwei(decision: FeeDecision): string {
  return decision.kind === 'hold'
    ? decision.rule
    : `${decision.fees.maxPriorityFeePerGas / GWEI}/${decision.fees.maxFeePerGas / GWEI}`;
}

describe('fee ceiling', () => {
  const table: [string, Lane, bigint][] = [
    ['what can wait pays the target', optional, 60n],
    ['a duty pays the target at first', essential(0), 60n],
    ['a quarter of the way after half the time', essential(HOUR_MS / 2), 120n],
    ['81 % of the way after 90 % of the time', essential(HOUR_MS * 0.9), 254n],
    ['everything at the deadline', essential(HOUR_MS), 300n],
    ['and not more after it', essential(HOUR_MS * 5), 300n],
    ['a clock that went back is no time', essential(-1), 60n],
    ['a duty without time is urgent', essential(0, 0), 300n],
    ['so is one whose times are unknown', essential(NaN, NaN), 300n],
  ];
  for (const [title, lane, gwei] of table) {
    it(title, () => assert.equal(feeCeiling(policy, lane) / GWEI, gwei));
  }

  it('never pays more than the maximum, even where the target is higher', () => {
    assert.equal(feeCeiling({ ...policy, targetFeePerGas: wei(500n * GWEI) }, optional), 300n * GWEI);
  });

  it('rises with time, between target and maximum', () => {
    const time = fc.integer({ min: 0, max: 2 * HOUR_MS });
    fc.assert(
      fc.property(time, time, (a, b) => {
        const [early, late] = [Math.min(a, b), Math.max(a, b)].map((ms) => feeCeiling(policy, essential(ms)));
        assert.ok(early! <= late!);
        assert.ok(early! >= policy.targetFeePerGas && late! <= policy.maxFeePerGas);
      }),
    );
  });
});

describe('first offer', () => {
  const table: [string, Partial<FeePolicy>, FeeMarket, Partial<FeeRequest>, string][] = [
    ['tip and twice the base fee', {}, market(2n, 10n), {}, '2/22'],
    ['the cap is lowered to the ceiling', {}, market(2n, 50n), {}, '2/60'],
    ['a base fee beyond the ceiling waits', {}, market(2n, 59n), {}, 'targetFeePerGas'],
    ['a duty pays it later', {}, market(2n, 59n), { lane: essential(HOUR_MS / 2) }, '2/120'],
    ['not beyond the maximum', {}, market(2n, 299n), { lane: essential(HOUR_MS) }, 'maxFeePerGas'],
    ['the tip is capped', {}, market(50n, 10n), {}, '20/40'],
    [
      'floors',
      { minPriorityFeePerGas: wei(GWEI), minBaseFeePerGas: wei(5n * GWEI) },
      market(0n, 0n),
      {},
      '1/11',
    ],
    [
      'what one transaction may cost lowers the cap',
      { maxCostWei: wei(15n * GWEI * 100_000n) },
      market(2n, 10n),
      {},
      '2/15',
    ],
    ['or holds it', { maxCostWei: wei(11n * GWEI * 100_000n) }, market(2n, 10n), {}, 'maxCostWei'],
    ['the value is a cost', { maxCostWei: wei(ETH) }, market(2n, 10n), { valueWei: wei(ETH) }, 'maxCostWei'],
  ];
  for (const [title, changes, now, asked, expected] of table) {
    it(title, () =>
      assert.equal(inGwei(firstOffer({ ...policy, ...changes }, now, { ...request, ...asked })), expected),
    );
  }

  it('explains with numbers why it waits', () => {
    const decision = firstOffer(policy, market(2n, 59n), request);
    assert.deepEqual(decision, {
      kind: 'hold',
      rule: 'targetFeePerGas',
      explanation: 'it needs 61 gwei per unit of gas, and 60 gwei is allowed now',
    });
  });
});

describe('next offer', () => {
  const before: Fees = suggestedFees(market(2n, 10n));
  const table: [string, Partial<FeePolicy>, FeeMarket, Partial<FeeRequest>, string][] = [
    ['12 % more of both', {}, market(2n, 10n), {}, '2/24'],
    ['the market where it asks for more', {}, market(4n, 20n), {}, '4/44'],
    ['lowered to the ceiling while it still replaces', {}, market(4n, 40n), {}, '4/60'],
    [
      'held when no replacement fits',
      { targetFeePerGas: wei(24n * GWEI) },
      market(4n, 40n),
      {},
      'targetFeePerGas',
    ],
    [
      'not for a duty',
      { targetFeePerGas: wei(24n * GWEI) },
      market(4n, 40n),
      { lane: essential(HOUR_MS) },
      '4/84',
    ],
    [
      'held by the tip',
      { maxPriorityFeePerGas: wei(2n * GWEI) },
      market(2n, 10n),
      {},
      'maxPriorityFeePerGas',
    ],
    ['held by the cost', { maxCostWei: wei(24n * GWEI * 100_000n) }, market(2n, 10n), {}, 'maxCostWei'],
  ];
  for (const [title, changes, now, asked, expected] of table) {
    it(title, () => {
      const asking = { ...request, ...asked, previous: before };
      assert.equal(inGwei(nextOffer({ ...policy, ...changes }, now, asking)), expected);
    });
  }

  it('does not bid against itself', () => {
    const generous = { ...policy, maxFeePerGas: wei(10_000n * GWEI), targetFeePerGas: wei(10_000n * GWEI) };
    const quiet = market(1n, 1n);
    let previous = suggestedFees(quiet);
    let decision = nextOffer(generous, quiet, { ...request, previous });
    for (let bumps = 0; decision.kind === 'offer' && bumps < 1000; bumps++) {
      previous = decision.fees;
      decision = nextOffer(generous, quiet, { ...request, previous });
    }
    assert.equal(inGwei(decision), 'maxPriorityFeePerGas');
    const unlimitedTip = { ...generous, maxPriorityFeePerGas: wei(10_000n * GWEI) };
    for (let bumps = 0; bumps < 1000; bumps++) {
      decision = nextOffer(unlimitedTip, quiet, { ...request, previous });
      if (decision.kind === 'hold') {
        break;
      }
      previous = decision.fees;
    }
    assert.equal(inGwei(decision), 'bumpLimits');
    assert.ok(previous.maxFeePerGas < BUMP_LIMITS.threshold);
  });
});

describe('every offer', () => {
  const gwei = fc.bigInt({ min: 0n, max: 400n * GWEI }).map(wei);
  const someMarket = fc.record({ suggestedTip: gwei, baseFeePerGas: gwei });
  const somePolicy = fc.record({
    minBaseFeePerGas: fc.bigInt({ min: 0n, max: 3n * GWEI }).map(wei),
    minPriorityFeePerGas: fc.bigInt({ min: 0n, max: 3n * GWEI }).map(wei),
    targetFeePerGas: gwei,
    maxFeePerGas: gwei,
    maxPriorityFeePerGas: gwei,
    maxCostWei: fc.bigInt({ min: 0n, max: ETH / 10n }).map(wei),
    bumpLimits: fc.constant(BUMP_LIMITS),
  });
  const someRequest = fc.record({
    lane: fc.oneof(
      fc.constant(optional),
      fc.integer({ min: 0, max: 2 * HOUR_MS }).map((ms) => essential(ms)),
    ),
    gasLimit: fc.bigInt({ min: 21_000n, max: 2_000_000n }),
    valueWei: fc.bigInt({ min: 0n, max: ETH / 20n }).map(wei),
  });

  it('keeps every cap, can be included, and replaces the one before it', () => {
    fc.assert(
      fc.property(
        somePolicy,
        someRequest,
        fc.array(someMarket, { minLength: 1, maxLength: 12 }),
        (terms, asked, markets) => {
          let previous: Fees | undefined;
          for (const now of markets) {
            const decision =
              previous === undefined
                ? firstOffer(terms, now, asked)
                : nextOffer(terms, now, { ...asked, previous });
            if (decision.kind === 'hold') {
              assert.ok(decision.explanation.length > 0);
              continue;
            }
            const { fees } = decision;
            assert.ok(fees.maxFeePerGas <= terms.maxFeePerGas);
            assert.ok(fees.maxFeePerGas <= feeCeiling(terms, asked.lane));
            assert.ok(fees.maxPriorityFeePerGas <= terms.maxPriorityFeePerGas);
            assert.ok(fees.maxPriorityFeePerGas <= fees.maxFeePerGas);
            assert.ok(worstCaseCost(fees, asked) <= terms.maxCostWei);
            if (previous === undefined) {
              assert.ok(fees.maxFeePerGas >= now.baseFeePerGas + fees.maxPriorityFeePerGas);
            } else {
              assert.ok(fees.maxFeePerGas * 100n >= previous.maxFeePerGas * 112n);
              assert.ok(fees.maxPriorityFeePerGas * 100n >= previous.maxPriorityFeePerGas * 112n);
            }
            previous = fees;
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
