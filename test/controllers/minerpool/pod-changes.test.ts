import assert from 'node:assert/strict';
import type { Node, Pod } from '../../../src/api/builtin.ts';
import { asksForSteps, holdChanged, offersChanged } from '../../../src/controllers/minerpool/pod-changes.ts';
import type { Change } from '../../../src/kube/informer.ts';
import { gpuNode, minerPool, poolPod } from '../../support/pool-objects.ts';

const pending = poolPod({ ordinal: 0, revision: 'r' });
const bound = poolPod({ ordinal: 0, revision: 'r', node: 'n' });
const ready = poolPod({ ordinal: 0, revision: 'r', node: 'n', readyFor: 1 });
const failed = poolPod({ ordinal: 0, revision: 'r', node: 'n', phase: 'Failed' });
const going = poolPod({ ordinal: 0, revision: 'r', node: 'n', terminating: true });
const released = { ...bound, metadata: { ...bound.metadata, ownerReferences: [] } };

const changes: { name: string; from: Pod; to: Pod; asks: boolean; asksInUpdate?: boolean; holds: boolean }[] =
  [
    { name: 'is bound', from: pending, to: bound, asks: false, holds: true },
    { name: 'becomes ready', from: bound, to: ready, asks: false, asksInUpdate: true, holds: false },
    { name: 'is ready no more', from: ready, to: bound, asks: false, asksInUpdate: true, holds: false },
    { name: 'fails', from: bound, to: failed, asks: true, holds: true },
    { name: 'begins to go', from: bound, to: going, asks: true, holds: false },
    { name: 'belongs to nobody any more', from: bound, to: released, asks: true, holds: false },
    { name: 'stays as it is', from: bound, to: bound, asks: false, holds: false },
  ];

describe('controllers/minerpool/pod-changes', () => {
  const rolling = {
    ...minerPool(),
    status: { currentRevision: 'old', updateRevision: 'new' } as never,
  };
  for (const { name, from, to, asks, asksInUpdate = asks, holds } of changes) {
    const change: Change<Pod> = { type: 'updated', previous: from, object: to };
    it(`a pod that ${name} ${asks ? 'asks' : 'does not ask'} for a step`, () => {
      assert.equal(asksForSteps(change, minerPool()), asks);
      assert.equal(asksForSteps(change, undefined), asks);
      assert.equal(asksForSteps(change, rolling), asksInUpdate);
      assert.equal(holdChanged(change), holds);
    });
  }

  it('a pod that comes or is gone asks for a step', () => {
    assert.equal(asksForSteps({ type: 'added', object: bound, initial: true }, undefined), true);
    assert.equal(asksForSteps({ type: 'deleted', object: bound }, undefined), true);
  });

  it('takes GPUs when it comes bound, but for the first list, and frees them when it goes', () => {
    assert.equal(holdChanged({ type: 'added', object: bound, initial: false }), true);
    assert.equal(holdChanged({ type: 'added', object: bound, initial: true }), false);
    assert.equal(holdChanged({ type: 'added', object: pending, initial: false }), false);
    assert.equal(holdChanged({ type: 'deleted', object: bound }), true);
    assert.equal(holdChanged({ type: 'deleted', object: failed }), false);
  });

  const nodes: [name: string, node: Node, isNew: boolean][] = [
    ['stays', gpuNode('n'), false],
    ['is cordoned', gpuNode('n', { cordoned: true }), true],
    ['is not ready', gpuNode('n', { ready: false }), true],
    ['has other labels', gpuNode('n', { labels: {} }), true],
    ['has other GPUs', gpuNode('n', { gpus: 4 }), true],
  ];
  for (const [name, node, isNew] of nodes) {
    it(`a node that ${name} ${isNew ? 'offers something else' : 'offers the same'}`, () => {
      assert.equal(offersChanged(gpuNode('n'), node), isNew);
    });
  }
});
