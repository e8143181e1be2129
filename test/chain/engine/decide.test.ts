import assert from 'node:assert/strict';
import { wei } from '../../../src/chain/amounts/amount.ts';
import { decide } from '../../../src/chain/engine/decide.ts';
import type { Step } from '../../../src/chain/engine/plan.ts';
import type { Situation } from '../../../src/chain/engine/scope.ts';
import { modelPolicy } from './model/world.ts';
import { ATTEMPT_LIMIT, NOON, entry, hashOf, intentNamed, receipt, situation, view } from './situations.ts';

/** A step in a few words. */
function words(step: Step): string {
  switch (step.kind) {
    case 'record':
      return `record ${step.entry.spec.nonce} ${step.status.outcome ?? step.status.conditions[0]?.reason ?? ''}`;
    case 'broadcast':
      return `broadcast ${step.entry.spec.nonce}`;
    case 'replace':
      return `replace ${step.entry.spec.nonce} ${step.cause} ${step.fees.maxFeePerGas}/${step.fees.maxPriorityFeePerGas}`;
    case 'enter':
      return `enter ${step.intent.kind} at ${step.nonce}`;
    case 'prune':
      return `prune ${step.entry.spec.nonce}`;
  }
}

interface Row {
  readonly name: string;
  readonly given: Partial<Situation>;
  readonly steps?: readonly string[];
  readonly holds?: readonly string[];
}

const expiring = intentNamed('expiring', { expiryTime: '2026-01-01T11:30:00Z' });
const pending0 = new Set([hashOf(0)]);
const confirmed = { outcome: 'Confirmed', outcomeTime: '2026-01-01T11:50:00Z' } as const;
const longAgo = { outcome: 'Confirmed', outcomeTime: '2025-12-30T00:00:00Z' } as const;
const dearer = { baseFeePerGas: wei(30n), suggestedTip: wei(2n) };

