import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { KubeObject, ObjectMeta, OwnerReference } from '../../../src/api/kube-object.ts';
import type { ApiResource } from '../../../src/devcluster/cluster-controllers/api-resources.ts';
import {
  FOREGROUND,
  ORPHAN,
  blocking,
  ownerGraph,
} from '../../../src/devcluster/cluster-controllers/garbage-collector/graph.ts';

const configMaps: ApiResource = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
  verbs: [],
};

function reference(name: string, more: Partial<OwnerReference> = {}): OwnerReference {
  return { apiVersion: 'v1', kind: 'ConfigMap', name, uid: name, ...more };
}

/** Its UID is its name. */
function object(name: string, metadata: Partial<ObjectMeta> = {}): KubeObject {
  const required = { uid: name, resourceVersion: '1', creationTimestamp: '2026-01-01T00:00:00Z' };
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'default', ...required, ...metadata },
  };
}

const deleting = (finalizer: string): Partial<ObjectMeta> => ({
  deletionTimestamp: '2026-01-01T00:00:01Z',
  finalizers: [finalizer],
});

describe('ownerGraph', () => {
  it('asks nothing about an object that its owner keeps', () => {
    const graph = ownerGraph();
    graph.observe(configMaps, object('owner'));

    assert.deepEqual(
      graph.observe(configMaps, object('child', { ownerReferences: [reference('owner')] })),
      [],
    );
  });

  const doubts: [string, Partial<ObjectMeta>][] = [
    ['that nobody knows', { ownerReferences: [reference('nobody')] }],
    ['of another kind', { ownerReferences: [reference('owner', { kind: 'Secret' })] }],
    ['of another name', { ownerReferences: [reference('other', { uid: 'owner' })] }],
    ['of another namespace', { namespace: 'other', ownerReferences: [reference('owner')] }],
  ];
  for (const [title, metadata] of doubts) {
    it(`wants an object looked at that names an owner ${title}`, () => {
      const graph = ownerGraph();
      graph.observe(configMaps, object('owner'));

      assert.deepEqual(graph.observe(configMaps, object('child', metadata)), ['child']);
    });
  }

  it('wants the dependents looked at when their owner is gone', () => {
    const graph = ownerGraph();
    graph.observe(configMaps, object('owner'));
    graph.observe(configMaps, object('a', { ownerReferences: [reference('owner')] }));
    graph.observe(configMaps, object('b', { ownerReferences: [reference('owner')] }));

    assert.deepEqual([...graph.forget('owner')].sort(), ['a', 'b']);
  });

  it('wants owner and dependents looked at when the owner is deleted in the foreground, and the owner when one goes', () => {
    const graph = ownerGraph();
    graph.observe(configMaps, object('owner'));
    const blocker = reference('owner', { blockOwnerDeletion: true });
    graph.observe(configMaps, object('a', { ownerReferences: [blocker] }));
    graph.observe(configMaps, object('b', { ownerReferences: [reference('owner')] }));

    assert.deepEqual([...graph.observe(configMaps, object('owner', deleting(FOREGROUND)))].sort(), [
      'a',
      'b',
      'owner',
    ]);
    const owner = graph.get('owner');
    assert.deepEqual(owner && blocking(owner, graph.dependentsOf('owner')).map(({ uid }) => uid), ['a']);
    assert.deepEqual(graph.forget('a'), ['owner']);
  });

  it('wants the owner looked at when a dependent lets go of it', () => {
    const graph = ownerGraph();
    graph.observe(configMaps, object('owner', deleting(FOREGROUND)));
    graph.observe(configMaps, object('a', { ownerReferences: [reference('owner')] }));

    assert.deepEqual(graph.observe(configMaps, object('a')), ['owner']);
  });

  it('wants an object looked at that is to be deleted without its dependents', () => {
    const graph = ownerGraph();
    graph.observe(configMaps, object('owner'));

    assert.deepEqual(graph.observe(configMaps, object('owner', deleting(ORPHAN))), ['owner']);
  });

  it('knows the dependents of every owner after any history', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd');
    const step = fc.record({ name, owners: fc.uniqueArray(name, { maxLength: 3 }), gone: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const graph = ownerGraph();
        const model = new Map<string, string[]>();
        for (const { name: uid, owners, gone } of steps) {
          if (gone) {
            graph.forget(uid);
            model.delete(uid);
          } else {
            graph.observe(
              configMaps,
              object(uid, { ownerReferences: owners.map((owner) => reference(owner)) }),
            );
            model.set(uid, owners);
          }
        }
        for (const owner of ['a', 'b', 'c', 'd']) {
          const expected = [...model].filter(([, owners]) => owners.includes(owner)).map(([uid]) => uid);
          assert.deepEqual(
            graph
              .dependentsOf(owner)
              .map(({ uid }) => uid)
              .sort(),
            expected.sort(),
          );
        }
      }),
    );
  });
});
