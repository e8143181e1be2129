import assert from 'node:assert/strict';
import type { StakeAccountStatus } from '../../../src/api/stake-account/status.ts';
import type { Slash } from '../../../src/chain/protocols/protocol.ts';
import { tokenUnits } from '../../../src/chain/amounts/amount.ts';
import { eventsOf } from '../../../src/controllers/stakeaccount/events.ts';
import { createForeignNews } from '../../../src/controllers/stakeaccount/foreign-news.ts';
import type { Standing } from '../../../src/controllers/stakeaccount/standing.ts';
import { statusOf } from '../../../src/controllers/stakeaccount/status.ts';
import { entry, intentNamed } from '../../chain/engine/situations.ts';
import { PER_REPLICA, accountState } from './goal-grounds.ts';
import { EPOCH, NOW, READY_MINERS, account, seen } from './seen-account.ts';

const rich = accountState(2n * PER_REPLICA, READY_MINERS, {
  idle: tokenUnits(100n),
  walletTokens: tokenUnits(50n),
});

/** Reasons of what is told when the first standing was written, and the second is seen. */
function told(first: Standing, second: Standing): string[] {
  const status = statusOf(account(), first, NOW);
  return reasonsAfter(status, second);
}

function reasonsAfter(status: StakeAccountStatus, standing: Standing): string[] {
  const now = { ...account(), status };
  return eventsOf(now, statusOf(now, standing, NOW), standing).map(({ reason }) => reason);
}

describe('controllers/stakeaccount/events', () => {
  describe('a slash', () => {
    const slash = (tokens: bigint, block: number): Slash => ({
      address: '0xa1',
      tokens: tokenUnits(tokens),
      block,
    });
    const before = seen({ state: rich, slashes: { scannedTo: 5, slashes: [] } });

    it('is told with its numbers, and once', () => {
      const status = statusOf(account(), before, NOW);
      const slashes = [slash(4n, 5), slash(150n, 6), slash(1n, 9)];
      const after = seen({ state: rich, slashes: { scannedTo: 9, slashes } });
      const stored = { ...account(), status };
      const next = statusOf(stored, after, NOW);
      assert.deepEqual(next.slashed, { tokens: '1.51', throughBlock: 9 });
      assert.deepEqual(
        eventsOf(stored, next, after).map(({ reason, note }) => [reason, note]),
        [
          [
            'Slashed',
            '1.51 TST were slashed, the last in block 9: 1.51 in all so far; 200 are left behind the miners',
          ],
        ],
      );
      assert.deepEqual(reasonsAfter(next, after), []);
    });

    it('is told whatever hides it in the figures, and no figure alone tells of one', () => {
      const restaked = { ...rich, idle: tokenUnits(250n) };
      const slashes = { scannedTo: 9, slashes: [slash(150n, 6)] };
      assert.deepEqual(told(before, seen({ state: restaked, slashes })), ['Slashed']);
      for (const state of [{ ...rich, idle: tokenUnits(0n) }, restaked]) {
        assert.deepEqual(told(before, seen({ state, slashes: { scannedTo: 9, slashes: [] } })), []);
      }
    });

    it('from before the first look is not told, and none while nobody looks', () => {
      const status = statusOf(account(), seen({ slashes: { scannedTo: 9, slashes: [slash(1n, 9)] } }), NOW);
      assert.deepEqual(status.slashed, { tokens: '0', throughBlock: 9 });
      assert.deepEqual(statusOf({ ...account(), status }, seen(), NOW).slashed, status.slashed);
    });
  });

  it('a trouble once, while its reason stays', () => {
    const broke = seen({ holds: [{ reason: 'InsufficientFunds', explanation: 'no coin' }] });
    const status = statusOf(account(), broke, NOW);
    assert.deepEqual(told(seen(), broke), ['InsufficientCoin']);
    assert.deepEqual(reasonsAfter(status, broke), []);
  });

  describe('a duty that was missed', () => {
    const due = seen({}, { epoch: EPOCH });
    const next = { number: 8, startsAt: EPOCH.endsAt, endsAt: EPOCH.endsAt + 600_000 };

    it('once its epoch is over, and not again', () => {
      const over = seen({}, { epoch: next });
      assert.deepEqual(told(due, over), ['DutyMissed']);
      assert.deepEqual(told(over, over), []);
    });

    it('not while it can be done, nor when it was', () => {
      assert.deepEqual(told(due, due), []);
      const done = seen({ state: { ...rich, checkedIn: true } }, { epoch: EPOCH });
      assert.deepEqual(told(done, seen({ state: rich }, { epoch: next })), []);
    });

    it('not when its transaction succeeded after the last look of the epoch', () => {
      const intent = intentNamed('', {
        kind: 'CheckIn',
        urgency: 'Essential',
        expiryTime: '2026-01-01T12:09:00Z',
      });
      const entries = [entry({ nonce: 0, intent, status: { outcome: 'Confirmed' } })];
      assert.deepEqual(told(due, seen({ entries }, { epoch: next })), []);
    });
  });

  it('nonces that somebody else used, each once', () => {
    const news = createForeignNews();
    const tell = (to: number): string[] =>
      news.eventsOf(account(), seen({ foreign: { from: 3, to, hash: '0xab' } })).map(({ note }) => note);
    assert.deepEqual(tell(4), ['somebody else used nonces 3 to 4 of the account (transaction 0xab)']);
    assert.deepEqual(tell(4), [], 'it was told');
    assert.equal(tell(5).length, 1);
    news.forget(account().metadata.uid);
    assert.equal(tell(5).length, 1);
  });
});