const rows: readonly Row[] = [
  { name: 'nothing wanted, nothing known: nothing to do', given: {} },
  {
    name: 'an intent gets the next nonce of the chain',
    given: { intents: [intentNamed('a')], view: view({ nonce: 7 }) },
    steps: ['enter Count at 7'],
  },
  {
    name: 'an intent gets the nonce after the last that is reserved',
    given: {
      intents: [intentNamed('a')],
      entries: [entry({ nonce: 0 })],
      view: view({ pending: pending0 }),
      policy: modelPolicy({ window: 2 }),
    },
    steps: ['enter Count at 1'],
  },
  {
    name: 'no more wait at a time than the window allows',
    given: { intents: [intentNamed('a')], entries: [entry({ nonce: 0 })], view: view({ pending: pending0 }) },
  },
  {
    name: 'what can wait leaves the places of duties free',
    given: {
      intents: [intentNamed('a'), intentNamed('duty', { kind: 'CheckIn', urgency: 'Essential' })],
      entries: [entry({ nonce: 0 })],
      view: view({ pending: pending0 }),
      policy: modelPolicy({ window: 3, keptForDuties: 2 }),
    },
    steps: ['enter CheckIn at 1'],
  },
  {
    name: 'duties fill all places, and then wait as well',
    given: {
      intents: [intentNamed('duty', { kind: 'CheckIn', urgency: 'Essential' })],
      entries: [entry({ nonce: 0 })],
      view: view({ pending: pending0 }),
      policy: modelPolicy({ window: 1 }),
    },
  },
  {
    name: 'what can wait has the places that no duty needs to be kept for',
    given: {
      intents: [intentNamed('a')],
      entries: [entry({ nonce: 0 })],
      view: view({ pending: pending0 }),
      policy: modelPolicy({ window: 3, keptForDuties: 1 }),
    },
    steps: ['enter Count at 1'],
  },
  {
    name: 'an intent that is under way is not entered again',
    given: {
      intents: [intentNamed('0')],
      entries: [entry({ nonce: 0 })],
      view: view({ pending: pending0 }),
      policy: modelPolicy({ window: 2 }),
    },
  },
  ...(['Confirmed', 'Reverted', 'Cancelled', 'Rejected'] as const).map((outcome) => ({
    name: `an intent that ended as ${outcome} is not entered again`,
    given: {
      intents: [intentNamed('0')],
      entries: [entry({ nonce: 0, status: { ...confirmed, outcome } })],
      view: view({ nonce: 1 }),
    },
  })),
  ...(['Displaced', 'Expired'] as const).map((outcome) => ({
    name: `an intent that ended as ${outcome} is entered again`,
    given: {
      intents: [intentNamed('0')],
      entries: [entry({ nonce: 0, status: { ...confirmed, outcome } })],
      view: view({ nonce: 1 }),
    },
    steps: ['enter Count at 1'],
  })),
  {
    name: 'an intent of no use any more is not begun',
    given: { intents: [expiring] },
    holds: ['Expired'],
  },
  {
    name: 'while suspended, nothing is begun, sent, raised or cancelled',
    given: {
      intents: [intentNamed('a')],
      entries: [entry({ nonce: 0, signedBlock: 10, cancel: true })],
      policy: modelPolicy({ suspended: true }),
    },
    holds: ['Suspended'],
  },
  {
    name: 'what the node does not have is sent again',
    given: { entries: [entry({ nonce: 0 })] },
    steps: ['broadcast 0'],
  },
  {
    name: 'what has waited for three blocks is replaced by twelve per cent more of both fees',
    given: { entries: [entry({ nonce: 0, signedBlock: 97 })], view: view({ pending: pending0 }) },
    steps: ['replace 0 Fees 25/3'],
  },
  {
    name: 'what offers too little for the base fee now is raised at once to what the market asks, also behind others',
    given: {
      entries: [entry({ nonce: 0, signedBlock: 99 }), entry({ nonce: 1, signedBlock: 97 })],
      view: view({ pending: new Set([hashOf(0), hashOf(1)]), market: dearer }),
    },
    steps: ['replace 1 Fees 63/3'],
  },
  {
    name: 'what waits for another before it is not raised',
    given: {
      entries: [entry({ nonce: 0, signedBlock: 99 }), entry({ nonce: 1, signedBlock: 90 })],
      view: view({ pending: new Set([hashOf(0), hashOf(1)]) }),
    },
  },
  {
    name: 'nothing is raised beyond what was reserved for the nonce',
    given: {
      entries: [entry({ nonce: 0, signedBlock: 97, maxCostWei: '1150000' })],
      view: view({ pending: pending0 }),
    },
    holds: ['FeesAboveLimit'],
  },
  {
    name: 'nothing is raised that the account cannot pay',
    given: {
      entries: [entry({ nonce: 0, signedBlock: 97 })],
      view: view({ pending: pending0, balanceWei: wei(1000n) }),
    },
    holds: ['InsufficientFunds'],
  },
  {
    name: 'attempts are limited',
    given: {
      entries: [
        entry({
          nonce: 0,
          signedBlock: 90,
          causes: ['First', ...Array.from({ length: ATTEMPT_LIMIT - 5 }, () => 'Fees' as const)],
        }),
      ],
      view: view({ pending: new Set([hashOf(0, ATTEMPT_LIMIT - 5)]) }),
    },
    holds: ['TooManyAttempts'],
  },
  {
    name: 'what comes too late is cancelled, by a transaction that replaces it',
    given: { entries: [entry({ nonce: 0, intent: expiring })], view: view({ pending: pending0 }) },
    steps: ['replace 0 Expired 25/3'],
  },
  {
    name: 'what somebody asks for is cancelled',
    given: { entries: [entry({ nonce: 0, cancel: true })], view: view({ pending: pending0 }) },
    steps: ['replace 0 Requested 25/3'],
  },
  {
    name: 'what the node will never take is cancelled',
    given: {
      entries: [entry({ nonce: 0 })],
      view: view({ pending: pending0 }),
      refused: new Map([[hashOf(0), 'too much gas']]),
    },
    steps: ['replace 0 Refused 25/3'],
  },
  {
    name: 'what is cancelled already is not cancelled again, but raised like anything else',
    given: {
      entries: [entry({ nonce: 0, cancel: true, causes: ['First', 'Requested'], signedBlock: 97 })],
      view: view({ pending: new Set([hashOf(0, 1)]) }),
    },
    steps: ['replace 0 Requested 25/3'],
  },
  {
    name: 'an inclusion is written down once it has its confirmations',
    given: {
      entries: [entry({ nonce: 0 })],
      view: view({ nonce: 1, receipts: new Map([[hashOf(0), receipt(hashOf(0), 98)]]) }),
    },
    steps: ['record 0 Included'],
  },
  {
    name: 'an inclusion that is young is not written down yet',
    given: {
      entries: [entry({ nonce: 0 })],
      view: view({ nonce: 1, receipts: new Map([[hashOf(0), receipt(hashOf(0), 99)]]) }),
    },
  },
  {
    name: 'a final inclusion ends it',
    given: {
      entries: [entry({ nonce: 0 })],
      view: view({ nonce: 1, receipts: new Map([[hashOf(0), receipt(hashOf(0), 90)]]) }),
    },
    steps: ['record 0 Confirmed'],
  },
  {
    name: 'a final revert ends it',
    given: {
      entries: [entry({ nonce: 0 })],
      view: view({ nonce: 1, receipts: new Map([[hashOf(0), receipt(hashOf(0), 90, false)]]) }),
    },
    steps: ['record 0 Reverted'],
  },
  ...(
    [
      ['Expired', 'Expired'],
      ['Requested', 'Cancelled'],
      ['Refused', 'Rejected'],
    ] as const
  ).map(([cause, outcome]) => ({
    name: `${outcome}: the transaction for ${cause} was included in its place`,
    given: {
      entries: [entry({ nonce: 0, causes: ['First', cause] })],
      view: view({ nonce: 1, receipts: new Map([[hashOf(0, 1), receipt(hashOf(0, 1), 90)]]) }),
    },
    steps: [`record 0 ${outcome}`],
  })),
  {
    name: 'cancelled too late: the effect was included after all',
    given: {
      entries: [entry({ nonce: 0, cancel: true, causes: ['First', 'Requested'] })],
      view: view({ nonce: 1, receipts: new Map([[hashOf(0), receipt(hashOf(0), 90)]]) }),
    },
    steps: ['record 0 Confirmed'],
  },
  {
    name: 'a reorganisation takes an inclusion away: written down, and sent again',
    given: {
      entries: [
        entry({
          nonce: 0,
          status: {
            inclusion: {
              hash: hashOf(0),
              blockNumber: 98,
              blockHash: hashOf(1),
              execution: 'Succeeded',
              gasUsed: 1,
              effectiveGasPriceWei: '1',
              costWei: '1',
            },
          },
        }),
      ],
    },
    steps: ['record 0 Reorganised', 'broadcast 0'],
  },
  {
    name: 'a nonce that is used, by nothing that is shown: sent again, and nothing concluded',
    given: { intents: [intentNamed('0')], entries: [entry({ nonce: 0 })], view: view({ nonce: 1 }) },
    steps: ['broadcast 0'],
    holds: ['NonceDisputed'],
  },
  {
    name: 'a nonce that another transaction used, in a final block: displaced',
    given: {
      entries: [entry({ nonce: 0 })],
      view: view({ nonce: 1, users: new Map([[0, { hash: hashOf(9), blockNumber: 90 }]]) }),
    },
    steps: ['record 0 Displaced'],
  },
  {
    name: 'a nonce that another transaction used, in a block that may go: nothing concluded',
    given: {
      entries: [entry({ nonce: 0 })],
      view: view({ nonce: 1, users: new Map([[0, { hash: hashOf(9), blockNumber: 91 }]]) }),
    },
    steps: ['broadcast 0'],
    holds: ['NonceDisputed'],
  },
  {
    name: 'nonces that nobody reserved, below one that waits, are filled',
    given: { entries: [entry({ nonce: 2 })], view: view({ pending: new Set([hashOf(2)]) }) },
    steps: ['enter NoOp at 0'],
  },
  {
    name: 'nonces above the known ones are not believed to be used without proof',
    given: {
      intents: [intentNamed('a')],
      entries: [entry({ nonce: 0, status: confirmed })],
      view: view({ nonce: 4 }),
    },
    holds: ['NonceDisputed'],
  },
  {
    name: 'with proof of who used them, the next one is taken',
    given: {
      intents: [intentNamed('a')],
      entries: [entry({ nonce: 0, status: confirmed })],
      view: view({ nonce: 4, users: new Map([[3, { hash: hashOf(9), blockNumber: 80 }]]) }),
    },
    steps: ['enter Count at 4'],
  },
  {
    name: 'history is kept: the last ones, and what the spend cap still counts',
    given: {
      entries: [
        entry({ nonce: 0, status: longAgo }),
        entry({ nonce: 1, status: longAgo }),
        entry({ nonce: 2, status: confirmed }),
        entry({ nonce: 3, status: longAgo }),
      ],
      view: view({ nonce: 4 }),
      policy: modelPolicy({ historyLimit: 1 }),
    },
    steps: ['prune 0', 'prune 1'],
  },
  {
    name: 'a final block is gone after all: the same transaction is sent again',
    given: {
      entries: [
        entry({
          nonce: 0,
          status: {
            ...confirmed,
            inclusion: {
              hash: hashOf(0),
              blockNumber: 80,
              blockHash: hashOf(1),
              execution: 'Succeeded',
              gasUsed: 1,
              effectiveGasPriceWei: '1',
              costWei: '1',
            },
          },
        }),
      ],
    },
    steps: ['broadcast 0'],
  },
];

