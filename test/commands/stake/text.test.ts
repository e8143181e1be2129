import assert from 'node:assert/strict';
import type { StakePlan } from '../../../src/commands/stake/report.ts';
import { planText } from '../../../src/commands/stake/text.ts';

const figures = {
  wallet: '1000',
  idle: '0',
  provisioned: '0',
  thawing: '0',
  required: '0',
  miners: 0,
};

function plan(changes: Partial<StakePlan> = {}): StakePlan {
  return {
    account: { namespace: 'default', name: 'alice', address: '0xabc' },
    network: { name: 'devnet', chainId: 31337, block: 57 },
    token: 'HFT',
    notes: [],
    steps: [],
    stake: { now: figures, after: figures },
    wanted: '0',
    coin: '9.5',
    shortages: [],
    unlocks: [],
    ...changes,
  };
}

function linesOf(given: StakePlan): readonly string[] {
  return planText(given)
    .split('\n')
    .map((line) => line.replace(/ {2,}/g, '  '));
}

describe('commands/stake text', () => {
  it('of an account that is as it should be is its stake', () => {
    assert.deepEqual(linesOf(plan()), [
      'default/alice (0xabc) on devnet, chain 31337, block 57: nothing is to be sent. It has 9.5 of the coin for gas.',
      '',
      'HFT  NOW  AFTER ALL',
      'in the wallet  1000  1000',
      'staked, idle  0  0',
      'behind miners; wanted: 0  0  0',
      'thawing  0  0',
      'needed by registered miners  0  0',
      'registered miners  0  0',
    ]);
  });

  it('shows what is sent now and after that, and why it would not be', () => {
    const lines = linesOf(
      plan({
        notes: ['nothing of it is sent: spec.suspend is true'],
        steps: [
          {
            when: 'Now',
            kind: 'CheckIn',
            key: 'epoch 7',
            effect: 'epoch 7',
            gasLimit: 60_000,
            maxCost: '0.012',
          },
          {
            when: 'Now',
            kind: 'Approve',
            key: 'k',
            effect: 'the contract may take 300 HFT from the wallet',
            obstacle: 'gas is too dear',
          },
          { when: 'Then', kind: 'Stake', key: 'k', effect: '300 HFT from the wallet to idle stake' },
        ],
      }),
    );
    assert.match(lines[0] ?? '', /block 57: 2 transactions to be sent now, 1 after that\./);
    assert.deepEqual(lines.slice(1, 8), [
      '',
      '- nothing of it is sent: spec.suspend is true',
      '',
      'WHEN  TRANSACTION  WHAT  GAS LIMIT  COSTS AT MOST  NOT SENT BECAUSE',
      'now  CheckIn  epoch 7  60000  0.012',
      'now  Approve  the contract may take 300 HFT from the wallet  -  -  gas is too dear',
      'then  Stake  300 HFT from the wallet to idle stake  -  -',
    ]);
  });

  it('shows what is earned, and why it is not claimed', () => {
    const lines = linesOf(
      plan({
        rewards: {
          claimable: '0.5',
          pending: '2',
          minimum: '1',
          claims: [
            { epoch: 7, amount: '0.5', standing: 'Claimable' },
            { epoch: 8, amount: '2', standing: 'Challenged', claimableTime: '2026-01-01T00:00:00Z' },
          ],
          obstacle: '0.5 HFT can be claimed, and spec.claim.minimum is 1 HFT',
        },
      }),
    );
    assert.deepEqual(lines.slice(-4), [
      'REWARDS OF EPOCH  HFT  STANDING',
      '7  0.5  can be claimed',
      '8  2  can be claimed from 2026-01-01T00:00:00Z on, if nobody objects',
      'Nothing is claimed: 0.5 HFT can be claimed, and spec.claim.minimum is 1 HFT.',
    ]);
  });

  it('says that rewards are not known, and why', () => {
    const none = { claimable: '0', pending: '0', minimum: '1', claims: [] };
    assert.equal(linesOf(plan({ rewards: none })).at(-1), 'No rewards are told of that are not paid.');
    assert.equal(
      linesOf(plan({ rewards: { ...none, problem: 'the server answers with HTTP status 500' } })).at(-1),
      'What it has earned is not known: the server answers with HTTP status 500.',
    );
  });

  it('tells with numbers what is short, and when stake comes out', () => {
    const text = planText(
      plan({
        shortages: [
          { kind: 'Tokens', needed: '300', available: '120' },
          { kind: 'Cap', needed: '600', available: '400' },
        ],
        unlocks: [
          { tokens: '50', dueTime: '2026-01-02T12:00:00Z', isForeseen: false },
          { tokens: '70', dueTime: '2026-01-03T12:00:00Z', isForeseen: true },
        ],
      }),
    );
    assert.equal(
      text.split('\n\n').slice(2).join('\n\n'),
      [
        'Too few tokens: 300 HFT more are to be staked, and the wallet holds 120 HFT.',
        'Too low a cap: 600 HFT are wanted in all, and spec.stake.max allows 400 HFT.',
        '',
        'THAWING HFT   CAN BE TAKEN OUT FROM',
        '50            2026-01-02T12:00:00Z',
        '70            2026-01-03T12:00:00Z, if its thaw is sent now',
      ].join('\n'),
    );
  });
});
