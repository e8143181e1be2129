import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadConnection } from '../../src/kube/kubeconfig.ts';
import { createTransport } from '../../src/kube/transport.ts';
import { systemClock } from '../../src/time/clock.ts';
import { anvilAccount } from '../support/anvil-account.ts';
import { searchForCanaries } from '../support/canaries.ts';
import { searchObjects } from '../support/search-objects.ts';
import type { ClusterKind } from '../support/test-cluster.ts';
import { untilPasses } from '../support/until-passes.ts';
import { demoOnTrial, processesOf, type StartedDemo } from '../integration/support/demo-on-trial.ts';

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

/* What users do with it is the same on both. */
for (const kind of ['embedded', 'real'] satisfies ClusterKind[]) {
  describe(`headframe demo on the ${kind} control plane`, function () {
    this.timeout(180_000);
    const demo = demoOnTrial(kind);
    let started: StartedDemo;

    before(async () => {
      started = await demo.start();
    });

    it('serves a stock kubectl', async () => {
      const { ok } = started;
      await ok('wait', 'minerpool/h100-miners', '--for=condition=Ready', '--timeout=60s');
      assert.match(await ok('get', 'minerpools'), /^NAME +READY +REPLICAS +READYREPLICAS +GPUS +REASON +AGE/);
      assert.match(await ok('get', 'mp', 'h100-miners'), /h100-miners +True +4 +4 +4 +AllReplicasReady/);
      assert.match(await ok('get', 'headframe'), /minerpool\.headframe\.dev\/a100-miners/);
      await untilPasses(async () => assert.match(await ok('get', 'cc', 'local'), /local +True +5 +23/));
      // Events are written beside the status, not before it.
      await untilPasses(async () =>
        assert.match(
          await ok('describe', 'minerpool', 'h100-miners'),
          /Reason: +AllReplicasReady[\s\S]*PodsCreated/,
        ),
      );
      assert.match(
        await ok('explain', 'minerpool.spec.template.spec'),
        /containers\s+<\[\]Object> -required-/,
      );

      await ok('scale', 'minerpool', 'h100-miners', '--replicas=6');
      await ok('wait', 'minerpool/h100-miners', '--for=condition=Ready', '--timeout=60s');
      const selector = ['-l', 'headframe.dev/pool=h100-miners'];
      const podsBecome = (count: number): Promise<void> =>
        untilPasses(async () => {
          const pods = await ok('get', 'pods', ...selector, '--no-headers');
          assert.equal(pods.trim().split('\n').length, count);
        });
      await podsBecome(6);

      process.env['KUBE_EDITOR'] = "sed -i 's/replicas: 6/replicas: 5/'";
      assert.match(await ok('edit', 'minerpool', 'h100-miners'), /edited/);
      await ok('wait', 'minerpool/h100-miners', '--for=condition=Ready', '--timeout=60s');
      await podsBecome(5);

      await untilPasses(async () => assert.match(await ok('logs', 'h100-miners-4'), /"message"/));
      const image = 'jsonpath={.spec.containers[0].image}';
      const patch = '{"spec":{"template":{"spec":{"terminationGracePeriodSeconds":3}}}}';
      await ok('patch', 'minerpool', 'h100-miners', '--type=merge', '-p', patch);
      await ok('wait', 'minerpool/h100-miners', '--for=condition=Ready', '--timeout=90s');
      assert.match(await ok('get', 'pod', 'h100-miners-0', '-o', image), /reference-miner/);

      await ok('delete', 'minerpool', 'h100-miners', '--wait=true');
      await untilPasses(async () => assert.equal(await ok('get', 'pods', ...selector, '--no-headers'), ''));
    });

    it('shows what limits a pool that is scaled above its stake', async () => {
      const { kubeconfig, ok } = started;
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

    it('leaves no process behind after Ctrl-C', async () => {
      assert.ok((await processesOf(demo.folder)).length > 0, 'the search for processes finds the demo');
      const { code, stderr } = await started.program.end('SIGINT');
      assert.equal(code, 0, stderr);
      assert.deepEqual(await processesOf(demo.folder), []);
      assert.deepEqual(await readdir(demo.folder), []);
    });
  });
}
