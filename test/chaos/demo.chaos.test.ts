import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { demoOnTrial, processesOf } from '../integration/support/demo-on-trial.ts';
import { clusterKind } from '../support/test-cluster.ts';
import { untilPasses } from '../support/until-passes.ts';

describe(`headframe demo that is killed on the ${clusterKind} control plane`, function () {
  this.timeout(180_000);
  const demo = demoOnTrial();

  it('leaves no process behind', async () => {
    const { program, kubectl } = await demo.start();
    await untilPasses(async () => {
      const { stdout } = await kubectl(['get', 'pods', '--no-headers']);
      assert.match(stdout, /Running/);
    });
    assert.match((await processesOf(demo.folder)).join('\n'), /anvil/);

    await program.end('SIGKILL');

    await untilPasses(async () => assert.deepEqual(await processesOf(demo.folder), []), 30_000);
    await untilPasses(async () => assert.deepEqual(await readdir(demo.folder), []), 30_000);
  });
});
