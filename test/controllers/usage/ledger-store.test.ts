import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type ClusterLedger, emptyClusterLedger, rowKey } from '../../../src/compute/usage/ledger.ts';
import { createLedgerStore, parseLedger } from '../../../src/controllers/usage/ledger-store.ts';
import { storedConfigMaps } from '../../support/stored-config-maps.ts';

const NAME = 'headframe-usage-far';

/** A ledger with so many rows and cursors. */
function ledger(rows: number, cursors: number, through = 2000): ClusterLedger {
  return {
    ...emptyClusterLedger,
    through,
    settled: 1000,
    contributed: 12_345_678_901_234_567_890n,
    rows: new Map(
      Array.from({ length: rows }, (_, index) => {
        const [pool, model] = [`ml/pool-${index}`, 'h100-sxm5-80gb'];
        return [rowKey(pool, model), { pool, model, busy: 1n, idle: 2n, unmeasured: 3n }];
      }),
    ),
    cursors: new Map(Array.from({ length: cursors }, () => [randomUUID(), through])),
  };
}

describe('controllers/usage/ledger-store', () => {
  const configMaps = storedConfigMaps();
  const { client, all } = configMaps;
  const store = createLedgerStore(client, 'headframe-system');

  async function save(record: ClusterLedger): Promise<ClusterLedger> {
    await store.save('far', record, await store.load('far', 0));
    const saved = parseLedger('far', all.get(NAME) ?? {});
    assert.ok(!(saved instanceof Error));
    return saved;
  }
  const bytes = (): number => Buffer.byteLength(JSON.stringify(all.get(NAME)));

  it('gives back what it was given', async () => {
    const record = ledger(3, 1000);
    assert.deepEqual(await save(record), record);
    assert.deepEqual((await store.load('far', 0)).record, record);
  });

  it('holds 30 000 pods in one object', async () => {
    assert.equal((await save(ledger(100, 30_000, 3000))).cursors.size, 30_000);
    assert.ok(bytes() < 1024 * 1024);
  });

  it('leaves cursors out when they and the amounts are too much together, and is then settled up to its last look', async () => {
    const saved = await save(ledger(6000, 30_000, 4000));
    assert.deepEqual([saved.rows.size, saved.cursors.size, saved.settled], [6000, 0, 4000]);
    assert.ok(bytes() < 1024 * 1024);
  });

  it('refuses what does not fit into an object at all', async () => {
    await assert.rejects(save(ledger(20_000, 0, 5000)), /20000 entries of pools and models, more than fit/);
  });

  for (const [what, text] of [
    ['text that is not JSON', '{'],
    ['another version', '{"version":2,"clusters":[]}'],
    ['another cluster’s', '{"version":1,"clusters":[]}'],
    ['nothing', undefined],
  ] as const) {
    it(`keeps ${what} aside, once, and begins at the moment`, async () => {
      const before = all.size;
      configMaps.meddle(NAME, (object) => {
        object.data = text === undefined ? {} : { 'ledger.json': text };
      });
      const first = await store.load('far', 7777);
      const again = await store.load('far', 7777);
      assert.deepEqual(first, again);
      assert.deepEqual([first.record.settled, first.record.rows.size], [7777, 0]);
      assert.ok(first.setAside !== undefined && all.has(first.setAside));
      assert.equal(all.size, before + 1);
    });
  }
});
