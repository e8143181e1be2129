import assert from 'node:assert/strict';
import type { ChainTransactionStatus } from '../../../src/api/chain-transaction/status.ts';
import { annotations } from '../../../src/api/group.ts';
import type { Entry } from '../../../src/chain/engine/entry.ts';
import type { StakeAccount } from '../../../src/api/stake-account.ts';
import { whyNothingIsSent } from '../../../src/commands/tx/idle-account.ts';
import { judge } from '../../../src/commands/tx/requests.ts';
import { entry } from '../../chain/engine/situations.ts';
import { stakeAccount } from '../../support/stake-objects.ts';

const inclusion = { blockNumber: 7 } as NonNullable<ChainTransactionStatus['inclusion']>;

const ended = (outcome: NonNullable<ChainTransactionStatus['outcome']>): Entry =>
  entry({ nonce: 3, status: { outcome } });

function withRetry(asked: Entry): Entry {
  return { ...asked, metadata: { ...asked.metadata, annotations: { [annotations.retry]: 'true' } } };
}

interface Row {
  readonly it: string;
  readonly entry: Entry;
  readonly kind: ReturnType<typeof judge>['kind'];
  readonly message: RegExp;
}

describe('commands/tx requests', () => {
  describe('for whom nobody sends', () => {
    const account = (spec: object = {}, reason = 'AsWanted', metadata: object = {}): StakeAccount => {
      const given = stakeAccount([]);
      const ready = {
        type: 'Ready',
        status: 'False',
        reason,
        message: 'why',
        lastTransitionTime: '',
        observedGeneration: 1,
      } as const;
      return {
        ...given,
        metadata: { ...given.metadata, generation: 1, ...metadata },
        spec: { ...given.spec, mode: 'Manage', ...spec },
        status: { ...given.status!, conditions: [ready] },
      };
    };
    const rows: readonly [it: string, account: StakeAccount, message: RegExp | undefined][] = [
      ['a managed account: somebody', account(), undefined],
      ['one that waits for coin: somebody', account({}, 'InsufficientCoin'), undefined],
      ['one that is suspended', account({ suspend: true }), /suspended: set its spec.suspend to false, then/],
      ['one that is observed', account({ mode: 'Observe' }), /observed: set its spec.mode to Manage, then/],
      ['one in a dry run', account({}, 'Suspended'), /--dry-run: start it without, then/],
      [
        'one that was suspended before its spec changed: somebody',
        account({}, 'Suspended', { generation: 2 }),
        undefined,
      ],
      ['one whose key another has', account({}, 'KeyInUse'), /for StakeAccount \S+ \(KeyInUse\): why, then/],
      ['one without a key', account({}, 'SignerSecretMissing'), /\(SignerSecretMissing\): why, then/],
      ['one whose network is away for now: somebody', account({}, 'NetworkNotUsable'), undefined],
      [
        'one that goes',
        account({}, 'AsWanted', { deletionTimestamp: '2026-01-01T00:00:00Z' }),
        /is being deleted.*: create it again/,
      ],
    ];
    for (const [it_, given, message] of rows) {
      it(it_, () => {
        const judgement = judge('cancel', entry({ nonce: 3 }), whyNothingIsSent(given));
        assert.equal(judgement.kind, message === undefined ? 'possible' : 'useless');
        assert.match(judgement.message, message ?? /takes the nonce 3/);
      });
    }

    it('what has ended is told first', () => {
      const judgement = judge('cancel', ended('Confirmed'), whyNothingIsSent(account({ suspend: true })));
      assert.match(judgement.message, /ended \(Confirmed\)/);
    });
  });

  const cancels: readonly Row[] = [
    { it: 'what waits', entry: entry({ nonce: 3 }), kind: 'possible', message: /takes the nonce 3/ },
    {
      it: 'what waits with higher fees',
      entry: entry({ nonce: 3, causes: ['First', 'Fees'] }),
      kind: 'possible',
      message: /unless a block includes Count first/,
    },
    {
      it: 'what is to be cancelled',
      entry: entry({ nonce: 3, cancel: true }),
      kind: 'asked',
      message: /already/,
    },
    {
      it: 'what is being cancelled',
      entry: entry({ nonce: 3, causes: ['First', 'Requested'], cancel: true }),
      kind: 'useless',
      message: /does nothing but use the nonce 3 \(Requested\)/,
    },
    {
      it: 'what a block includes',
      entry: entry({ nonce: 3, status: { inclusion } }),
      kind: 'useless',
      message: /included in block 7/,
    },
    { it: 'what is done', entry: ended('Confirmed'), kind: 'useless', message: /ended \(Confirmed\)[^;]*$/ },
    {
      it: 'what was refused',
      entry: ended('Reverted'),
      kind: 'useless',
      message: /ended \(Reverted\).*: headframe tx retry acct-3$/,
    },
  ];
  for (const row of cancels) {
    it(`to cancel ${row.it}: ${row.kind}`, () => {
      const { kind, message } = judge('cancel', row.entry);
      assert.equal(kind, row.kind);
      assert.match(message, row.message);
    });
  }

  const retries: readonly Row[] = [
    {
      it: 'what was refused',
      entry: ended('Reverted'),
      kind: 'possible',
      message: /Count is sent once more/,
    },
    { it: 'what was cancelled', entry: ended('Cancelled'), kind: 'possible', message: /may be tried again/ },
    {
      it: 'what no node would take',
      entry: ended('Rejected'),
      kind: 'possible',
      message: /may be tried again/,
    },
    {
      it: 'what may be tried again',
      entry: withRetry(ended('Reverted')),
      kind: 'asked',
      message: /may be tried again already/,
    },
    {
      it: 'what waits',
      entry: entry({ nonce: 3 }),
      kind: 'useless',
      message: /has not ended yet.*: headframe tx cancel acct-3$/,
    },
    { it: 'what is done', entry: ended('Confirmed'), kind: 'useless', message: /nothing to retry/ },
    {
      it: 'what came too late',
      entry: ended('Expired'),
      kind: 'useless',
      message: /ended Expired: .* planned again by itself/,
    },
    {
      it: 'whose nonce others used',
      entry: ended('Displaced'),
      kind: 'useless',
      message: /planned again by itself/,
    },
  ];
  for (const row of retries) {
    it(`to retry ${row.it}: ${row.kind}`, () => {
      const { kind, message } = judge('retry', row.entry);
      assert.equal(kind, row.kind);
      assert.match(message, row.message);
    });
  }
});
