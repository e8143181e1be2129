import assert from 'node:assert/strict';
import type { Node } from '../../../src/api/builtin.ts';
import { type ComputeCluster, ComputeClusterSpec } from '../../../src/api/compute-cluster.ts';
import { createCatalogue } from '../../../src/compute/gpu-catalogue.ts';
import type { NodeUsage } from '../../../src/compute/inventory.ts';
import { nodeGpus } from '../../../src/compute/node-gpus.ts';
import { assess } from '../../../src/controllers/fleet/assess.ts';
import { statusOf } from '../../../src/controllers/computecluster/status.ts';
import { NOW, ago, gpuNode } from '../../support/pool-objects.ts';

const cluster: ComputeCluster = {
  apiVersion: 'headframe.dev/v1alpha1',
  kind: 'ComputeCluster',
  metadata: { name: 'local', uid: 'u', resourceVersion: '1', generation: 2, creationTimestamp: ago(60) },
  spec: ComputeClusterSpec.parse({}),
};

/** What pods hold of a node: a number for the owner's. */
type Held = number | Pick<NodeUsage, 'allocated' | 'guests' | 'leased'>;

function status(
  nodes: Node[],
  held: Record<string, Held> = {},
  spec: Partial<ComputeClusterSpec> = {},
): ReturnType<typeof statusOf> {
  const whole = { ...cluster, spec: { ...cluster.spec, ...spec } };
  const catalogue = createCatalogue(whole.spec.gpuModels);
  const usages = nodes.flatMap((node) => {
    const gpus = nodeGpus(node, catalogue);
    const of = held[node.metadata.name] ?? 0;
    return gpus === undefined ? [] : [{ gpus, ...(typeof of === 'number' ? { allocated: of } : of) }];
  });
  return statusOf(whole, assess({ cluster: whole, nodes, usages }, NOW), NOW);
}

const condition = (of: ReturnType<typeof statusOf>, type: string): string[] =>
  of.conditions.filter((one) => one.type === type).map((one) => `${one.status} ${one.reason} ${one.message}`);

