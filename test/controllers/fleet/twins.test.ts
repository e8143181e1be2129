import assert from 'node:assert/strict';
import { type ComputeCluster, ComputeClusterSpec } from '../../../src/api/compute-cluster.ts';
import { ComputeClusterStatus } from '../../../src/api/compute-cluster-status.ts';
import { olderTwin, twinsOf } from '../../../src/controllers/fleet/twins.ts';

function cluster(name: string, second: number, uid?: string): ComputeCluster {
  return {
    apiVersion: 'headframe.dev/v1alpha1',
    kind: 'ComputeCluster',
    metadata: {
      name,
      uid: `uid-of-${name}`,
      resourceVersion: '1',
      creationTimestamp: `2026-01-01T00:00:0${second}Z`,
    },
    spec: ComputeClusterSpec.parse({}),
    status: { ...ComputeClusterStatus.parse({}), ...(uid === undefined ? {} : { clusterUID: uid }) },
  };
}

describe('controllers/fleet/twins', () => {
  const all = [cluster('b', 1, 'x'), cluster('a', 1, 'x'), cluster('c', 0, 'y'), cluster('d', 2, 'x')];
  const table: [who: string, second: number, uid: string | undefined, twin: string | undefined][] = [
    ['d', 2, 'x', 'a'],
    ['b', 1, 'x', 'a'],
    ['a', 1, 'x', undefined],
    ['c', 0, 'y', undefined],
    ['new', 3, 'y', 'c'],
    ['new', 3, 'z', undefined],
    ['new', 3, undefined, undefined],
  ];
  for (const [who, second, uid, twin] of table) {
    it(`${who}, made in second ${second}, is ${uid ?? 'unknown'}: ${twin ?? 'nobody'} counts instead`, () => {
      assert.equal(olderTwin(cluster(who, second), uid, all)?.metadata.name, twin);
    });
  }

  it('wakes all of the same cluster when one comes, goes or turns out to be another', () => {
    const d = cluster('d', 2, 'x');
    assert.deepEqual(twinsOf({ type: 'added', object: d, initial: false }, all), ['b', 'a']);
    assert.deepEqual(twinsOf({ type: 'deleted', object: d }, all), ['b', 'a']);
    const moved = cluster('d', 2, 'y');
    assert.deepEqual(twinsOf({ type: 'updated', previous: d, object: moved }, all), ['b', 'a', 'c']);
    assert.deepEqual(twinsOf({ type: 'updated', previous: d, object: d }, all), []);
    assert.deepEqual(twinsOf({ type: 'added', object: cluster('e', 1), initial: false }, all), []);
  });
});
