import assert from 'node:assert/strict';
import { Leases, Nodes, Pods, Secrets } from '../../src/api/builtin.ts';
import { installedCrds, removeCrds } from '../../src/commands/demo/install-crds.ts';
import { demoOnTrial } from '../integration/support/demo-on-trial.ts';
import { runProgram } from '../support/operator.ts';
import { startTestCluster } from '../support/test-cluster.ts';
import { untilPasses } from '../support/until-passes.ts';

describe('headframe demo in a borrowed cluster', function () {
  this.timeout(180_000);
  const demo = demoOnTrial();

  it('borrows a cluster, refuses one that has Headframe, and takes with it what it brought', async () => {
    const cluster = await startTestCluster({ nodes: [] });
    const args = ['demo', `--kubeconfig=${cluster.kubeconfig}`, '--check'];
    try {
      const refused = await runProgram(args, demo.env).finished;
      assert.equal(refused.code, 2, refused.stderr);
      assert.match(
        refused.stderr,
        /has Headframe already \(chaintransactions\.headframe\.dev, computeclusters/,
      );

      await removeCrds(cluster.client);
      await untilPasses(async () => assert.deepEqual(await installedCrds(cluster.client), []));
      const { code, stdout, stderr } = await runProgram(args, demo.env).finished;

      assert.equal(code, 0, stderr);
      assert.match(stdout, /"healthy":true/);
      // The real server empties a definition's storage first, after it has answered.
      await untilPasses(async () => assert.deepEqual(await installedCrds(cluster.client), []));
      assert.deepEqual((await cluster.client.list(Nodes)).items, []);
      assert.deepEqual((await cluster.client.list(Pods)).items, []);
      assert.deepEqual((await cluster.client.list(Secrets, { namespace: 'default' })).items, []);
      assert.deepEqual((await cluster.client.list(Leases, { namespace: 'kube-node-lease' })).items, []);
    } finally {
      await cluster.stop();
    }
  });
});