describe('controllers/computecluster/status', () => {
  const cpuOnly = { ...gpuNode('cpu'), status: { conditions: gpuNode('cpu').status!.conditions! } };

  it('is the inventory by model, with its worth as decimal strings', () => {
    const { gpus, totals, nodes, observedGeneration } = status(
      [gpuNode('a'), gpuNode('b', { ready: false }), cpuOnly],
      { a: 3 },
    );

    assert.deepEqual(nodes, { total: 3, ready: 2 });
    assert.equal(observedGeneration, 2);
    assert.deepEqual(gpus, [
      {
        model: 'h100-sxm5-80gb',
        product: 'NVIDIA-H100-80GB-HBM3',
        vendor: 'NVIDIA',
        catalogued: 'Known',
        nodes: 2,
        allocatable: 16,
        allocated: 3,
        guests: 0,
        leased: 0,
        free: 5,
        reserved: 0,
        freeForGuests: 5,
        memoryMiB: 81_559,
        petaflops: '15.83',
        v100Equivalents: '126.643',
      },
    ]);
    assert.deepEqual(totals, {
      allocatable: 16,
      allocated: 3,
      guests: 0,
      leased: 0,
      free: 5,
      reserved: 0,
      freeForGuests: 5,
      petaflops: '15.83',
      v100Equivalents: '126.643',
    });
  });

  it('shows an unknown model as unknown, worth nothing, and says so', () => {
    const labels = { 'nvidia.com/gpu.product': 'NVIDIA-H100-X' };
    const result = status([gpuNode('a', { labels, gpus: 2 })]);

    assert.deepEqual(
      result.gpus.map(({ model, catalogued, allocatable, petaflops, memoryMiB }) => [
        model,
        catalogued,
        allocatable,
        petaflops,
        memoryMiB,
      ]),
      [['NVIDIA-H100-X', 'Unknown', 2, '0', undefined]],
    );
    assert.deepEqual(condition(result, 'GPUModelsKnown'), [
      "False UnknownGPUModels 2 x 'NVIDIA-H100-X': not in the GPU catalogue, counted with 0 PFLOPS",
    ]);
    assert.match(condition(result, 'Ready')[0] ?? '', /^True InventoryKnown/);
  });

  it('observes no generation where the API server counts none', () => {
    const { generation: _none, ...metadata } = cluster.metadata;
    const uncounted = { ...cluster, metadata };
    const assessment = assess({ cluster: uncounted, nodes: [], usages: [] }, NOW);

    assert.equal('observedGeneration' in statusOf(uncounted, assessment, NOW), false);
  });

  it('says that a cluster has no GPUs', () => {
    const result = status([cpuOnly]);

    assert.match(condition(result, 'Ready')[0] ?? '', /^True NoGPUs/);
    assert.deepEqual(condition(result, 'GPUModelsKnown'), ['True AllGPUModelsKnown ']);
  });

  describe('with what the owner says', () => {
    const h100 = (name: string, labels: Record<string, string> = {}): Node =>
      gpuNode(name, { labels: { 'nvidia.com/gpu.product': 'NVIDIA-H100-80GB-HBM3', ...labels } });
    const r100 = gpuNode('r', { labels: { 'nvidia.com/gpu.product': 'NVIDIA-R100' }, gpus: 2 });

    it('leaves out nodes that are excluded or not selected', () => {
      const nodes = [h100('a', { pool: 'shared' }), h100('b', { pool: 'shared' }), h100('c'), cpuOnly];
      const result = status(nodes, { c: 8 }, { nodeSelector: { pool: 'shared' }, excludedNodes: ['b'] });

      assert.deepEqual(result.nodes, { total: 1, ready: 1 });
      assert.equal(result.totals.allocatable, 8);
      assert.equal(result.totals.allocated, 0);
    });

    it('says that no node is left', () => {
      const result = status([h100('a')], {}, { nodeSelector: { pool: 'share' } });

      assert.deepEqual(condition(result, 'Ready'), [
        'True NoMatchingNodes none of 1 nodes takes part; do spec.nodeSelector, spec.excludedNodes and spec.profile mean what they should?',
      ]);
      assert.match(condition(status([]), 'Ready')[0] ?? '', /^True NoGPUs/);
    });

    it('tells guests, leases and the owner apart, and keeps the reserve', () => {
      const held = { a: { allocated: 5, guests: 2, leased: 1 } };
      const { totals, gpus } = status([h100('a')], held, { reserve: '50%' });
      const expected = { allocated: 5, guests: 2, leased: 1, free: 3, reserved: 1, freeForGuests: 2 };

      for (const entry of [totals, gpus[0]!]) {
        const { allocated, guests, leased, free, reserved, freeForGuests } = entry;
        assert.deepEqual({ allocated, guests, leased, free, reserved, freeForGuests }, expected);
      }
    });

    it('takes models that the owner adds', () => {
      const result = status(
        [r100],
        {},
        { gpuModels: [{ product: 'NVIDIA-R100', id: 'r100', halfTflops: '4000', memoryMiB: 300_000 }] },
      );

      assert.deepEqual(
        result.gpus.map(({ model, catalogued, petaflops, memoryMiB }) => [
          model,
          catalogued,
          petaflops,
          memoryMiB,
        ]),
        [['r100', 'Known', '8', 300_000]],
      );
      assert.deepEqual(condition(result, 'GPUModelsKnown'), ['True AllGPUModelsKnown ']);
    });

    it('shows prices, and says which are missing', () => {
      const result = status(
        [h100('a'), r100],
        {},
        { pricing: { perV100EquivalentHour: '0.40', models: [] } },
      );

      assert.deepEqual(
        result.gpus.map(({ model, price }) => [model, price]),
        [
          ['NVIDIA-R100', undefined],
          ['h100-sxm5-80gb', { perGpuHour: '3.16608', perV100EquivalentHour: '0.4' }],
        ],
      );
      assert.deepEqual(condition(result, 'PricesKnown'), [
        "False PricesMissing 2 x 'NVIDIA-R100': not in spec.pricing",
      ]);
    });

    it('shows the price of a model whose performance nobody knows', () => {
      const models = [{ model: 'NVIDIA-R100', perGpuHour: '9.00' }];
      const result = status([r100], {}, { pricing: { models } });

      assert.deepEqual(result.gpus[0]?.price, { perGpuHour: '9' });
      assert.deepEqual(condition(result, 'PricesKnown'), ['True AllPricesKnown ']);
    });

    it('says which prices are for nothing that is known', () => {
      const pricing = { perV100EquivalentHour: '0.4', models: [{ model: 'h10', perGpuHour: '9' }] };

      assert.deepEqual(condition(status([h100('a')], {}, { pricing }), 'PricesKnown'), [
        "False UnknownPricedModels spec.pricing.models[0].model: 'h10' must be a name of the GPU catalogue or a product of a node",
      ]);
    });

    it('says nothing of prices when there is no pricing', () => {
      assert.deepEqual(condition(status([h100('a')]), 'PricesKnown'), []);
    });

    it('prices nothing by a pricing that contradicts itself, and is stalled', () => {
      const models = [
        { model: 't4', perGpuHour: '1' },
        { model: 'Tesla-T4', perGpuHour: '2' },
      ];
      const result = status([h100('a')], {}, { pricing: { perV100EquivalentHour: '0.4', models } });
      const said =
        "PricingInvalid spec.pricing.models[1].model: 'Tesla-T4' is the same GPU model as 't4' (models[0]), so both must have the same perGpuHour";

      assert.equal(result.gpus[0]?.price, undefined);
      assert.deepEqual(condition(result, 'Ready'), [`False ${said}`]);
      assert.deepEqual(condition(result, 'Stalled'), [`True ${said}`]);
      assert.deepEqual(condition(result, 'PricesKnown'), []);
      assert.deepEqual(condition(result, 'OpenToGuests'), ['True AlwaysOpen ']);
    });

    it('lets no guest in by a schedule that cannot be followed, and is stalled', () => {
      const schedule = { timeZone: 'Europe/Berln', windows: [] };
      const result = status([h100('a')], {}, { schedule });

      assert.match(
        condition(result, 'Ready')[0] ?? '',
        /^False ScheduleInvalid spec\.schedule\.timeZone: 'Europe\/Berln' must be/,
      );
      assert.match(condition(result, 'Stalled')[0] ?? '', /^True ScheduleInvalid/);
      assert.deepEqual(condition(result, 'OpenToGuests'), [
        'False ScheduleInvalid spec.schedule cannot be followed',
      ]);
      assert.deepEqual([result.totals.free, result.totals.freeForGuests], [8, 0]);
    });

    it('names all that is wrong', () => {
      const result = status(
        [h100('a')],
        {},
        {
          schedule: { timeZone: 'Nowhere', windows: [] },
          pricing: { perV100EquivalentHour: '-1', models: [] },
        },
      );

      assert.match(
        condition(result, 'Stalled')[0] ?? '',
        /^True ScheduleInvalid spec\.schedule\.timeZone: .*; spec\.pricing\.perV100EquivalentHour: '-1' must be/,
      );
    });

    // NOW is a Thursday, 12:00 UTC.
    const thursday = (start: string, end: string): Partial<ComputeClusterSpec> => ({
      schedule: { timeZone: 'UTC', windows: [{ days: ['Thu'], start, end }] },
    });
    const openings: { what: string; spec: Partial<ComputeClusterSpec>; held?: Held; says: string }[] = [
      { what: 'at any time', spec: {}, says: 'True AlwaysOpen ' },
      {
        what: 'inside of the schedule',
        spec: thursday('08:00', '18:00'),
        says: 'True InsideSchedule it closes at 2026-01-01T18:00:00Z',
      },
      {
        what: 'outside of the schedule',
        spec: thursday('18:00', '08:00'),
        says: 'False OutsideSchedule it opens at 2026-01-01T18:00:00Z',
      },
      {
        what: 'while the owner is busy',
        spec: { onlyWhenIdle: true },
        held: { allocated: 3, guests: 1, leased: 1 },
        says: 'False OwnerBusy 2 GPUs are held by pods that are not Headframe’s, and spec.onlyWhenIdle is true',
      },
      {
        what: 'while only guests hold GPUs',
        spec: { onlyWhenIdle: true },
        held: { allocated: 3, guests: 3 },
        says: 'True AlwaysOpen ',
      },
    ];
    for (const { what, spec, held = 0, says } of openings) {
      it(`is open to guests, or not, ${what}`, () => {
        const result = status([h100('a')], { a: held }, spec);

        assert.deepEqual(condition(result, 'OpenToGuests'), [says]);
        assert.equal(result.totals.freeForGuests, says.startsWith('True') ? result.totals.free : 0);
      });
    }
  });
});
