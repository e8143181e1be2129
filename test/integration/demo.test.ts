import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { clusterKind } from '../support/test-cluster.ts';
import { untilPasses } from '../support/until-passes.ts';
import { demoOnTrial, processesOf } from './support/demo-on-trial.ts';

describe(`headframe demo on the ${clusterKind} control plane`, function () {
  this.timeout(180_000);
  const demo = demoOnTrial();

  it('serves a stock kubectl, and leaves no process behind after Ctrl-C', async () => {
    const { program, ok } = await demo.start();

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
    assert.match(await ok('explain', 'minerpool.spec.template.spec'), /containers\s+<\[\]Object> -required-/);

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

    assert.ok((await processesOf(demo.folder)).length > 0, 'the search for processes finds the demo');
    const { code, stderr } = await program.end('SIGINT');
    assert.equal(code, 0, stderr);
    assert.deepEqual(await processesOf(demo.folder), []);
    assert.deepEqual(await readdir(demo.folder), []);
  });

  it('leaves no process behind when it is killed', async () => {
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
