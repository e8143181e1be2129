import assert from 'node:assert/strict';
import fc from 'fast-check';
import { wei } from '../../../src/chain/amounts/amount.ts';
import { type FeeMarket, suggestedFees } from '../../../src/chain/fees/fees.ts';
import {
  GETH_BUMP_PERCENT,
  replacementFees,
  replacementThreshold,
} from '../../../src/chain/fees/replacement.ts';
import { classifyNodeError } from '../../../src/chain/node-answers/node-error.ts';
import { replacementVectors } from '../../chain/fees/op-txmgr-vectors.ts';
import { type Offer, type RefusalKind, refusalOf } from './strict-mempool.ts';

const RULES = { minTipWei: 10n, bumpPercent: GETH_BUMP_PERCENT };

function offer(nonce: number, tip: bigint, cap: bigint, hash = `${nonce}/${tip}/${cap}`): Offer {
  return { hash, nonce, maxPriorityFeePerGas: tip, maxFeePerGas: cap };
}

function market(tip: bigint, base: bigint): FeeMarket {
  return { suggestedTip: wei(tip), baseFeePerGas: wei(base) };
}

describe('a strict mempool', () => {
  // Five transactions of the account are included; what waits, what is offered, and why it is refused.
  const table: [string, readonly Offer[], Offer, RefusalKind | undefined][] = [
    ['takes the next', [], offer(5, 10n, 100n), undefined],
    [
      'takes what follows what waits',
      [offer(6, 10n, 100n), offer(5, 10n, 100n)],
      offer(7, 10n, 100n),
      undefined,
    ],
    ['knows what it has', [offer(5, 10n, 100n)], offer(5, 10n, 100n), 'alreadyKnown'],
    [
      'knows it also when its tip has become too low',
      [offer(5, 9n, 100n)],
      offer(5, 9n, 100n),
      'alreadyKnown',
    ],
    ['refuses a tip that is a wei too low', [], offer(5, 9n, 100n), 'tipTooLow'],
    ['asks for the tip before the nonce', [], offer(4, 9n, 100n), 'tipTooLow'],
    ['refuses a nonce that is used', [], offer(4, 10n, 100n), 'nonceTooLow'],
    ['refuses a gap at the beginning', [], offer(6, 10n, 100n), 'nonceTooHigh'],
    [
      'refuses a gap in the middle',
      [offer(5, 10n, 100n), offer(7, 10n, 100n)],
      offer(8, 10n, 100n),
      'nonceTooHigh',
    ],
    ['takes what fills a gap', [offer(5, 10n, 100n), offer(7, 10n, 100n)], offer(6, 10n, 100n), undefined],
    ['takes a tenth more of both', [offer(5, 10n, 100n)], offer(5, 11n, 110n), undefined],
    ['takes much more of both', [offer(5, 10n, 100n)], offer(5, 20n, 300n), undefined],
    [
      'refuses a cap that is a wei too low',
      [offer(5, 10n, 100n)],
      offer(5, 11n, 109n),
      'replacementUnderpriced',
    ],
    [
      'refuses a tip that is a wei too low for it',
      [offer(5, 20n, 100n)],
      offer(5, 21n, 110n),
      'replacementUnderpriced',
    ],
    ['refuses the same fees', [offer(5, 10n, 100n)], offer(5, 10n, 100n, 'other'), 'replacementUnderpriced'],
    ['refuses lower fees', [offer(5, 20n, 200n)], offer(5, 10n, 100n), 'replacementUnderpriced'],
    ['refuses a tenth of nothing', [offer(5, 10n, 0n)], offer(5, 11n, 0n), 'replacementUnderpriced'],
    ['rounds up: 10 % of 101 are 11', [offer(5, 101n, 101n)], offer(5, 111n, 112n), 'replacementUnderpriced'],
    ['replaces in the middle', [offer(5, 10n, 100n), offer(6, 10n, 100n)], offer(5, 11n, 110n), undefined],
  ];
  for (const [title, waiting, offered, expected] of table) {
    it(title, () => assert.equal(refusalOf(offered, { nonce: 5, waiting }, RULES)?.kind, expected));
  }

  it('asks for as much more as its operator has set', () => {
    const state = { nonce: 5, waiting: [offer(5, 100n, 100n)] };
    assert.equal(
      refusalOf(offer(5, 150n, 149n), state, { ...RULES, bumpPercent: 50n })?.kind,
      'replacementUnderpriced',
    );
    assert.equal(refusalOf(offer(5, 150n, 150n), state, { ...RULES, bumpPercent: 50n }), undefined);
  });

  // What geth says, and what the engine makes of it.
  const words: [Offer, string, string][] = [
    [offer(6, 10n, 100n), 'already known', 'alreadyKnown'],
    [offer(7, 9n, 100n), 'transaction underpriced: tip needed 10, tip permitted 9', 'feeTooLow'],
    [offer(3, 10n, 100n), 'nonce too low: next nonce 5, tx nonce 3', 'nonceTooLow'],
    [offer(9, 10n, 100n), 'nonce too high: tx nonce 9, gapped nonce 7', 'nonceTooHigh'],
    [offer(5, 10n, 101n), 'replacement transaction underpriced', 'replacementUnderpriced'],
  ];
  for (const [offered, message, understood] of words) {
    it(`says '${message}', which is understood as ${understood}`, () => {
      const waiting = [offer(5, 10n, 100n), offer(6, 10n, 100n)];
      assert.equal(refusalOf(offered, { nonce: 5, waiting }, RULES)?.message, message);
      assert.equal(classifyNodeError({ code: -32000, message }), understood);
    });
  }

  for (const { tip, base, newTip, newBase, expectedTip, expectedCap } of replacementVectors) {
    it(`takes op-txmgr's replacement: tip ${expectedTip}, cap ${expectedCap}, and not a wei less than a tenth more`, () => {
      const { maxPriorityFeePerGas, maxFeePerGas } = suggestedFees(market(tip, base));
      const state = { nonce: 5, waiting: [offer(5, maxPriorityFeePerGas, maxFeePerGas)] };
      const replaced = replacementFees(
        { maxPriorityFeePerGas, maxFeePerGas },
        market(newTip, newBase),
        GETH_BUMP_PERCENT,
      );
      assert.equal(replaced.maxPriorityFeePerGas, expectedTip);
      assert.equal(refusalOf(offer(5, expectedTip, expectedCap), state, RULES), undefined);
      const short = offer(5, replacementThreshold(tip, GETH_BUMP_PERCENT) - 1n, expectedCap);
      assert.equal(refusalOf(short, state, RULES)?.kind, 'replacementUnderpriced');
    });
  }

  it('takes whatever the engine replaces an offer with, whatever the market asks', () => {
    const fee = fc.bigInt({ min: 0n, max: 10n ** 13n });
    fc.assert(
      fc.property(fee, fee, fee, fee, (tip, base, newTip, newBase) => {
        const before = suggestedFees(market(tip, base));
        const after = replacementFees(before, market(newTip, newBase));
        const state = {
          nonce: 5,
          waiting: [offer(5, before.maxPriorityFeePerGas, before.maxFeePerGas, 'held')],
        };
        const offered = offer(5, after.maxPriorityFeePerGas, after.maxFeePerGas, 'offered');
        assert.equal(refusalOf(offered, state, { ...RULES, minTipWei: 0n }), undefined);
      }),
    );
  });

  for (const fee of [10n, 11n, 99n, 101n, 10n ** 9n + 1n]) {
    it(`takes for ${fee} exactly the least that the engine knows to replace it`, () => {
      const least = replacementThreshold(fee, GETH_BUMP_PERCENT);
      const state = { nonce: 5, waiting: [offer(5, fee, fee)] };
      assert.equal(refusalOf(offer(5, least, least), state, RULES), undefined);
      const short = refusalOf(offer(5, least - 1n, least), state, RULES);
      assert.equal(short?.kind, 'replacementUnderpriced');
    });
  }
});
