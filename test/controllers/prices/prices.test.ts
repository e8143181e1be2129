import assert from 'node:assert/strict';
import fc from 'fast-check';
import { AmountError } from '../../../src/chain/amounts/amount.ts';
import { type Believed, believe, unknownPrice } from '../../../src/controllers/prices/clamp.ts';
import { PriceProblem, priceIn } from '../../../src/controllers/prices/price-answer.ts';
import { pricesStatus } from '../../../src/controllers/prices/price-board.ts';
import { priceReader } from '../../../src/controllers/prices/price-source.ts';
import { deviates, formatUsd, parseUsd } from '../../../src/controllers/prices/usd.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import { systemClock } from '../../../src/time/clock.ts';
import { type ProofServer, startProofServer } from '../../support/proof-server.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');

describe('controllers/prices', () => {
  it('reads and writes prices', () => {
    const rows: readonly [text: string, price: bigint, written: string][] = [
      ['1.25', 1_250_000n, '1.25'],
      ['0', 0n, '0'],
      ['0.0000019', 1n, '0.000001'],
      ['000000000012', 12_000_000n, '12'],
      ['999999999.999999', 999_999_999_999_999n, '999999999.999999'],
    ];
    for (const [text, price, written] of rows) {
      assert.equal(parseUsd(text), price);
      assert.equal(formatUsd(price), written);
    }
    for (const wrong of ['', '-1', '1e3', '1000000000', '1.', 'NaN']) {
      assert.throws(() => parseUsd(wrong), AmountError, wrong);
    }
  });

  describe('of an answer', () => {
    const rows: readonly [it: string, text: string, pointer: string, price: bigint][] = [
      ['a string', '{"usd":"1.25"}', '/usd', 1_250_000n],
      ['a number, deep in it', '{"data":[{"a/b":2}]}', '/data/0/a~1b', 2_000_000n],
      ['a number with an exponent', '{"usd":2.5e-5}', '/usd', 25n],
      ['the whole of it', '3', '', 3_000_000n],
    ];
    for (const [it_, text, pointer, price] of rows) {
      it(`is ${it_}`, () => assert.equal(priceIn(text, pointer), price));
    }
    const wrong: readonly [text: string, pointer: string][] = [
      ['<html>', '/usd'],
      ['{"usd":null}', '/usd'],
      ['{}', '/usd'],
      ['{}', '/a/b'],
      ['null', '/usd'],
      ['{"usd":0}', '/usd'],
      ['{"usd":-1}', '/usd'],
      ['{"usd":"1e3"}', '/usd'],
      ['{"usd":1e-9}', '/usd'],
      ['{"usd":1e300}', '/usd'],
    ];
    for (const [text, pointer] of wrong) {
      it(`is not there in ${text} at ${pointer}`, () =>
        assert.throws(() => priceIn(text, pointer), PriceProblem));
    }
  });

  describe('that jump', () => {
    const after = (...seen: bigint[]): Believed =>
      seen.reduce((before, price) => believe(before, price, 50), unknownPrice);
    const rows: readonly [it: string, seen: readonly bigint[], price: bigint][] = [
      ['are believed at first', [100n], 100n],
      ['are believed within the limit', [100n, 150n, 75n], 75n],
      ['are held back', [100n, 151n, 160n], 100n],
      ['are believed the third time in a row', [100n, 200n, 210n, 220n], 220n],
      ['are forgotten when one comes back', [100n, 200n, 200n, 110n, 200n, 200n], 110n],
      ['are counted anew when they jump again', [100n, 1000n, 10_000n, 10_000n], 100n],
    ];
    for (const [it_, seen, price] of rows) {
      it(it_, () => assert.equal(after(...seen).price, price));
    }

    it('never move the price by more than the limit unless three in a row are off it', () => {
      const prices = fc.array(fc.bigInt(1n, 10n ** 9n), { minLength: 1, maxLength: 40 });
      fc.assert(
        fc.property(prices, fc.integer({ min: 1, max: 200 }), (seen, percent) => {
          let state = unknownPrice;
          seen.forEach((price, index) => {
            const before = state.price;
            state = believe(state, price, percent);
            if (before !== undefined && state.price !== before && deviates(price, before, percent)) {
              const last = seen.slice(index - 2, index + 1);
              assert.equal(last.length, 3);
              assert.deepEqual(
                last.filter((each) => !deviates(each, before, percent)),
                [],
              );
            }
          });
        }),
      );
    });
  });

  it('are written when one has changed by more than 1 %', () => {
    const before = { tokenUSD: '2', coinUSD: '100', observedTime: '2025-01-01T00:00:00Z' };
    const said = (token?: bigint, coin?: bigint): unknown => pricesStatus({ token, coin }, before, NOW);
    assert.deepEqual(said(2_020_000n, 99_000_000n), before);
    assert.deepEqual(said(2_020_001n, 99_000_000n), {
      tokenUSD: '2.020001',
      coinUSD: '99',
      observedTime: '2026-01-01T00:00:00Z',
    });
    assert.deepEqual(said(2_000_000n), { tokenUSD: '2', observedTime: '2026-01-01T00:00:00Z' });
    assert.equal(said(), undefined);
  });

  describe('of a server', () => {
    let server: ProofServer;
    before(async () => (server = await startProofServer()));
    after(() => server.stop());
    const read = (path: string): Promise<bigint> => {
      const parts = { client: {} as KubeClient, namespace: 'headframe-system', clock: systemClock };
      const limits = { staleAfterSeconds: 60, maxDeviationPercent: 50 };
      const source = { url: `${server.url}${path}`, jsonPointer: '/usd', ...limits };
      return priceReader(parts)(source, new AbortController().signal);
    };

    it('are read', async () => {
      server.files.set('/price', '{"usd": "0.5"}');
      assert.equal(await read('/price'), 500_000n);
    });
    it('are none when it has none', async () => {
      await assert.rejects(read('/none'), new PriceProblem('the server answers with HTTP status 404'));
    });
    it('are none when it says too much', async () => {
      server.files.set('/large', `{"usd": "0.5", "more": "${'x'.repeat(70_000)}"}`);
      await assert.rejects(read('/large'), PriceProblem);
    });
  });
});
