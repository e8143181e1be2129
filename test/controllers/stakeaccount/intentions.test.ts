import assert from 'node:assert/strict';
import type { Move } from '../../../src/chain/protocols/protocol.ts';
import type { Entry } from '../../../src/chain/engine/entry.ts';
import { NO_OP, type WantedIntent } from '../../../src/chain/engine/intent.ts';
import { intentsOf } from '../../../src/controllers/stakeaccount/intentions.ts';
import { ADDRESS, CHAIN_ID, CONTRACT } from '../../chain/engine/model/world.ts';
import { type EntryShape, entry, hashOf, intentNamed, receipt } from '../../chain/engine/situations.ts';

const stake: Move = { kind: 'Stake', key: '5 on 0', to: CONTRACT, data: '0x05' };
const checkIn: Move = {
  kind: 'CheckIn',
  key: 'epoch 7',
  to: CONTRACT,
  data: '0x07',
  duty: { availableAt: 0, dueAt: 60_000, endsAt: 120_000 },
};

const confirmed = { status: { outcome: 'Confirmed' } } as const;
const reverted = { status: { outcome: 'Reverted' } } as const;

function wanted(entries: readonly Entry[], nonce: number, receipts: readonly [string, boolean][] = []) {
  const found = new Map(receipts.map(([hash, succeeded]) => [hash, receipt(hash, 95, succeeded)]));
  const grounds = { chainId: CHAIN_ID, address: ADDRESS, nonce };
  return intentsOf([checkIn, stake], grounds, entries, { receipts: found });
}

function kinds(intents: readonly WantedIntent[]): string[] {
  return intents.map(({ kind }) => kind);
}

function stakeId(entries: readonly Entry[]): string | undefined {
  return wanted(entries, entries.length).find(({ kind }) => kind === 'Stake')?.id;
}

/** An entry of the very move. */
function staking(shape: EntryShape, entries: readonly Entry[]): Entry {
  const intent = { ...intentNamed(''), id: stakeId(entries) ?? '', kind: 'Stake', data: '0x05' };
  return entry({ ...shape, intent });
}

describe('controllers/stakeaccount/intentions', () => {
  const both = ['CheckIn', 'Stake'];
  const dutyAlone = ['CheckIn'];
  const rows: {
    name: string;
    entries: readonly Entry[];
    nonce: number;
    receipts?: readonly [string, boolean][];
    kinds: readonly string[];
  }[] = [
    { name: 'everything, when nothing is open', entries: [], nonce: 4, kinds: both },
    {
      name: 'everything after what is final',
      entries: [entry({ nonce: 3, ...confirmed })],
      nonce: 4,
      kinds: both,
    },
    { name: 'duties alone while one waits', entries: [entry({ nonce: 4 })], nonce: 4, kinds: dutyAlone },
    {
      name: 'duties alone while the state is from before one that is final',
      entries: [entry({ nonce: 4, ...confirmed })],
      nonce: 4,
      kinds: dutyAlone,
    },
    {
      name: 'everything once a block includes it, in the state that was read',
      entries: [entry({ nonce: 4 })],
      nonce: 5,
      receipts: [[hashOf(4), true]],
      kinds: both,
    },
    {
      name: 'duties alone while a block that is not final includes one that failed',
      entries: [entry({ nonce: 4 })],
      nonce: 5,
      receipts: [[hashOf(4), false]],
      kinds: dutyAlone,
    },
    {
      name: 'duties alone while its cancelling is included, and not final',
      entries: [entry({ nonce: 4, causes: ['First', 'Requested'] })],
      nonce: 5,
      receipts: [[hashOf(4, 1), true]],
      kinds: dutyAlone,
    },
    {
      name: 'duties alone while nobody knows what used its nonce',
      entries: [entry({ nonce: 4 })],
      nonce: 5,
      kinds: dutyAlone,
    },
    {
      name: 'everything once a gap is filled',
      entries: [entry({ nonce: 4, causes: ['Gap'], intent: intentNamed('', { kind: NO_OP }) })],
      nonce: 5,
      receipts: [[hashOf(4), true]],
      kinds: both,
    },
  ];
  for (const { name, entries, nonce, receipts, kinds: expected } of rows) {
    it(`wants ${name}`, () => assert.deepEqual(kinds(wanted(entries, nonce, receipts)), expected));
  }

  it('names a duty by its epoch alone, with its times', () => {
    const [first] = wanted([], 0);
    const [later] = wanted([entry({ nonce: 0, ...confirmed })], 1);
    assert.equal(first?.id, later?.id);
    assert.deepEqual([first?.urgency, first?.expiryTime], ['Essential', '1970-01-01T00:02:00Z']);
  });

  it('the same move after another success is another effect', () => {
    assert.notEqual(stakeId([]), stakeId([entry({ nonce: 0, ...confirmed })]));
  });

  it('the same move after a failure is the same one, which the failed one holds', () => {
    const failed = staking({ nonce: 0, ...reverted }, []);
    assert.equal(stakeId([failed]), failed.spec.intent.id);
  });

  it('and stays the same when what came before the failure becomes final after it was entered', () => {
    const failed = staking({ nonce: 1, ...reverted }, []);
    assert.equal(stakeId([entry({ nonce: 0, ...confirmed }), failed]), failed.spec.intent.id);
  });

  it('and is another one once something succeeded after the failure', () => {
    const failed = staking({ nonce: 0, ...reverted }, []);
    assert.notEqual(stakeId([failed, entry({ nonce: 1, ...confirmed })]), failed.spec.intent.id);
  });
});