describe('the engine decides', () => {
  for (const { name, given, steps = [], holds = [] } of rows) {
    it(name, () => {
      const plan = decide(situation(given));
      assert.deepEqual(plan.steps.map(words), steps);
      assert.deepEqual(
        plan.holds.map(({ reason }) => reason),
        holds,
      );
    });
  }

  it('says which nonces somebody else used', () => {
    const plan = decide(
      situation({
        entries: [entry({ nonce: 0, status: confirmed }), entry({ nonce: 3, status: confirmed })],
        view: view({ nonce: 4, users: new Map([[2, { hash: hashOf(9), blockNumber: 80 }]]) }),
      }),
    );
    assert.deepEqual(plan.foreign, { from: 1, to: 2, hash: hashOf(9) });
  });

  it('writes a status that kstatus understands, with numbers', () => {
    const [step] = decide(
      situation({
        entries: [entry({ nonce: 0 })],
        view: view({ nonce: 1, receipts: new Map([[hashOf(0), receipt(hashOf(0), 90, false)]]) }),
      }),
    ).steps;
    assert.ok(step?.kind === 'record');
    assert.equal(step.status.outcomeTime, new Date(NOON).toISOString().replace('.000Z', 'Z'));
    assert.equal(step.status.inclusion?.costWei, '480000');
    assert.deepEqual(
      step.status.conditions.map(({ type, status, reason }) => `${type}=${status} ${reason}`),
      ['Ready=False Reverted', 'Stalled=True Reverted'],
    );
  });
});
