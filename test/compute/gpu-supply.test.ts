import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Node, Pod } from '../../src/api/builtin.ts';
import { describeDemand, nodeRequirements, type GpuDemand } from '../../src/compute/gpu-demand.ts';
import { gpuSupply } from '../../src/compute/gpu-supply.ts';
import { freeOn, inventory, type NodeUsage } from '../../src/compute/inventory.ts';
import { nodeGpus, notReadySince } from '../../src/compute/node-gpus.ts';
import { matchesRequirements } from '../../src/compute/node-selector.ts';
import { podGpuRequest } from '../../src/compute/pod-gpus.ts';
import { NOW, gpuNode, poolPod } from '../support/pool-objects.ts';

const demand = (more: Partial<GpuDemand> = {}): GpuDemand => ({
  vendor: 'NVIDIA',
  countPerReplica: 1,
  models: [],
  minMemoryMiB: 0,
  ...more,
});

function usage(node: Node, allocated = 0): NodeUsage {
  const gpus = nodeGpus(node);
  assert.ok(gpus);
  return { gpus, allocated };
}

const a100 = { 'nvidia.com/gpu.product': 'NVIDIA-A100-SXM4-80GB', 'nvidia.com/gpu.memory': '81920' };
const mi300x = { 'amd.com/gpu.product-name': 'AMD_Instinct_MI300X_OAM' };

function amdNode(name: string, labels: Record<string, string>, gpus = 8): Node {
  const node = gpuNode(name, { labels });
  return { ...node, status: { ...node.status, allocatable: { 'amd.com/gpu': String(gpus) } } };
}

describe('compute/gpu-demand', () => {
  it('turns a catalogue id into every product label of the model', () => {
    assert.deepEqual(nodeRequirements(demand({ models: ['a100-sxm4-80gb'] })), [
      { key: 'nvidia.com/gpu.product', operator: 'In', values: ['NVIDIA-A100-SXM4-80GB', 'A100-SXM4-80GB'] },
    ]);
  });

  it('keeps a product label that the catalogue does not know as it is', () => {
    assert.deepEqual(nodeRequirements(demand({ models: ['NVIDIA-R100'] })), [
      { key: 'nvidia.com/gpu.product', operator: 'In', values: ['NVIDIA-R100'] },
    ]);
  });

  it('compares NVIDIA memory by the label, and AMD memory by the catalogue', () => {
    assert.deepEqual(nodeRequirements(demand({ minMemoryMiB: 40_960 })), [
      { key: 'nvidia.com/gpu.memory', operator: 'Gt', values: ['40959'] },
    ]);
    const [amd] = nodeRequirements(demand({ vendor: 'AMD', minMemoryMiB: 200 * 1024 }));
    assert.equal(amd?.key, 'amd.com/gpu.product-name');
    assert.ok(amd.values?.includes('AMD_Instinct_MI325X'));
    assert.ok(!amd.values!.includes('AMD_Instinct_MI300X'));
  });

  it('asks for what nobody has when no product will do, never for an empty list, which is invalid', () => {
    const [tooLarge] = nodeRequirements(demand({ vendor: 'AMD', minMemoryMiB: 400 * 1024 }));
    const [unknown] = nodeRequirements(demand({ vendor: 'AMD', minMemoryMiB: 1024, models: ['AMD_Future'] }));

    assert.deepEqual(tooLarge?.values, ['none-is-large-enough']);
    assert.deepEqual(unknown?.values, ['none-is-large-enough']);
  });

  it('finds whatever the inventory lists by the name that it lists it under', () => {
    const products = [
      'NVIDIA-H100-80GB-HBM3',
      'NVIDIA-A100-SXM4-80GB-MIG-1g.10gb',
      'Tesla-T4-SHARED',
      'NVIDIA-Prototype-X1',
    ];
    for (const product of products) {
      const node = usage(gpuNode('n', { labels: { 'nvidia.com/gpu.product': product } }));

      assert.equal(gpuSupply(demand({ models: [node.gpus.unit.listedAs] }), [node]).total, 8, product);
    }
  });

  it('asks for nothing when any GPU will do', () => {
    assert.deepEqual(nodeRequirements(demand()), []);
  });

  it('says itself in words', () => {
    assert.equal(describeDemand(demand()), 'any NVIDIA GPU');
    assert.equal(
      describeDemand(demand({ models: ['a', 'b'], minMemoryMiB: 40_960 })),
      'a or b with at least 40960 MiB',
    );
  });
});

