import assert from 'node:assert/strict';
import { clusterKind } from '../../support/test-cluster.ts';
import { chaosHere } from './chaos-here.ts';

describe(`the transaction engine under chaos, on anvil and the ${clusterKind} API server`, function () {
  this.timeout(300_000);

  it('has every effect once, whatever is killed, reorganised, forgotten, dear, refused or untrue', async () => {
    const { verdict, figures } = await chaosHere({ poorCapEth: '0.0008' });
    assert.deepEqual(verdict.problems, [], JSON.stringify(figures));
  });

  it('so do two operators at once on the same accounts', async () => {
    const { verdict, figures } = await chaosHere({ operators: 2, kills: 6, seed: 7 });
    assert.deepEqual(verdict.problems, [], JSON.stringify(figures));
  });

  it('can fail: sent before it is written down, effects happen twice', async () => {
    const { verdict } = await chaosHere({
      writeAheadOff: true,
      kills: 60,
      killPercent: 50,
      intentsPerAccount: 40,
    });
    assert.match(verdict.problems.join('\n'), /happened [2-9] times/);
  });
});
