import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ChainTransaction } from '../../src/api/chain-transaction.ts';
import type { Outcome } from '../../src/api/chain-transaction/status.ts';
import { tokenUnits } from '../../src/chain/amounts/amount.ts';
import type { AccountState, StakingProtocol } from '../../src/chain/protocols/protocol.ts';
import { formattedPage } from '../../bench/report/formatted-page.ts';
import { transactionResult } from '../../bench/report/results.ts';
import { type ChainEvidence, problemsOf } from '../../bench/transactions/checker/judge.ts';
import { missedLimits } from '../../bench/transactions/checker/limits.ts';
import { transactionPage } from '../../bench/transactions/report/page.ts';
import { throughputOf } from '../../bench/transactions/runner/figures.ts';
import { scenarioAt } from '../../bench/transactions/scenario.ts';
import { resourceOf } from '../../bench/transactions/world/counting-transport.ts';
import { payee, withPayments } from '../../bench/transactions/world/payments.ts';
import { entry, hashOf } from '../chain/engine/situations.ts';
import { networkFacts } from '../support/network-objects.ts';

const payer = { name: 'acct', address: '0xAb00000000000000000000000000000000000001' };
const from = payer.address.toLowerCase();

function transaction(nonce: number, outcome: Outcome | 'open' = 'Confirmed'): ChainTransaction {
  const status = outcome === 'open' ? {} : { outcome };
  return entry({ nonce, signedBlock: 9, status }) as ChainTransaction;
}

/** Two payments, both made. */
const sound: ChainEvidence = {
  mined: [0, 1].map((nonce) => ({ hash: hashOf(nonce), from, blockNumber: 10 + 2 * nonce, succeeded: true })),
  blockTimes: new Map([9, 10, 11, 12].map((number) => [number, 1000 + number])),
  nonces: new Map([[from, 2]]),
  paid: new Map([[from, [1, 1]]]),
};

describe('bench/transactions judge', () => {
  interface Row {
    readonly name: string;
    readonly evidence?: Partial<ChainEvidence>;
    readonly entries?: readonly ChainTransaction[];
    readonly expect: readonly RegExp[];
  }
  const both = [transaction(0), transaction(1)];
  const rows: readonly Row[] = [
    { name: 'a sound run', expect: [] },
    {
      name: 'a payment twice',
      evidence: { paid: new Map([[from, [1, 2]]]) },
      expect: [/payment 1 was made 2 times/],
    },
    {
      name: 'a payment never',
      evidence: { paid: new Map([[from, [0, 1]]]) },
      expect: [/payment 0 was made 0 times/],
    },
    { name: 'a nonce that nothing explains', entries: [transaction(1)], expect: [/nonce 0 is used, and no/] },
    {
      name: 'what waits behind a gap',
      entries: [...both, transaction(3)],
      expect: [/nonce 3 is reserved behind a gap/],
    },
    {
      name: 'what has not ended',
      entries: [transaction(0), transaction(1, 'open')],
      expect: [/acct-1 is open/],
    },
    {
      name: 'what was displaced',
      entries: [transaction(0), transaction(1, 'Displaced')],
      expect: [/acct-1 is Displaced/],
    },
    {
      name: 'what was reverted',
      evidence: { mined: sound.mined.map((each) => ({ ...each, succeeded: each.blockNumber > 10 })) },
      expect: [/was reverted/],
    },
  ];
  for (const { name, evidence, entries = both, expect } of rows) {
    it(`${expect.length === 0 ? 'has nothing to say of' : 'tells of'} ${name}`, () => {
      const problems = problemsOf([payer], { ...sound, ...evidence }, entries);

      assert.equal(problems.length, expect.length, problems.join('; '));
      expect.forEach((pattern, index) => assert.match(problems[index] ?? '', pattern));
    });
  }
});

