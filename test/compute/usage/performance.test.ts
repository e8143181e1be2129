import assert from 'node:assert/strict';
import { gpuUnit } from '../../../src/compute/gpu-unit.ts';
import { inventory } from '../../../src/compute/inventory.ts';
import { nodeGpus } from '../../../src/compute/node-gpus.ts';
import { performanceFigures, performanceOf } from '../../../src/compute/usage/performance.ts';
import { holding } from './holdings-of.ts';

const nothing = { allocatable: [], pledged: [], holdings: [], utilisations: new Map() };

function node(name: string, product: string, gpus: number): NonNullable<ReturnType<typeof nodeGpus>> {
  const found = nodeGpus({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      uid: name,
      resourceVersion: '1',
      creationTimestamp: '2026-03-01T10:00:00Z',
      labels: { 'nvidia.com/gpu.product': product },
    },
    status: { allocatable: { 'nvidia.com/gpu': String(gpus) } },
  });
  assert.ok(found !== undefined);
  return found;
}

describe('compute/usage/performance', () => {
  it('200 PFLOPS are 1600 V100', () => {
    assert.deepEqual(performanceOf(1600), { petaflops: 200, v100Equivalents: 1600 });
    const v100 = gpuUnit('Tesla-V100-SXM2-16GB');
    const { peak } = performanceFigures({
      ...nothing,
      allocatable: Array.from({ length: 200 }, () => ({ v100Equivalents: 8 * v100.v100Equivalents })),
    });
    assert.deepEqual(peak, { petaflops: 200, v100Equivalents: 1600 });
  });

  it('two institutions, one with V100 and one with A100, have together what the table says', () => {
    const nodes = [
      ...Array.from({ length: 10 }, (_, index) => node(`a-${index}`, 'Tesla-V100-SXM2-16GB', 8)),
      ...Array.from({ length: 5 }, (_, index) => node(`b-${index}`, 'NVIDIA-A100-SXM4-80GB', 8)),
    ];
    const lines = inventory(nodes.map((gpus) => ({ gpus, allocated: 0 })));
    const { peak } = performanceFigures({ ...nothing, allocatable: lines });
    assert.ok(Math.abs(peak.petaflops - (80 * 125 + 40 * 312) / 1000) < 1e-9, String(peak.petaflops));
  });

  it('goes from what there is to what is done with it', () => {
    const figures = performanceFigures({
      allocatable: [{ v100Equivalents: 100 }],
      pledged: [{ v100Equivalents: 60 }, { v100Equivalents: 20 }],
      holdings: [
        holding({ uid: 'a', units: 4, v100Equivalents: 2 }),
        holding({ uid: 'b', units: 2 }),
        holding({ uid: 'ended', units: 50, until: 1 }),
        holding({ uid: 'unknown model', units: 3, v100Equivalents: 0 }),
      ],
      utilisations: new Map([['a', { measured: 3, busy: 1_500_000, busiest: 900_000 }]]),
    });
    assert.deepEqual(
      Object.entries(figures).map(([name, figure]) => [
        name,
        (figure as { v100Equivalents: number }).v100Equivalents,
      ]),
      [
        ['peak', 100],
        ['pledged', 80],
        ['busy', 10],
        ['delivered', 3],
        ['measured', 6],
      ],
    );
  });

  it('does not know what is delivered when nothing that runs is measured', () => {
    const figures = performanceFigures({ ...nothing, holdings: [holding()] });
    assert.equal(figures.delivered, undefined);
    assert.equal(figures.busy.v100Equivalents, 1);
  });

  it('measured and idle delivers 0, as does a cluster in which nothing runs', () => {
    const utilisations = new Map([['a', { measured: 1, busy: 0, busiest: 0 }]]);
    assert.equal(
      performanceFigures({ ...nothing, holdings: [holding()], utilisations }).delivered?.petaflops,
      0,
    );
    assert.equal(performanceFigures(nothing).delivered?.petaflops, 0);
  });
});
