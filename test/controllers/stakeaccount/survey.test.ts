import assert from 'node:assert/strict';
import type { StakeAccount } from '../../../src/api/stake-account.ts';
import type { StakeAccountStatus } from '../../../src/api/stake-account/status.ts';
import type { Entry } from '../../../src/chain/engine/entry.ts';
import { createMinerBook } from '../../../src/controllers/stakeaccount/miner-book.ts';
import type { Standing } from '../../../src/controllers/stakeaccount/standing.ts';
import { type SurveyParts, survey } from '../../../src/controllers/stakeaccount/survey.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { entry } from '../../chain/engine/situations.ts';
import { REGISTRY, networkFacts } from '../../support/network-objects.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { allotment, stakeAccount } from '../../support/stake-objects.ts';
import { accountState, minersOf } from './goal-grounds.ts';

const miners = minersOf('pool', 2);
const state = accountState(20_000n, miners);

interface Look {
  readonly standing: Standing | undefined;
  /** Whether the list of miners is believed. */
  readonly isBelieved: boolean;
}

async function lookWith(entries: readonly Entry[]): Promise<boolean> {
  return (await look(stakeAccount([]), entries)).isBelieved;
}

/** A look at an account whose node does not answer; the book knows its miners. */
async function look(account: StakeAccount, entries: readonly Entry[], decimals = 18): Promise<Look> {
  const clock = manualClock();
  const book = createMinerBook(() => clock.monotonic());
  book.note(account.metadata.uid, state, miners);
  const nothing = { store: { get: () => undefined, list: () => [] } };
  const parts = {
    caches: { pools: nothing, pods: nothing, accounts: nothing, networks: nothing },
    networks: {
      view: () => ({
        kind: 'usable',
        name: 'testnet',
        chainId: 31_337n,
        facts: networkFacts({ token: { address: REGISTRY, symbol: 'TST', decimals } }),
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
  const standing = await survey(account, parts, context).catch(() => undefined);
  return { standing, isBelieved: book.miners(account.metadata.uid, state) !== undefined };
}

describe('controllers/stakeaccount/survey', () => {
  it('believes the list of miners while nothing is under way', async () => {
    assert.equal(await lookWith([]), true);
    assert.equal(await lookWith([entry({ nonce: 0, status: { outcome: 'Confirmed' } })]), true);
  });

  it('reads the list again while something is: one may go as another comes, and their number be the same', async () => {
    assert.equal(await lookWith([entry({ nonce: 0 })]), false);
  });

  describe('a token that has fewer digits than what is counted', () => {
    const rewards = {
      claimable: '0',
      pending: '0',
      claimed: '1.5',
      unattributed: '1.5',
      open: [],
      counted: '7',
    };
    const rows: readonly [field: string, status: Partial<StakeAccountStatus>][] = [
      ['rewards.claimed', { rewards: { ...rewards, claimed: '1.501' } }],
      ['rewards.unattributed', { rewards: { ...rewards, unattributed: '1.501' } }],
      [
        'rewards.open[8].amount',
        { rewards: { ...rewards, open: [{ epoch: 8, amount: '0.001', shares: [], otherMilliUnits: 0 }] } },
      ],
      ['slashed.tokens', { slashed: { tokens: '0.001', throughBlock: 7 } }],
      ['pools[pool].rewardsClaimed', { pools: [allotment({ rewardsClaimed: '0.001' })] }],
    ];
    for (const [field, status] of rows) {
      it(`is told for status.${field}, and nothing is done`, async () => {
        const { standing } = await look(stakeAccount([], status), [], 2);
        assert.equal(standing?.kind, 'unread');
        assert.equal(standing.obstacle.reason, 'AmountInvalid');
        assert.equal(
          standing.obstacle.message.startsWith(`status.${field} is `),
          true,
          standing.obstacle.message,
        );
        assert.match(standing.obstacle.message, /the token has 2 digits after the point now/);
      });
    }

    it('is no matter while they fit', async () => {
      const { standing } = await look(stakeAccount([], { rewards }), [], 2);
      assert.notEqual(standing?.kind === 'unread' && standing.obstacle.reason, 'AmountInvalid');
    });
  });
});
