import assert from 'node:assert/strict';
import { runProgram } from '../support/operator.ts';
import { clusterKind } from '../support/test-cluster.ts';
import { demoOnTrial, onKind, processesOf } from './support/demo-on-trial.ts';

describe(`headframe demo --check on the ${clusterKind} control plane`, function () {
  this.timeout(180_000);
  const demo = demoOnTrial();

  it('waits for health, prints one line of JSON and ends', async () => {
    const { code, stdout, stderr } = await runProgram(['demo', onKind(clusterKind), '--check'], demo.env)
      .finished;

    assert.equal(code, 0, stderr);
    const lines = stdout.trim().split('\n');
    assert.equal(lines.length, 1);
    const health = JSON.parse(lines[0] ?? '') as Record<string, unknown>;
    assert.equal(health['healthy'], true);
    // Those of the second cluster are not among them.
    assert.equal(health['runningPods'], 10);
    assert.equal(health['clusters'], 2);
    assert.deepEqual(health['placed'], { local: 1, 'partner-university': 3 });
    assert.equal(health['cheapestFirst'], true);
    const stake = health['stake'] as Record<string, unknown>;
    assert.deepEqual([stake['provisioned'], stake['required'], stake['registered']], ['300', '300', 3]);
    assert.equal(Number(stake['epochsCheckedIn']) >= 2, true, stdout);
    assert.equal(Number(stake['rewardsClaimed']) >= 1, true, stdout);
    assert.deepEqual(stake['missing'], []);
    assert.deepEqual(await processesOf(demo.folder), []);
  });
});
