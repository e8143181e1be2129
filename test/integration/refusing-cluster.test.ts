import assert from 'node:assert/strict';
import { findCondition } from '../../src/api/conditions.ts';
import { clusterKind, h100Node } from '../support/test-cluster.ts';
import { untilPasses } from '../support/until-passes.ts';
import { type FleetOnTrial, fleetOnTrial, v100Node } from './support/fleet-on-trial.ts';

describe(`a cluster that refuses pods, on ${clusterKind} API servers`, function () {
  this.timeout(180_000);
  let fleet: FleetOnTrial;

  before(async () => {
    fleet = await fleetOnTrial({
      local: [],
      campus: [v100Node('campus-a', 4)],
      rented: [h100Node('rented-a')],
    });
    // The cheaper one, whose API server knows no such class.
    await fleet.join('campus', {
      pricing: { perV100EquivalentHour: '0.40', models: [] },
      guestPriorityClassName: 'nobody-made-it',
    });
    await fleet.join('rented', { pricing: { perV100EquivalentHour: '0.80', models: [] } });
  });
  after(() => fleet.stop());

  async function isInRented(replicas: number): Promise<void> {
    await untilPasses(async () => {
      const { status } = await fleet.pool('p');
      const ready = findCondition(status?.conditions, 'Ready');
      const counts = [(await fleet.pods('campus', 'p')).length, (await fleet.pods('rented', 'p')).length];
      assert.deepEqual([...counts, ready?.reason], [0, replicas, 'AllReplicasReady'], JSON.stringify(status));
    }, 30_000);
  }

  it('is passed over, and the status says why', async () => {
    await fleet.applyPool('p', { replicas: 2, placement: {} });
    await isInRented(2);
    const { status } = await fleet.pool('p');

    assert.deepEqual(
      status?.placement?.refusals.map(({ cluster, reason, refusedTime }) => [
        cluster,
        reason,
        typeof refusedTime,
      ]),
      [['campus', 'refuses pods: no PriorityClass with name nobody-made-it was found', 'string']],
    );
  });

  it('is known after a restart, when nothing that runs elsewhere moves there', async () => {
    const before = (await fleet.pods('rented', 'p')).map(({ metadata }) => metadata.uid);
    await fleet.restart();
    const moves = { minSavingPercent: 1, minRunSeconds: 0, maxPerHour: 4 };
    await fleet.applyPool('p', { replicas: 3, placement: { moves } });
    await isInRented(3);
    const now = (await fleet.pods('rented', 'p')).map(({ metadata }) => metadata.uid);

    assert.ok(before.every((uid) => now.includes(uid)));
  });

  it('is told apart from one that is misspelt', async () => {
    await fleet.applyPool('q', { replicas: 1, placement: { clusterSelector: { names: ['campsu'] } } });
    await untilPasses(async () => {
      const { status } = await fleet.pool('q');
      const ready = findCondition(status?.conditions, 'Ready');

      assert.equal(ready?.reason, 'NoPlace');
      assert.match(
        ready.message,
        /spec\.placement\.clusterSelector\.names: there is no ComputeCluster 'campsu'; there are campus, rented$/,
      );
    }, 10_000);
  });
});
