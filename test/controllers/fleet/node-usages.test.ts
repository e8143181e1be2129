import assert from 'node:assert/strict';
import { type Node, Nodes, type Pod, Pods } from '../../../src/api/builtin.ts';
import type { Immutable, KubeObject, ResourceType } from '../../../src/api/kube-object.ts';
import { createCatalogue } from '../../../src/compute/gpu-catalogue.ts';
import { podIndexes } from '../../../src/controllers/caches.ts';
import { createNodeUsages } from '../../../src/controllers/fleet/node-usages.ts';
import type { Informer } from '../../../src/kube/informer.ts';
import { objectStore, type ObjectStoreOptions } from '../../../src/kube/object-store.ts';
import { handInformer } from '../../support/fake-informer.ts';

/** An informer whose store a test writes. */
function writable<T extends KubeObject>(
  type: ResourceType<T>,
  options: ObjectStoreOptions<T> = {},
): Informer<T> & { set(object: T): void; remove(object: T): void } {
  const store = objectStore<T>(options);
  const informer = handInformer(type);
  return {
    ...informer,
    store,
    set: (object) => store.set(object).forEach((change) => informer.emit(change)),
    remove: (object) => store.remove(object).forEach((change) => informer.emit(change)),
  };
}

let version = 0;
function metadata(name: string, namespace?: string): Immutable<KubeObject['metadata']> {
  const resourceVersion = String(++version);
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    uid: name,
    resourceVersion,
    creationTimestamp: '2026-01-01T00:00:00Z',
  };
}

function node(name: string, gpus: number): Node {
  const status = { allocatable: { 'nvidia.com/gpu': String(gpus) } };
  return { apiVersion: 'v1', kind: 'Node', metadata: metadata(name) as Node['metadata'], status };
}

function pod(name: string, nodeName: string | undefined, phase: 'Running' | 'Succeeded' = 'Running'): Pod {
  const containers = [{ name: 'c', resources: { limits: { 'nvidia.com/gpu': '2' } } }];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: metadata(name, 'lab') as Pod['metadata'],
    spec: { containers, ...(nodeName === undefined ? {} : { nodeName }) },
    status: { phase },
  };
}

describe('controllers/fleet/node-usages', () => {
  const nodes = writable<Node>(Nodes);
  const pods = writable<Pod>(Pods, { indexes: podIndexes });
  const usages = createNodeUsages(nodes, pods);
  const held = (): Record<string, string> =>
    Object.fromEntries(
      usages().map(({ gpus, allocated }) => [gpus.node, `${allocated} of ${gpus.allocatable}`]),
    );

  const steps: { what: string; does: () => void; held: Record<string, string> }[] = [
    { what: 'nothing is there', does: () => undefined, held: {} },
    { what: 'a node without GPUs comes', does: () => nodes.set(node('cpu', 0)), held: {} },
    { what: 'a node comes', does: () => nodes.set(node('a', 8)), held: { a: '0 of 8' } },
    { what: 'a pod waits', does: () => pods.set(pod('p', undefined)), held: { a: '0 of 8' } },
    { what: 'it is bound', does: () => pods.set(pod('p', 'a')), held: { a: '2 of 8' } },
    {
      what: 'another comes to a node not seen yet',
      does: () => pods.set(pod('q', 'b')),
      held: { a: '2 of 8' },
    },
    { what: 'that node is seen', does: () => nodes.set(node('b', 4)), held: { a: '2 of 8', b: '2 of 4' } },
    {
      what: 'a pod ends',
      does: () => pods.set(pod('p', 'a', 'Succeeded')),
      held: { a: '0 of 8', b: '2 of 4' },
    },
    { what: 'a pod is deleted', does: () => pods.remove(pod('q', 'b')), held: { a: '0 of 8', b: '0 of 4' } },
    { what: 'a node loses GPUs', does: () => nodes.set(node('b', 3)), held: { a: '0 of 8', b: '0 of 3' } },
    { what: 'a node goes', does: () => nodes.remove(node('a', 8)), held: { b: '0 of 3' } },
  ];
  for (const { what, does, held: expected } of steps) {
    it(`is right after ${what}`, () => {
      does();
      assert.deepEqual(held(), expected);
    });
  }

  it('reads every node again with another catalogue', () => {
    const catalogue = createCatalogue([{ product: 'unlabelled-nvidia', id: 'mine', halfTflops: '1' }]);
    const listed = (): string[] => usages(catalogue).map(({ gpus }) => gpus.unit.listedAs);

    assert.deepEqual(listed(), ['mine']);
    assert.equal(usages(catalogue), usages(catalogue));
    assert.deepEqual(
      usages().map(({ gpus }) => gpus.unit.listedAs),
      ['unlabelled-nvidia'],
    );
  });

  it('is the same array as long as nothing changes', () => {
    const before = usages();
    pods.set(pod('unbound', undefined));
    assert.equal(usages(), before);
    nodes.set(node('b', 3));
    assert.notEqual(usages(), before);
  });
});
