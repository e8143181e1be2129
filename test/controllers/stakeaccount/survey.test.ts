import assert from 'node:assert/strict';
import type { Entry } from '../../../src/chain/engine/entry.ts';
import { createMinerBook } from '../../../src/controllers/stakeaccount/miner-book.ts';
import { type SurveyParts, survey } from '../../../src/controllers/stakeaccount/survey.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { entry } from '../../chain/engine/situations.ts';
import { networkFacts } from '../../support/network-objects.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { stakeAccount } from '../../support/stake-objects.ts';
import { accountState, minersOf } from './goal-grounds.ts';

const miners = minersOf('pool', 2);
const state = accountState(20_000n, miners);

/** A look at an account whose node does not answer; the book knows its miners. */
async function lookWith(entries: readonly Entry[]): Promise<boolean> {
  const clock = manualClock();
  const book = createMinerBook(() => clock.monotonic());
  const account = stakeAccount([]);
  book.note(account.metadata.uid, state, miners);
  const nothing = { store: { get: () => undefined, list: () => [] } };
  const parts = {
    caches: { pools: nothing, pods: nothing, accounts: nothing, networks: nothing },
    networks: {
      view: () => ({
        kind: 'usable',
        name: 'testnet',
        chainId: 31_337n,
        facts: networkFacts(),
        block: { number: 1, hash: '0x01', time: 0 },
        protocol: { plan: () => ({ moves: [], shortages: [] }) },
        pool: { reader: () => Promise.reject(new Error('away')) },
      }),
      stateOf: () => state,
    },
    lanes: { outbox: () => ({ known: () => Promise.resolve(entries) }) },
    book,
    clock,
    dryRun: false,
  } as unknown as SurveyParts;
  const context = { log: silentLogger, signal: new AbortController().signal };
  await survey(account, parts, context).catch(() => undefined);
  return book.miners(account.metadata.uid, state) !== undefined;
}

describe('controllers/stakeaccount/survey', () => {
  it('believes the list of miners while nothing is under way', async () => {
    assert.equal(await lookWith([]), true);
    assert.equal(await lookWith([entry({ nonce: 0, status: { outcome: 'Confirmed' } })]), true);
  });

  it('reads the list again while something is: one may go as another comes, and their number be the same', async () => {
    assert.equal(await lookWith([entry({ nonce: 0 })]), false);
  });
});
