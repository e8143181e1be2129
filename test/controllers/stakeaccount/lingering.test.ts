import assert from 'node:assert/strict';
import { type Pod, Pods } from '../../../src/api/builtin.ts';
import type { KubeObject, ResourceType } from '../../../src/api/kube-object.ts';
import { type MinerPool, MinerPools } from '../../../src/api/miner-pool.ts';
import { lingeringPools } from '../../../src/controllers/stakeaccount/grounds.ts';
import type { Informer } from '../../../src/kube/informer.ts';
import { objectStore } from '../../../src/kube/object-store.ts';
import { handInformer } from '../../support/fake-informer.ts';
import { minerPool, poolPod } from '../../support/pool-objects.ts';
import { allotment, stakeAccount } from '../../support/stake-objects.ts';
import { ask, poolWith } from './goal-grounds.ts';

function cache<T extends KubeObject>(type: ResourceType<T>, objects: readonly T[]): Informer<T> {
  const store = objectStore<T>({});
  objects.forEach((object) => store.set(object));
  return { ...handInformer(type), store };
}

function lingering(asking: readonly MinerPool[], pools: readonly MinerPool[], pods: readonly Pod[]) {
  const caches = { pools: cache(MinerPools, pools), pods: cache(Pods, pods) };
  const account = stakeAccount([allotment({ allotted: 2, ceiling: 2 })]);
  const asks = asking.map((pool) => ask(pool));
  return Object.fromEntries(lingeringPools(account, asks, { caches }));
}

const pod = (ordinal: number): Pod => poolPod({ ordinal, revision: 'r' });

describe('controllers/stakeaccount/grounds: lingering pools', () => {
  it('none that asks', () => {
    const pool = poolWith('pool', 2);
    assert.deepEqual(lingering([pool], [pool], [pod(0)]), {});
  });

  it('one that is gone, as long as it has pods, also above what it was allotted last', () => {
    assert.deepEqual(lingering([], [], []), {});
    assert.deepEqual(lingering([], [], [pod(4)]), { pool: [4] });
  });

  it('one that is not understood, be its pods where they are, and be there none', () => {
    const answer = { allotted: 2, allotmentId: 'account-uid.2', occupied: '0,3' };
    assert.deepEqual(lingering([], [poolWith('pool', 2, answer)], []), { pool: [0, 1, 3] });
    assert.deepEqual(lingering([], [poolWith('pool', 2)], []), { pool: [0, 1] });
  });

  it('one that is not understood by an account that has written nothing yet', () => {
    assert.deepEqual(lingering([], [poolWith('another', 1)], []), { another: [0] });
  });

  it('one that needs no stake any more, until its pods are gone', () => {
    const { stake: _stake, ...spec } = poolWith('pool', 2).spec;
    const pool = { ...minerPool({}), spec };
    assert.deepEqual(lingering([], [pool], [pod(1)]), { pool: [1] });
    assert.deepEqual(lingering([], [pool], []), {});
  });
});
