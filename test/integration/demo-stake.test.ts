import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadConnection } from '../../src/kube/kubeconfig.ts';
import { createTransport } from '../../src/kube/transport.ts';
import { systemClock } from '../../src/time/clock.ts';
import { anvilAccount } from '../support/anvil-account.ts';
import { searchForCanaries } from '../support/canaries.ts';
import { searchObjects } from '../support/search-objects.ts';
import { clusterKind } from '../support/test-cluster.ts';
import { untilPasses } from '../support/until-passes.ts';
import { demoOnTrial } from './support/demo-on-trial.ts';

/** The account of the demo's provider: the demo writes its key into a Secret. */
const PROVIDER = 2;

/** Searches what the demo's operator has logged and written, before all that is thrown away. */
async function searchDemo(folder: string, kubeconfig: string): Promise<void> {
  const logs = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('operator.log'));
  assert.notDeepEqual(logs, []);
  for (const name of logs) {
    searchForCanaries("the log of the demo's operator", await readFile(join(folder, name), 'utf8'));
  }
  const transport = createTransport(await loadConnection({ kubeconfig }), { clock: systemClock });
  await searchObjects(transport).finally(() => transport.close());
}

describe(`headframe demo with stake on the ${clusterKind} control plane`, function () {
  this.timeout(180_000);
  const demo = demoOnTrial();

  it('shows what limits a pool that is scaled above its stake', async () => {
    const { kubeconfig, ok } = await demo.start();

    await ok('wait', 'mp/staked', '--for=condition=Ready', '--timeout=60s');
    // A duty that is under way makes it unready for a moment.
    await untilPasses(async () =>
      assert.match(
        await ok('get', 'stk', 'devnet-miners'),
        /devnet-miners +True +devnet +300 +300 +3 +[\d.]+ +AsWanted/,
      ),
    );
    assert.match(await ok('get', 'snet', 'devnet'), /devnet +True +31337 +HFT +\d/);
    await ok('scale', 'mp/staked', '--replicas=9');
    await untilPasses(async () => {
      const described = await ok('describe', 'mp/staked');
      assert.match(
        described,
        /Message: +the stake covers 6 of 9 replicas: 600 tokens are provisioned, each replica needs 100\s+Observed Generation: +\d+\s+Reason: +StakeInsufficient\s+Status: +False\s+Type: +StakeSufficient/,
      );
      const pods = await ok('get', 'pods', '-l', 'headframe.dev/pool=staked', '--no-headers');
      assert.equal(pods.match(/ Running /g)?.length, 6);
    });
    await untilPasses(async () =>
      assert.match(
        await ok('describe', 'stk', 'devnet-miners'),
        /900 HFT are wanted, and spec\.stake\.max allows 600 HFT/,
      ),
    );
    anvilAccount(PROVIDER);
    await searchDemo(demo.folder, kubeconfig);
  });
});
