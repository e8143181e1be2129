import assert from 'node:assert/strict';
import { Nodes, Pods, type Pod } from '../../src/api/builtin.ts';
import type { KubeObject, ObjectMeta, ResourceType } from '../../src/api/kube-object.ts';
import { mapped, owned, primary } from '../../src/controller/watch-sources.ts';
import type { Change } from '../../src/kube/informer.ts';
import { handInformer } from '../support/fake-informer.ts';

const Pools: ResourceType<KubeObject> = {
  group: 'headframe.dev',
  version: 'v1alpha1',
  kind: 'MinerPool',
  plural: 'minerpools',
  namespaced: true,
};

function pod(metadata: Partial<ObjectMeta>): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'a',
      namespace: 'lab',
      uid: 'u1',
      resourceVersion: '1',
      generation: 1,
      creationTimestamp: '2026-01-01T00:00:00Z',
      ...metadata,
    },
    spec: { containers: [] },
  };
}

function ownedBy(...owners: Partial<NonNullable<ObjectMeta['ownerReferences']>[number]>[]): Pod {
  return pod({
    ownerReferences: owners.map((owner) => ({
      apiVersion: 'headframe.dev/v1alpha1',
      kind: 'MinerPool',
      name: 'pool',
      uid: 'p',
      controller: true,
      ...owner,
    })),
  });
}

function updated(previous: Pod, object: Pod): Change<Pod> {
  return { type: 'updated', previous, object };
}

describe('primary', () => {
  const before = pod({ labels: { a: '1' }, annotations: { b: '2' } });
  const withMeta = (metadata: Partial<ObjectMeta>): Pod => pod({ ...before.metadata, ...metadata });
  const withoutGeneration = ({ metadata: { generation: _, ...metadata }, ...rest }: Pod): Pod => ({
    ...rest,
    metadata,
  });

  const cases: { title: string; change: Change<Pod>; wakes: boolean }[] = [
    { title: 'an added object', change: { type: 'added', object: before, initial: true }, wakes: true },
    { title: 'a deleted object', change: { type: 'deleted', object: before }, wakes: true },
    { title: 'a new status', change: updated(before, withMeta({ resourceVersion: '2' })), wakes: false },
    { title: 'a new finalizer', change: updated(before, withMeta({ finalizers: ['x/y'] })), wakes: false },
    { title: 'a new spec', change: updated(before, withMeta({ generation: 2 })), wakes: true },
    {
      title: 'the mark of deletion',
      change: updated(before, withMeta({ deletionTimestamp: '2026-01-01T00:00:01Z' })),
      wakes: true,
    },
    {
      title: 'another value of a label',
      change: updated(before, withMeta({ labels: { a: '2' } })),
      wakes: true,
    },
    {
      title: 'another label of the same value',
      change: updated(before, withMeta({ labels: { c: '1' } })),
      wakes: true,
    },
    {
      title: 'one label more',
      change: updated(before, withMeta({ labels: { a: '1', c: '1' } })),
      wakes: true,
    },
    { title: 'no label left', change: updated(before, withMeta({ labels: {} })), wakes: true },
    {
      title: 'another annotation',
      change: updated(before, withMeta({ annotations: { b: '3' } })),
      wakes: true,
    },
    {
      title: 'the first annotation ever',
      change: updated(pod({}), pod({ annotations: { b: '3' } })),
      wakes: true,
    },
    {
      title: 'an object made anew under the same name',
      change: updated(before, withMeta({ uid: 'u2' })),
      wakes: true,
    },
    {
      title: 'a new status of a kind without generations',
      change: updated(withoutGeneration(before), withoutGeneration(before)),
      wakes: true,
    },
  ];
  for (const { title, change, wakes } of cases) {
    it(`${title} ${wakes ? 'wakes' : 'does not wake'} the controller`, () => {
      const { keysFor } = primary(handInformer(Pods));
      assert.deepEqual([...keysFor(change)], wakes ? ['lab/a'] : []);
    });
  }
});

describe('owned', () => {
  const cases: { title: string; object: Pod; keys: string[] }[] = [
    { title: 'its controller', object: ownedBy({}), keys: ['lab/pool'] },
    {
      title: 'its controller of another version',
      object: ownedBy({ apiVersion: 'headframe.dev/v1' }),
      keys: ['lab/pool'],
    },
    {
      title: 'its controller among other owners',
      object: ownedBy({ controller: false, name: 'x' }, {}),
      keys: ['lab/pool'],
    },
    { title: 'nobody without owners', object: pod({}), keys: [] },
    { title: 'nobody when no owner controls it', object: ownedBy({ controller: false }), keys: [] },
    { title: 'nobody of another kind', object: ownedBy({ kind: 'ReplicaSet' }), keys: [] },
    { title: 'nobody of another group', object: ownedBy({ apiVersion: 'other.dev/v1alpha1' }), keys: [] },
    { title: 'nobody of the core group', object: ownedBy({ apiVersion: 'v1' }), keys: [] },
  ];
  for (const { title, object, keys } of cases) {
    it(`wakes ${title}`, () => {
      const { keysFor } = owned(handInformer(Pods), Pools);
      assert.deepEqual([...keysFor({ type: 'added', object, initial: false })], keys);
      assert.deepEqual([...keysFor({ type: 'deleted', object })], keys);
    });
  }

  it('wakes by every update, also of the status alone', () => {
    const { keysFor } = owned(handInformer(Pods), Pools);
    assert.deepEqual([...keysFor(updated(ownedBy({}), ownedBy({})))], ['lab/pool']);
  });

  it('wakes the old and the new controller of an object that changes hands', () => {
    const { keysFor } = owned(handInformer(Pods), Pools);
    const change = updated(ownedBy({ name: 'old' }), ownedBy({ name: 'new' }));
    assert.deepEqual([...keysFor(change)], ['lab/old', 'lab/new']);
  });

  it('names cluster-scoped owners without a namespace', () => {
    const { keysFor } = owned(handInformer(Pods), Nodes);
    const object = ownedBy({ apiVersion: 'v1', kind: 'Node', name: 'gpu-1' });
    assert.deepEqual([...keysFor({ type: 'added', object, initial: false })], ['gpu-1']);
  });
});

describe('mapped', () => {
  it('wakes whom its function names, with its delay', () => {
    const informer = handInformer(Pods);
    const source = mapped(informer, ({ object }) => [`of-${object.metadata.name}`], { delayMs: 500 });
    assert.equal(source.informer, informer);
    assert.equal(source.delayMs, 500);
    assert.deepEqual([...source.keysFor(updated(pod({}), pod({})))], ['of-a']);
  });

  it('has no delay unless told', () => {
    assert.equal(mapped(handInformer(Pods), () => []).delayMs, undefined);
  });
});
