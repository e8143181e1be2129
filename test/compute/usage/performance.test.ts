import assert from 'node:assert/strict';
import { gpuUnit } from '../../../src/compute/gpu-unit.ts';
import { performanceFigures, performanceOf } from '../../../src/compute/usage/performance.ts';
import { holding } from './holdings-of.ts';

const none = new Map();

describe('compute/usage/performance', () => {
  it('200 PFLOPS are 1600 V100', () => {
    assert.deepEqual(performanceOf(1600), { petaflops: 200, v100Equivalents: 1600 });
    const { v100Equivalents } = gpuUnit('Tesla-V100-SXM2-16GB');
    const holdings = Array.from({ length: 200 }, () => holding({ units: 8, v100Equivalents }));
    assert.deepEqual(performanceFigures(holdings, none).busy, { petaflops: 200, v100Equivalents: 1600 });
  });

  it('goes from what runs to what is done with it', () => {
    const { busy, delivered } = performanceFigures(
      [
        holding({ uid: 'a', units: 4, v100Equivalents: 2 }),
        holding({ uid: 'b', units: 2 }),
        holding({ uid: 'ended', units: 50, until: 1 }),
        holding({ uid: 'unknown model', units: 3, v100Equivalents: 0 }),
      ],
      new Map([['a', { measured: 3, busy: 1_500_000, busiest: 900_000 }]]),
    );
    assert.deepEqual([busy.v100Equivalents, delivered?.v100Equivalents], [10, 3]);
  });

  it('does not know what is delivered when nothing that runs is measured', () => {
    const figures = performanceFigures([holding()], none);
    assert.equal(figures.delivered, undefined);
    assert.equal(figures.busy.v100Equivalents, 1);
  });

  it('measured and idle delivers 0, as does a cluster in which nothing runs', () => {
    const utilisations = new Map([['a', { measured: 1, busy: 0, busiest: 0 }]]);
    assert.equal(performanceFigures([holding()], utilisations).delivered?.petaflops, 0);
    assert.equal(performanceFigures([], none).delivered?.petaflops, 0);
  });
});