describe('compute/gpu-supply', () => {
  const nodes = [
    usage(gpuNode('h1'), 6),
    usage(gpuNode('h2'), 5),
    usage(gpuNode('a1', { labels: a100 })),
    usage(amdNode('m1', mi300x), 2),
  ];
  const rows: {
    name: string;
    demand: GpuDemand;
    total: number;
    free: number;
    nodes: number;
    fitting: number;
  }[] = [
    { name: 'any NVIDIA', demand: demand(), total: 24, free: 13, nodes: 3, fitting: 13 },
    {
      name: 'one model, by label',
      demand: demand({ models: ['NVIDIA-H100-80GB-HBM3'] }),
      total: 16,
      free: 5,
      nodes: 2,
      fitting: 5,
    },
    {
      name: 'one model, by id, two a replica: the GPUs of a replica are on one node',
      demand: demand({ models: ['h100-sxm5-80gb'], countPerReplica: 2 }),
      total: 16,
      free: 5,
      nodes: 2,
      fitting: 2,
    },
    {
      name: 'memory that only the A100 has',
      demand: demand({ minMemoryMiB: 81_920 }),
      total: 8,
      free: 8,
      nodes: 1,
      fitting: 8,
    },
    { name: 'AMD', demand: demand({ vendor: 'AMD' }), total: 8, free: 6, nodes: 1, fitting: 6 },
    {
      name: 'a model nobody has',
      demand: demand({ models: ['b200'] }),
      total: 0,
      free: 0,
      nodes: 0,
      fitting: 0,
    },
  ];
  for (const { name, demand: wanted, total, free, nodes: nodesWithFree, fitting } of rows) {
    it(name, () => {
      assert.deepEqual(gpuSupply(wanted, nodes), { total, free, nodesWithFree, replicasFitting: fitting });
    });
  }

  it('counts GPUs of cordoned nodes and of nodes that are away, but not as free', () => {
    const away = [usage(gpuNode('h1', { cordoned: true })), usage(gpuNode('h2', { ready: false }))];

    assert.deepEqual(gpuSupply(demand(), away), { total: 16, free: 0, nodesWithFree: 0, replicasFitting: 0 });
  });

  it('heeds the node selector of the template', () => {
    const zone = [{ key: 'zone', operator: 'In' as const, values: ['z1'] }];

    assert.equal(gpuSupply(demand(), nodes, zone).total, 0);
  });
});

