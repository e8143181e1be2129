import assert from 'node:assert/strict';
import type { StakeAccountStatus } from '../../../src/api/stake-account/status.ts';
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
  it('a slash, wherever it took from', () => {
    for (const gone of [{ provisioned: tokenUnits(1n) }, { idle: tokenUnits(99n) }]) {
      const reasons = told(seen({ state: rich }), seen({ state: { ...rich, ...gone } }));
      assert.ok(reasons.includes('Slashed'), String(reasons));
    }
  });

  it('no slash: what was paid back, moved, or added', () => {
    const paid = { ...rich, idle: tokenUnits(0n), walletTokens: tokenUnits(150n) };
    const thawed = { ...rich, idle: tokenUnits(0n), thawing: tokenUnits(100n) };
    const more = { ...rich, idle: tokenUnits(150n), walletTokens: tokenUnits(0n) };
    for (const state of [rich, paid, thawed, more]) {
      assert.deepEqual(told(seen({ state: rich }), seen({ state })), []);
    }
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
