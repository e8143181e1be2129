import assert from 'node:assert/strict';
import type { ComputeCluster } from '../../../src/api/compute-cluster.ts';
import type { KnownCluster } from '../../../src/controllers/fleet/known-clusters.ts';
import { waitingPod } from '../../support/guest-objects.ts';
import { AWAY, computeCluster, handFleet } from '../../support/hand-fleet.ts';
import { NOW, ago, gpuNode } from '../../support/pool-objects.ts';
import { memberPod } from '../../support/seen-fleet.ts';

function withStatus(cluster: ComputeCluster, status: object): ComputeCluster {
  return { ...cluster, status: status as NonNullable<ComputeCluster['status']> };
}

/** Open from 18:00 to 20:00; {@link NOW} is a Thursday, 12:00. */
const evenings = { timeZone: 'UTC', windows: [{ days: ['Thu' as const], start: '18:00', end: '20:00' }] };
const HOUR_MS = 3_600_000;

describe('controllers/fleet/known-clusters', () => {
  const names = (clusters: readonly KnownCluster[]): string[] => clusters.map(({ name }) => name);

  it('are all that have a ComputeCluster, by name, reachable or not', () => {
    const { known, clusters } = handFleet({ b: {}, a: {}, local: {} });
    (clusters['b'] ?? assert.fail()).view = AWAY;
    const all = known.all(NOW);

    assert.deepEqual(names(all), ['a', 'b', 'local']);
    assert.deepEqual(
      all.map(({ terms }) => terms !== undefined),
      [true, false, true],
    );
  });

  it('leave out the younger of two that are the same cluster, also while the older one cannot be asked', () => {
    const older = withStatus(computeCluster('z', {}, { creationTimestamp: ago(90_000) }), {
      clusterUID: 'u',
    });
    const younger = computeCluster('y');
    const { known, clusters } = handFleet({
      z: { cluster: older, uid: 'u' },
      y: { cluster: younger, uid: 'u' },
    });

    assert.deepEqual(names(known.all(NOW)), ['z']);
    (clusters['z'] ?? assert.fail()).view = AWAY;
    assert.deepEqual(
      known.all(NOW).map(({ name, twins }) => [name, twins]),
      [['z', ['y']]],
    );
  });

  it('leave out the older one of two when it is being deleted, and know it as the other', () => {
    const older = withStatus(computeCluster('z', {}, { deletionTimestamp: ago(1) }), { clusterUID: 'u' });
    const younger = withStatus(computeCluster('y', {}, { creationTimestamp: ago(60) }), { clusterUID: 'u' });
    const { known } = handFleet({ z: { cluster: older }, y: { cluster: younger } });

    assert.deepEqual(
      known.all(NOW).map(({ name, twins }) => [name, twins]),
      [['y', ['z']]],
    );
  });

  it('are leaving when their ComputeCluster is being deleted', () => {
    const cluster = computeCluster('a', {}, { deletionTimestamp: ago(1) });
    const leaving = handFleet({ a: { cluster }, b: {} })
      .known.all(NOW)
      .map(({ isLeaving }) => isLeaving);

    assert.deepEqual(leaving, [true, false]);
  });

  it('say what their owner’s pods wait for', () => {
    const pods = [waitingPod('w', { gpus: 2 }), waitingPod('x'), memberPod('a', 0)];
    const pending = handFleet({ a: { pods } })
      .known.all(NOW)
      .map((cluster) => cluster.pending);

    assert.deepEqual(pending, [{ 'nvidia.com/gpu': 3 }]);
  });

  describe('terms', () => {
    const termsOf = ({ known }: ReturnType<typeof handFleet>, now = NOW): KnownCluster['terms'] =>
      known.all(now)[0]?.terms;

    it('are the same object as long as nothing has changed', () => {
      const fleet = handFleet({ a: { nodes: [gpuNode('n')] } });

      const before = termsOf(fleet);

      assert.equal(termsOf(fleet, NOW + HOUR_MS), before);
    });

    it('follow nodes and pods', () => {
      const fleet = handFleet({ a: { nodes: [gpuNode('n')] } });
      const free = (): number | undefined => termsOf(fleet)?.lines[0]?.freeForGuests;

      assert.equal(free(), 8);
      fleet.clusters['a']?.pods.set(memberPod('a', 0, { node: 'n', gpus: 3 }));
      assert.equal(free(), 5);
    });

    it('follow the spec', () => {
      const fleet = handFleet({ a: { nodes: [gpuNode('n')] } });
      assert.equal(termsOf(fleet)?.lines[0]?.freeForGuests, 8);
      fleet.computeClusters.set(computeCluster('a', { reserve: 2 }, { resourceVersion: '2' }));

      assert.equal(termsOf(fleet)?.lines[0]?.freeForGuests, 6);
    });

    it('follow the schedule, although nothing else changes', () => {
      const fleet = handFleet({
        a: { nodes: [gpuNode('n')], cluster: computeCluster('a', { schedule: evenings }) },
      });
      const free = (hours: number): number | undefined =>
        termsOf(fleet, NOW + hours * HOUR_MS)?.lines[0]?.freeForGuests;

      assert.deepEqual([free(0), free(5.9), free(6), free(7.9), free(8), free(6)], [0, 0, 8, 8, 0, 8]);
    });

    it('follow the end of a quarantine', () => {
      const quarantine = [{ node: 'n', endTime: new Date(NOW + HOUR_MS).toISOString() }];
      const fleet = handFleet({
        a: { nodes: [gpuNode('n')], cluster: withStatus(computeCluster('a'), { quarantine }) },
      });
      const free = (hours: number): number | undefined =>
        termsOf(fleet, NOW + hours * HOUR_MS)?.lines[0]?.free;

      assert.deepEqual([free(0), free(0.9), free(1)], [0, 0, 8]);
    });

    it('follow the beginning of a quarantine, with the very same spec', () => {
      const fleet = handFleet({ a: { nodes: [gpuNode('n')] } });
      assert.equal(termsOf(fleet)?.lines[0]?.free, 8);
      const cluster = fleet.computeClusters.informer.store.get('a') as ComputeCluster;
      const quarantine = [{ node: 'n', endTime: new Date(NOW + HOUR_MS).toISOString() }];
      const metadata = { ...cluster.metadata, resourceVersion: '2' };
      fleet.computeClusters.set(withStatus({ ...cluster, metadata }, { quarantine }));

      assert.equal(termsOf(fleet)?.lines[0]?.free, 0);
    });

    it('are forgotten with their cluster: one of the same name is another', () => {
      const fleet = handFleet({ a: { nodes: [gpuNode('n')] } });
      const before = termsOf(fleet);
      const cluster = fleet.computeClusters.informer.store.get('a') as ComputeCluster;
      fleet.computeClusters.remove(cluster);
      assert.deepEqual(fleet.known.all(NOW), []);
      // The very same spec and nodes.
      fleet.computeClusters.set(cluster);

      assert.notEqual(termsOf(fleet), before);
    });
  });
});
