import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emptyClusterLedger } from '../../../src/compute/usage/ledger.ts';
import { createLedgerStore } from '../../../src/controllers/usage/ledger-store.ts';
import { configMap } from '../../support/config-maps.ts';
import { BUNDLE } from '../../support/operator.ts';
import { storedConfigMaps } from '../../support/stored-config-maps.ts';

const HOUR = 3_600_000_000_000n * 1_000_000n;

function run(args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  // Coverage counts what the tests themselves run: the lines of a compiled program are others.
  const env = { ...process.env, NODE_V8_COVERAGE: undefined };
  const command = [BUNDLE, 'rewards', 'split', ...args];
  return spawnSync(process.execPath, command, { encoding: 'utf8', env });
}

describe('commands/rewards split', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'headframe-ledgers-'));
  after(() => rmSync(folder, { recursive: true }));

  /** What kubectl prints when the clusters have contributed so many V100-equivalent hours. */
  async function ledgers(name: string, hours: Readonly<Record<string, bigint>>): Promise<string> {
    const { client, all } = storedConfigMaps();
    const store = createLedgerStore(client, 'headframe-system');
    for (const [cluster, v100eHours] of Object.entries(hours)) {
      const record = { ...emptyClusterLedger, through: 1, contributed: v100eHours * HOUR };
      await store.save(cluster, record, await store.load(cluster, 0));
    }
    const items = [configMap('kube-root-ca.crt', '1'), ...all.values()];
    const file = join(folder, name);
    writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    return file;
  }

  it('prints the part of each cluster; the amounts add up', async () => {
    const file = await ledgers('now.json', { 'uni-a': 100n, 'uni-b': 50n });
    const { status, stdout, stderr } = run(['--ledgers', file, '--amount', '1000000']);
    assert.equal(status, 0, stderr);
    assert.deepEqual(JSON.parse(stdout), [
      { cluster: 'uni-a', v100EquivalentHours: 100, share: 2 / 3, amount: '666667' },
      { cluster: 'uni-b', v100EquivalentHours: 50, share: 1 / 3, amount: '333333' },
    ]);
  });

  it('counts what was contributed since an earlier time', async () => {
    const earlier = await ledgers('earlier.json', { 'uni-a': 100n });
    const file = await ledgers('later.json', { 'uni-a': 130n, 'uni-b': 10n });
    const { stdout } = run(['--ledgers', file, '--since', earlier]);
    assert.deepEqual(JSON.parse(stdout), [
      { cluster: 'uni-a', v100EquivalentHours: 30, share: 0.75 },
      { cluster: 'uni-b', v100EquivalentHours: 10, share: 0.25 },
    ]);
  });

  it('says what is wrong', async () => {
    const nothing = await ledgers('nothing.json', { 'uni-a': 0n });
    writeFileSync(join(folder, 'empty.json'), '{"items":[]}');
    writeFileSync(join(folder, 'prose.json'), 'NAME DATA AGE');
    const table: [args: string[], status: number, says: RegExp][] = [
      [['--ledgers', join(folder, 'none')], 2, /--ledgers: '.*none' cannot be read: ENOENT/],
      [['--ledgers', join(folder, 'empty.json')], 2, /holds no ledger: it must be what kubectl/],
      [['--ledgers', join(folder, 'prose.json')], 2, /is not JSON/],
      [['--ledgers', nothing, '--amount', '-1'], 2, /must be a whole number of at least 0/],
      [['--ledgers', nothing, '--amount', '1'], 1, /no cluster has contributed anything/],
    ];
    for (const [args, status, says] of table) {
      const done = run(args);
      assert.equal(done.status, status, done.stderr);
      assert.match(done.stderr, says);
    }
  });
});
