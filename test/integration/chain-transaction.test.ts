import assert from 'node:assert/strict';
import { ChainTransactions } from '../../src/api/chain-transaction.ts';
import type { ChainTransactionSpec } from '../../src/api/chain-transaction/spec.ts';
import { kubeOutbox } from '../../src/controllers/stakeaccount/outbox.ts';
import { isInvalid } from '../../src/kube/errors.ts';
import { hashOf, entry } from '../chain/engine/situations.ts';
import { ADDRESS, CHAIN_ID } from '../chain/engine/model/world.ts';
import { startTestCluster, type TestCluster } from '../support/test-cluster.ts';

describe('ChainTransactions on an API server', function () {
  this.timeout(60_000);
  let cluster: TestCluster;
  const spec = (sequence: number): ChainTransactionSpec =>
    JSON.parse(JSON.stringify({ ...entry({ nonce: sequence }).spec, accountRef: { name: 'acct' } })) as never;
  const outboxOf = (): ReturnType<typeof kubeOutbox> =>
    kubeOutbox(cluster.client, {
      namespace: 'default',
      account: 'acct',
      chainId: CHAIN_ID,
      address: ADDRESS,
    });

  before(async () => {
    cluster = await startTestCluster({ nodes: [] });
  });
  after(() => cluster.stop());

  it('a place in the sequence is given to one', async () => {
    const [one, other] = [outboxOf(), outboxOf()];
    const [first, second] = await Promise.all([one.create(spec(0)), other.create(spec(0))]);
    assert.equal([first, second].filter((each) => each !== undefined).length, 1);
    assert.equal((await one.reload()).length, 1);
  });

  it('of two who change it one is refused, and knows better after reading again', async () => {
    const [one, other] = [outboxOf(), outboxOf()];
    const [mine] = await one.reload();
    const [theirs] = await other.reload();
    const attempt = { ...mine!.spec.attempts[0]!, hash: hashOf(0, 1), cause: 'Fees' as const };
    assert.notEqual(await one.append(mine!, attempt), undefined);
    assert.equal(await other.append(theirs!, { ...attempt, hash: hashOf(0, 2) }), undefined);
    const [now] = await other.known();
    assert.deepEqual(
      now!.spec.attempts.map(({ hash }) => hash),
      [hashOf(0), hashOf(0, 1)],
    );
  });

  it('what was signed cannot be changed or taken away', async () => {
    const [stored] = await outboxOf().reload();
    const { metadata, spec: signed } = stored!;
    const refused = [
      { nonce: 5 },
      { sequence: 5 },
      { intent: { ...signed.intent, data: '0xff' } },
      { maxCostWei: '1' },
      { attempts: signed.attempts.slice(1) },
      { attempts: signed.attempts.map((attempt) => ({ ...attempt, raw: '0xff' })) },
    ];
    for (const change of refused) {
      await assert.rejects(
        cluster.client.mergePatch(ChainTransactions, metadata, { spec: change }),
        isInvalid,
        JSON.stringify(change).slice(0, 80),
      );
    }
  });

  it('an inclusion that is gone leaves the status', async () => {
    const outbox = outboxOf();
    const [stored] = await outbox.reload();
    const inclusion = {
      hash: hashOf(0),
      blockNumber: 3,
      blockHash: hashOf(3),
      execution: 'Succeeded' as const,
      gasUsed: 1,
      effectiveGasPriceWei: '1',
      costWei: '1',
    };
    const included = await outbox.record(stored!, { inclusion, conditions: [] });
    assert.deepEqual(included?.status?.inclusion, inclusion);
    const gone = await outbox.record(included, { conditions: [] });
    assert.equal(gone?.status?.inclusion, undefined);
  });
});
