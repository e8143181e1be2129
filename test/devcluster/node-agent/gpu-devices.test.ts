import assert from 'node:assert/strict';
import { gpuAllocator, gpuDevices } from '../../../src/devcluster/node-agent/gpu-devices.ts';
import { container } from './pod-objects.ts';

const resource = 'nvidia.com/gpu';

function wants(...counts: number[]) {
  return {
    containers: counts.map((count, index) =>
      container({ name: `c${index}`, resources: { limits: { [resource]: String(count) } } }),
    ),
  };
}

function indexes(allocation: ReadonlyMap<string, readonly { index: number }[]>): Record<string, number[]> {
  return Object.fromEntries([...allocation].map(([name, gpus]) => [name, gpus.map(({ index }) => index)]));
}

describe('gpuDevices', () => {
  it('have UUIDs of the vendor form, the same in every run and different on every node', () => {
    const [first] = gpuDevices('rack-a', 2);

    assert.match(first!.uuid, /^GPU-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    assert.deepEqual(gpuDevices('rack-a', 2), gpuDevices('rack-a', 2));
    assert.notEqual(first!.uuid, gpuDevices('rack-b', 1)[0]!.uuid);
  });
});

describe('gpuAllocator', () => {
  it('gives each container its own, and takes them back', () => {
    const allocator = gpuAllocator(gpuDevices('rack-a', 4), resource);

    assert.deepEqual(indexes(allocator.allocate('a', wants(1, 2))), { c0: [0], c1: [1, 2] });
    assert.deepEqual(indexes(allocator.allocate('b', wants(1))), { c0: [3] });
    allocator.release('a');
    assert.deepEqual(indexes(allocator.allocate('c', wants(2))), { c0: [0, 1] });
  });

  it('gives a pod that asks again the same', () => {
    const allocator = gpuAllocator(gpuDevices('rack-a', 4), resource);

    assert.equal(allocator.allocate('a', wants(2)), allocator.allocate('a', wants(2)));
  });

  it('gives no GPU twice and none that is not there', () => {
    const allocator = gpuAllocator(gpuDevices('rack-a', 2), resource);
    allocator.allocate('a', wants(1));

    assert.deepEqual(indexes(allocator.allocate('b', wants(2))), { c0: [1] });
    assert.deepEqual(indexes(allocator.allocate('c', wants(1))), { c0: [] });
  });

  it('gives none to a container that asks for none', () => {
    const allocator = gpuAllocator(gpuDevices('rack-a', 2), resource);

    assert.deepEqual(indexes(allocator.allocate('a', { containers: [container()] })), { main: [] });
  });
});