describe('compute/inventory', () => {
  it('lists GPUs by model, sorted, with their worth', () => {
    const lines = inventory([
      usage(gpuNode('h2'), 1),
      usage(gpuNode('x', { labels: { 'nvidia.com/gpu.product': 'NVIDIA-R100' }, gpus: 2 })),
      usage(gpuNode('h1', { cordoned: true }), 3),
      usage(gpuNode('u', { labels: {}, gpus: 1 })),
    ]);

    assert.deepEqual(
      lines.map(({ model, known, nodes, allocatable, allocated, free }) => [
        model,
        known,
        nodes,
        allocatable,
        allocated,
        free,
      ]),
      [
        ['NVIDIA-R100', false, 1, 2, 0, 2],
        ['h100-sxm5-80gb', true, 2, 16, 4, 7],
        ['unlabelled-nvidia', false, 1, 1, 0, 1],
      ],
    );
    assert.equal(lines[1]?.tflops, 16 * 989.4);
    assert.equal(lines[0]?.tflops, 0);
  });

  it('counts the better GPUs of a node with several models as held first', () => {
    const labels = {
      'amd.com/gpu.product-name.AMD_Instinct_MI210': '4',
      'amd.com/gpu.product-name.AMD_Instinct_MI300X_OAM': '4',
    };
    const lines = inventory([{ ...usage(amdNode('m', labels), 6), guests: 3, leased: 2 }]);

    assert.deepEqual(
      lines.map(({ model, nodes, allocatable, allocated, guests, leased, free }) => ({
        model,
        nodes,
        allocatable,
        allocated,
        guests,
        leased,
        free,
      })),
      [
        { model: 'mi210', nodes: 1, allocatable: 4, allocated: 2, guests: 0, leased: 1, free: 2 },
        { model: 'mi300x', nodes: 1, allocatable: 4, allocated: 4, guests: 3, leased: 1, free: 0 },
      ],
    );
  });

  it('conserves GPUs: the lines add up to the nodes, and free never exceeds what is not held', () => {
    const akash = 'akash.network/capabilities.gpu.vendor.nvidia.model';
    const anyLabels = fc.constantFrom<Record<string, string>>(
      { 'nvidia.com/gpu.product': 'NVIDIA-H100-80GB-HBM3' },
      { 'nvidia.com/gpu.product': 'NVIDIA-R100' },
      { 'nvidia.com/gpu.product': 'NVIDIA-A100-SXM4-80GB-MIG-1g.10gb' },
      { [`${akash}.t4`]: '2', [`${akash}.rtx4090`]: '3' },
      { [`${akash}.t4`]: '1', [`${akash}.rtx4090`]: '1', [`${akash}.a40`]: '6' },
    );
    const anyUsage = fc
      .record({
        name: fc.string({ minLength: 1, maxLength: 5 }),
        labels: anyLabels,
        gpus: fc.integer({ min: 1, max: 16 }),
        held: fc.nat(16),
        guests: fc.nat(16),
        leased: fc.nat(16),
        ready: fc.boolean(),
        cordoned: fc.boolean(),
      })
      .map(({ name, held, guests, leased, ...options }) => ({
        ...usage(gpuNode(name, options), held),
        guests: Math.min(guests, held),
        leased: Math.min(leased, held - Math.min(guests, held)),
      }));
    fc.assert(
      fc.property(fc.array(anyUsage), (usages) => {
        const lines = inventory(usages);
        const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
        assert.equal(
          sum(lines.map((line) => line.allocatable)),
          sum(usages.map(({ gpus }) => gpus.allocatable)),
        );
        assert.equal(sum(lines.map((line) => line.allocated)), sum(usages.map(({ allocated }) => allocated)));
        assert.equal(sum(lines.map((line) => line.free)), sum(usages.map(freeOn)));
        assert.equal(sum(lines.map((line) => line.guests)), sum(usages.map(({ guests }) => guests)));
        assert.equal(sum(lines.map((line) => line.leased)), sum(usages.map(({ leased }) => leased)));
        assert.equal(sum(lines.map((line) => line.nodes)), sum(usages.map(({ gpus }) => gpus.groups.length)));
        assert.ok(lines.every((line) => line.guests + line.leased <= line.allocated));
        assert.equal(new Set(lines.map((line) => line.model)).size, lines.length);
        // Of nodes that it was asked for before it knows the lines: they must be what they were.
        assert.deepEqual(inventory(usages), lines);
        assert.deepEqual(inventory(structuredClone(usages)), lines);
      }),
    );
  });
});