describe('bench/transactions figures', () => {
  const reading = (
    writes: Record<string, number>,
    cpuMs: number,
    rounds: number,
  ): Parameters<typeof throughputOf>[0]['before'] => ({
    writes,
    cpuMs,
    metrics: new Map([
      ['controller_runtime_reconcile_total{controller="stakeaccount",result="success"}', rounds],
      ['controller_runtime_reconcile_total{controller="minerpool",result="success"}', 7 * rounds],
      ['headframe_rpc_requests_total{network="bench",method="eth_call"}', 2 * rounds],
    ]),
  });

  it('are those of what happened between two readings, by the time of the blocks', () => {
    const figures = throughputOf({
      evidence: sound,
      entries: [transaction(0), transaction(1)],
      before: reading({ 'create events': 4, 'create chaintransactions': 3 }, 100, 10),
      after: reading({ 'create events': 4, 'create chaintransactions': 5, 'patch pods': 1 }, 130, 16),
    });

    assert.deepEqual(figures, {
      transactions: 2,
      seconds: 3,
      blocks: 3,
      perSecond: 2 / 3,
      perBlockMedian: 1,
      perBlockMost: 1,
      writes: { 'create chaintransactions': 1, 'patch pods': 0.5 },
      waitBlocksP50: 1,
      waitBlocksP99: 3,
      rounds: 6,
      rpcCalls: 6,
      cpuMs: 15,
    });
  });

  for (const [path, resource] of [
    ['/api/v1/namespaces/default/secrets', 'secrets'],
    [
      '/apis/headframe.dev/v1alpha1/namespaces/ns/chaintransactions/a-0/status?fieldManager=x',
      'chaintransactions/status',
    ],
    ['/apis/headframe.dev/v1alpha1/stakingnetworks/net/status', 'stakingnetworks/status'],
    ['/api/v1/namespaces/default', 'namespaces'],
  ] as const) {
    it(`count ${path} as ${resource}`, () => assert.equal(resourceOf(path), resource));
  }
});

describe('bench/transactions limits', () => {
  const good = { perSecond: 50, writes: { 'create chaintransactions': 3 }, problems: [] };
  const rows = [
    { name: 'all is met', expect: [] },
    {
      name: 'too few',
      throughput: { perSecond: 49.9 },
      expect: ['49.9 transactions per second, not at least 50'],
    },
    {
      name: 'no figure',
      throughput: { perSecond: NaN },
      expect: ['NaN transactions per second, not at least 50'],
    },
    {
      name: 'too many writes, pruning among them',
      throughput: { writes: { create: 3.1 } },
      expect: ['4.10 writes per transaction, not at most 4'],
    },
    { name: 'faults', throughput: { problems: ['once too often'] }, expect: ['once too often'] },
    {
      name: 'too many calls',
      callsPerBlock: 10.5,
      expect: ['1000 accounts cost 10.5 calls per block, not at most 10'],
    },
  ];
  for (const { name, throughput, callsPerBlock = 10, expect } of rows) {
    it(`say: ${name}`, () => {
      const reading = [{ accounts: 1000, blocks: 5, callsPerBlock }];

      assert.deepEqual(missedLimits({ ...good, ...throughput }, reading, true), expect);
    });
  }

  it('judge no rate of a run that is too short for one, but always its faults', () => {
    const slow = { ...good, perSecond: 1, problems: ['twice'] };

    assert.deepEqual(missedLimits(slow, [], false), ['twice']);
  });
});

describe('bench/transactions payments', () => {
  const plain = {
    plan: () => ({ moves: [], shortages: [] }),
    allowed: () => [],
  } as unknown as StakingProtocol;
  const protocol = withPayments(plain, 100, 0);
  const plannedWith = (walletTokens: bigint): readonly string[] => {
    const state = { address: payer.address, walletTokens: tokenUnits(walletTokens) } as AccountState;
    return protocol.plan(networkFacts(), state, {} as never, 0).moves.map(({ key }) => key);
  };

  it('are planned from the first that the chain does not have', () => {
    assert.deepEqual(plannedWith(3n), ['payment 97', 'payment 98', 'payment 99']);
    assert.deepEqual(plannedWith(0n), []);
    assert.equal(plannedWith(100n)[0], 'payment 0');
  });

  it('go to one payee each', () => {
    const payees = Array.from({ length: 100 }, (_, index) => payee(payer.address, index));

    assert.equal(new Set([...payees, payee(from.replace('1', '2'), 0)]).size, 101);
    assert.equal(payee(from, 5), payees[5]);
  });

  it('of a part of the size are fewer, of no fewer accounts', () => {
    assert.equal(scenarioAt(0.05).throughput.accounts, scenarioAt(1).throughput.accounts);
    assert.deepEqual(scenarioAt(1).reading.accounts, [1, 500, 1000]);
    assert.equal(scenarioAt(0.05).throughput.paymentsPerAccount, 5);
  });
});

describe('bench/transactions page', () => {
  it('has been written from bench/transactions/result.json (npm run bench:page)', async () => {
    const page = fileURLToPath(new URL('../../docs/transaction-performance.md', import.meta.url));

    assert.equal(readFileSync(page, 'utf8'), await formattedPage(transactionPage(transactionResult())));
  });

  it('is of a whole run', () => {
    const { scale, throughput } = transactionResult();

    assert.equal(scale, 1);
    assert.deepEqual(throughput.problems, []);
  });
});
