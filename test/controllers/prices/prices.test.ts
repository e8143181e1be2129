import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { StakingNetwork } from '../../../src/api/staking-network.ts';
import type { PricesStatus } from '../../../src/api/staking-network/prices.ts';
import { StakingNetworkStatus } from '../../../src/api/staking-network/status.ts';
import { AmountError } from '../../../src/chain/amounts/amount.ts';
import { type Believed, believe, unknownPrice } from '../../../src/controllers/prices/clamp.ts';
import { PriceProblem, priceIn } from '../../../src/controllers/prices/price-answer.ts';
import { createPriceBoard, pricesStatus } from '../../../src/controllers/prices/price-board.ts';
import { priceReader } from '../../../src/controllers/prices/price-source.ts';
import { deviates, formatUsd, parseUsd } from '../../../src/controllers/prices/usd.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { rfc3339, systemClock } from '../../../src/time/clock.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { stakingNetwork } from '../../support/network-objects.ts';
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

  it('are written when one has changed by more than 1 %, or was seen so much later', () => {
    const before = { tokenUSD: '2', coinUSD: '100', observedTime: '2026-01-01T00:00:00Z' };
    const said = (token?: bigint, coin?: bigint, later = 0): unknown =>
      pricesStatus({ token, coin, seenAt: NOW + later, refreshMs: 1000 }, before);
    assert.deepEqual(said(2_020_000n, 99_000_000n), before);
    assert.deepEqual(said(2_020_000n, 99_000_000n, 999), before);
    assert.deepEqual(said(2_020_000n, 99_000_000n, 1000), {
      tokenUSD: '2.02',
      coinUSD: '99',
      observedTime: '2026-01-01T00:00:01Z',
    });
    assert.deepEqual(said(2_020_001n, 99_000_000n), {
      tokenUSD: '2.020001',
      coinUSD: '99',
      observedTime: '2026-01-01T00:00:00Z',
    });
    assert.deepEqual(said(2_000_000n), { tokenUSD: '2', observedTime: '2026-01-01T00:00:00Z' });
    assert.equal(said(), undefined);
  });

  describe('of a network', () => {
    const source = (url: string): object => ({
      type: 'HTTP',
      http: { url, jsonPointer: '/usd', staleAfterSeconds: 3600 },
    });
    const prices = { token: source('http://token.example/'), coin: source('http://coin.example/') };

    /** An operator that begins with what the status says, with servers that answer so. */
    function began(
      status: PricesStatus | undefined,
      answers: Readonly<Record<string, bigint>>,
      spec: object = prices,
    ): { readonly look: () => PricesStatus | undefined; readonly wait: (ms: number) => Promise<void> } {
      const clock = manualClock(NOW);
      const board = createPriceBoard({
        read: ({ url = '' }) => {
          const price = answers[url];
          return price === undefined ? Promise.reject(new PriceProblem('no')) : Promise.resolve(price);
        },
        clock,
        log: silentLogger,
      });
      let network = withPrices(stakingNetwork({ prices: spec }), status);
      return {
        look() {
          network = withPrices(network, board.look(network, new AbortController().signal));
          return network.status?.prices;
        },
        wait: (ms) => clock.advance(ms),
      };
    }

    const withPrices = (network: StakingNetwork, said: PricesStatus | undefined): StakingNetwork => ({
      ...network,
      status: { ...StakingNetworkStatus.parse({ conditions: [] }), ...(said && { prices: said }) },
    });
    const at = (time: number): PricesStatus => ({
      tokenUSD: '2',
      coinUSD: '100',
      observedTime: rfc3339(time),
    });

    it('are as old after a restart as they were', async () => {
      const { look, wait } = began(at(NOW - 3_000_000), {});
      assert.deepEqual(look(), at(NOW - 3_000_000));
      await wait(600_000);
      assert.deepEqual(look(), at(NOW - 3_000_000));
      await wait(1);
      assert.equal(look(), undefined);
    });

    it('are none after a restart when they are stale, and not older than now when clocks are wrong', async () => {
      assert.equal(began(at(NOW - 3_600_001), {}).look(), undefined);
      const { look, wait } = began(at(NOW + 9_000_000), {});
      look();
      await wait(3_600_001);
      assert.equal(look(), undefined);
    });

    it('are written again before half of the time is over after which they are stale, and not sooner', async () => {
      const { look, wait } = began(undefined, {
        'http://token.example/': 2_000_000n,
        'http://coin.example/': 100_000_000n,
      });
      look();
      await wait(0);
      const times = new Set<string | undefined>();
      for (let minute = 0; minute < 60; minute++) {
        times.add(look()?.observedTime);
        await wait(60_000);
      }
      assert.deepEqual([...times], [rfc3339(NOW), rfc3339(NOW + 1_800_000)]);
    });

    it('are as old as the older of them', async () => {
      const answers: Record<string, bigint> = {
        'http://token.example/': 2_000_000n,
        'http://coin.example/': 100_000_000n,
      };
      const { look, wait } = began(undefined, answers);
      look();
      await wait(0);
      delete answers['http://coin.example/'];
      for (let minute = 0; minute < 59; minute++) {
        look();
        await wait(60_000);
      }
      assert.deepEqual(look(), at(NOW));
      await wait(61_000);
      look();
      await wait(61_000);
      assert.equal(look()?.coinUSD, undefined);
      assert.equal(look()?.tokenUSD, '2');
    });

    it('that are written in the spec are never stale, and not written again', async () => {
      const { look, wait } = began(undefined, {}, { token: { type: 'Static', usd: '2' } });
      const first = look();
      await wait(9_000_000);
      assert.deepEqual(look(), first);
      assert.deepEqual(first, { tokenUSD: '2', observedTime: rfc3339(NOW) });
    });
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