describe('compute/node-gpus', () => {
  it('has no name for what a pod gets on a node with several models, or without a product label', () => {
    const mixed = amdNode('m', {
      'amd.com/gpu.product-name.AMD_Instinct_MI300X_OAM': '4',
      'amd.com/gpu.product-name.AMD_Instinct_MI210': '4',
    });

    assert.equal(nodeGpus(mixed)?.unit.listedAs, 'unlabelled-amd');
    assert.equal(nodeGpus(mixed)?.groups.length, 2);
    assert.equal(nodeGpus(gpuNode('n', { labels: {} }))?.unit.listedAs, 'unlabelled-nvidia');
  });

  it('divides a GPU among its time slices', () => {
    const labels = { 'nvidia.com/gpu.product': 'Tesla-T4-SHARED', 'nvidia.com/gpu.replicas': '4' };

    assert.equal(nodeGpus(gpuNode('t', { labels }))?.unit.tflops, 65 / 4);
  });

  it('finds no GPUs where none are allocatable', () => {
    assert.equal(nodeGpus(gpuNode('n', { gpus: 0 })), undefined);
    assert.equal(nodeGpus({ ...gpuNode('n'), status: {} }), undefined);
  });

  it('says since when a node is away', () => {
    assert.equal(notReadySince(gpuNode('n')), undefined);
    assert.equal(notReadySince(gpuNode('n', { ready: false })), NOW - 120_000);
    assert.equal(notReadySince({ ...gpuNode('n'), status: {} }), NOW - 86_400_000);
  });
});

describe('compute/node-selector', () => {
  const labels = { gpu: 'a', memory: '100' };
  const rows: [
    operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt',
    key: string,
    values: string[],
    expected: boolean,
  ][] = [
    ['In', 'gpu', ['a', 'b'], true],
    ['In', 'gpu', ['b'], false],
    ['In', 'none', ['a'], false],
    ['NotIn', 'gpu', ['b'], true],
    ['NotIn', 'gpu', ['a'], false],
    ['NotIn', 'none', ['a'], true],
    ['Exists', 'gpu', [], true],
    ['Exists', 'none', [], false],
    ['DoesNotExist', 'gpu', [], false],
    ['DoesNotExist', 'none', [], true],
    ['Gt', 'memory', ['99'], true],
    ['Gt', 'memory', ['100'], false],
    ['Lt', 'memory', ['101'], true],
    ['Lt', 'memory', ['100'], false],
    ['Gt', 'gpu', ['1'], false],
    ['Lt', 'gpu', ['1'], false],
    ['Gt', 'none', ['1'], false],
  ];
  for (const [operator, key, values, expected] of rows) {
    it(`${key} ${operator} ${values.join()} is ${expected}`, () => {
      assert.equal(matchesRequirements(labels, [{ key, operator, values }]), expected);
    });
  }
});

describe('compute/pod-gpus', () => {
  it('adds up containers and sidecars, and takes the largest init container if that is more', () => {
    const gpus = (count: number): { limits: Record<string, string> } => ({
      limits: { 'nvidia.com/gpu': String(count) },
    });
    const plain = poolPod({ ordinal: 0, revision: 'r' });
    const containers = [
      { name: 'a', resources: gpus(1) },
      { name: 'b', resources: gpus(2) },
    ];
    const sidecar = { name: 's', restartPolicy: 'Always' as const, resources: gpus(1) };
    const init = { name: 'i', resources: gpus(8) };
    const withInit = (...initContainers: (typeof init)[]): Pod => ({
      ...plain,
      spec: { ...plain.spec, containers, initContainers },
    });

    assert.equal(podGpuRequest(withInit(), 'nvidia.com/gpu'), 3);
    assert.equal(podGpuRequest(withInit(sidecar), 'nvidia.com/gpu'), 4);
    const both = withInit(sidecar, init);
    assert.equal(podGpuRequest(both, 'nvidia.com/gpu'), 8);
    assert.equal(podGpuRequest(both, 'amd.com/gpu'), 0);
    assert.equal(podGpuRequest(both, 'nvidia.com/gpu'), 8);
  });
});
