import assert from 'node:assert/strict';
import type { ComputeCluster } from '../../../src/api/compute-cluster.ts';
import { ComputeClusterStatus } from '../../../src/api/compute-cluster-status.ts';
import type { MinerPool } from '../../../src/api/miner-pool.ts';
import type { ClusterView } from '../../../src/controllers/fleet/cluster-view.ts';
import { listed, onceWritten, poolsIn, stillItself } from '../../../src/controllers/fleet/identity.ts';
import { AWAY, computeCluster, handFleet } from '../../support/hand-fleet.ts';
import { placedPool, placementOf } from '../../support/seen-fleet.ts';

/** @param uid what the status says; undefined: it has none */
function known(name: string, uid: string | undefined, released = false): ComputeCluster {
  const cluster = computeCluster(
    name,
    {},
    { annotations: released ? { 'headframe.dev/release': 'true' } : {} },
  );
  return uid === undefined
    ? cluster
    : { ...cluster, status: { ...ComputeClusterStatus.parse({}), clusterUID: uid } };
}

function answering(uid: string): ClusterView {
  return handFleet({ a: { uid } }).fleet.view('a');
}

const inA = placedPool({ a: [0, 1] });
const elsewhere = placedPool({ b: [0] });

describe('controllers/fleet/identity', () => {
  const table: {
    name: string;
    cluster: ComputeCluster;
    view?: ClusterView;
    pools?: readonly MinerPool[];
    others?: readonly ComputeCluster[];
    /** What the owner of the ComputeCluster sees, and whoever makes pods. */
    expect: [seen: string, counted: string];
  }[] = [
    {
      name: 'the same one',
      cluster: known('a', 'old'),
      view: answering('old'),
      expect: ['reachable', 'reachable'],
    },
    {
      name: 'a new one is used once it is written down',
      cluster: known('a', undefined),
      expect: ['reachable', 'connecting new'],
    },
    {
      name: 'another one, of which pools have replicas: withheld',
      cluster: known('a', 'old'),
      expect: ['ClusterChanged', 'ClusterChanged'],
    },
    {
      name: 'another one, in which replicas may be left behind',
      cluster: known('a', 'old'),
      pools: [placedPool(placementOf({}, { leftBehind: [{ cluster: 'a', ordinals: '3' }] }))],
      expect: ['ClusterChanged', 'ClusterChanged'],
    },
    {
      name: 'another one where nothing was ever made is taken, once it is written down',
      cluster: known('a', 'old'),
      pools: [elsewhere],
      expect: ['reachable', 'connecting new'],
    },
    {
      name: 'another one that is released, too',
      cluster: known('a', 'old', true),
      expect: ['reachable', 'connecting new'],
    },
    {
      name: 'a release waits until a twin of the former one has its pods',
      cluster: known('a', 'old', true),
      others: [known('b', 'old'), known('c', 'new')],
      expect: ['ClusterChanged', 'ClusterChanged'],
    },
    {
      name: 'and goes on when it has them',
      cluster: known('a', 'old', true),
      others: [known('b', 'old')],
      pools: [elsewhere],
      expect: ['reachable', 'connecting new'],
    },
    {
      name: 'one that cannot be asked',
      cluster: known('a', 'old'),
      view: AWAY,
      expect: ['Unreachable', 'Unreachable'],
    },
    {
      name: 'one that is connecting',
      cluster: known('a', 'old'),
      view: { kind: 'connecting' },
      expect: ['connecting', 'connecting'],
    },
    {
      name: 'the one in which Headframe runs is what it is',
      cluster: known('local', 'old'),
      pools: [placedPool({ local: [0] })],
      expect: ['reachable', 'reachable'],
    },
  ];
  const say = (view: ClusterView): string =>
    view.kind === 'away'
      ? view.reason
      : [view.kind, ...(view.kind === 'connecting' ? [view.uid ?? []] : [])].flat().join(' ');

  for (const { name, cluster, view = answering('new'), pools = [inA], others = [], expect } of table) {
    it(name, () => {
      const written = { clusters: { list: () => [cluster, ...others] }, pools: { list: () => pools } };

      assert.deepEqual(
        [stillItself(cluster, view, written), onceWritten(cluster, view, written)].map(say),
        expect,
      );
    });
  }

  it('says what to do', () => {
    const message = (cluster: ComputeCluster, ...others: ComputeCluster[]): string => {
      const written = { clusters: { list: () => [cluster, ...others] }, pools: { list: () => [inA] } };
      const view = stillItself(cluster, answering('new'), written);
      return view.kind === 'away' ? view.message : assert.fail(view.kind);
    };

    assert.equal(
      message(known('a', 'old')),
      'it leads to another cluster than before: the namespace kube-system has UID new instead of old, and replicas of pool default/pool are in the former one; let it lead there again, or go on with the new one and leave there what still runs: kubectl annotate computecluster a headframe.dev/release=true',
    );
    assert.match(message(known('a', 'old', true), known('b', 'old')), /goes over to ComputeCluster b first$/);
  });

  it('finds the pools that have something there, and names a few', () => {
    const pools = { list: () => [inA, elsewhere] };

    assert.deepEqual([poolsIn('a', { pools }), poolsIn('c', { pools })], [['default/pool'], []]);
    assert.equal(listed(['a/a', 'a/b', 'a/c', 'a/d', 'a/e']), 'pools a/a, a/b, a/c and 2 more');
  });
});
