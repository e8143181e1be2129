import assert from 'node:assert/strict';
import type { ChainTransactionStatus } from '../../../src/api/chain-transaction/status.ts';
import { annotations } from '../../../src/api/group.ts';
import type { Entry } from '../../../src/chain/engine/entry.ts';
import { ageText } from '../../../src/commands/age.ts';
import { transactionRows, transactionsText } from '../../../src/commands/tx/rows.ts';
import { NOON, entry } from '../../chain/engine/situations.ts';

const inclusion = {
  hash: `0x${'1'.repeat(64)}`,
  costWei: '21000000000000',
} as NonNullable<ChainTransactionStatus['inclusion']>;

function since(createdTime: string, of: Entry, given: Record<string, string> = {}): Entry {
  const { metadata } = of;
  return {
    ...of,
    metadata: {
      ...metadata,
      creationTimestamp: createdTime,
      annotations: { ...metadata.annotations, ...given },
    },
  };
}

const broadcast = since('2026-01-01T11:59:30Z', entry({ nonce: 9, cancel: true }));
const reverted = since(
  '2026-01-01T09:00:00Z',
  entry({
    nonce: 7,
    causes: ['First', 'Fees'],
    status: { outcome: 'Reverted', inclusion, revertReason: 'Paused()' },
  }),
  { [annotations.retry]: 'true' },
);
const included = since(
  '2026-01-01T11:00:00Z',
  entry({
    nonce: 8,
    status: {
      inclusion,
      conditions: [
        {
          type: 'Ready',
          status: 'False',
          reason: 'Included',
          message: '',
          lastTransitionTime: '2026-01-01T11:00:00Z',
        },
      ],
    },
  }),
);

describe('commands/tx rows', () => {
  it('are a table, the newest last', () => {
    const rows = transactionRows([broadcast, reverted, included]);
    const text = transactionsText(rows, { withNamespace: false, now: NOON });

    assert.deepEqual(
      text.split('\n').map((line) => line.replace(/ {2,}/g, '  ')),
      [
        'NAME  ACCOUNT  SEQUENCE  NONCE  KIND  STATE  ATTEMPTS  AGE  COST',
        'acct-7  acct  7  7  Count  Reverted, to be retried  2  3h  0.000021',
        'acct-8  acct  8  8  Count  Included  1  60m  0.000021',
        'acct-9  acct  9  9  Count  Broadcasting, to be cancelled  1  30s  -',
      ],
    );
  });

  it('name their namespace where there are several', () => {
    const text = transactionsText(transactionRows([included]), { withNamespace: true, now: NOON });
    assert.match(text, /^NAMESPACE +NAME .*\nns +acct-8 /);
  });

  it('of one second are in their sequence', () => {
    const rows = transactionRows([10, 9, 11].map((nonce) => entry({ nonce })));
    assert.deepEqual(
      rows.map(({ sequence }) => sequence),
      [9, 10, 11],
    );
  });

  it('say to programs how it ended, and why', () => {
    const [row] = transactionRows([reverted]);
    assert.deepEqual(
      [row?.state, row?.isEnded, row?.asked, row?.revertReason, row?.cost],
      ['Reverted', true, 'Retry', 'Paused()', '0.000021'],
    );
  });
});

describe('commands/age', () => {
  const rows: readonly (readonly [seconds: number, text: string])[] = [
    [-5, '0s'],
    [1, '1s'],
    [119, '119s'],
    [120, '2m'],
    [7199, '119m'],
    [7200, '2h'],
    [172_799, '47h'],
    [172_800, '2d'],
  ];
  for (const [seconds, text] of rows) {
    it(`${seconds} s are ${text}`, () => {
      assert.equal(ageText(new Date(NOON - seconds * 1000).toISOString(), NOON), text);
    });
  }
});
