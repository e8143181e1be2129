import assert from 'node:assert/strict';
import type { GpuSample } from '../../../src/compute/usage/gpu-sample.ts';
import type { Holding } from '../../../src/compute/usage/holding.ts';
import { type PodUtilisation, podUtilisations } from '../../../src/compute/usage/pod-utilisation.ts';
import { holding } from './holdings-of.ts';
import { pod, sample } from './samples-of.ts';

function measured(utilisation: number | undefined, uid?: string, namespace = 'ml'): GpuSample {
  return sample({ gpu: 'g', utilisation, pod: pod(namespace, 'a', uid) });
}

describe('compute/usage/pod-utilisation', () => {
  const cases: [
    what: string,
    holds: Partial<Holding>,
    samples: readonly GpuSample[],
    expected: PodUtilisation | undefined,
  ][] = [
    ['its one GPU', {}, [measured(0.5)], { measured: 1, busy: 500_000, busiest: 500_000 }],
    ['an idle GPU is measured', {}, [measured(0)], { measured: 1, busy: 0, busiest: 0 }],
    ['nothing', {}, [], undefined],
    ['a GPU without a value', {}, [measured(undefined)], undefined],
    [
      'each of its GPUs',
      { units: 2 },
      [measured(0.25), measured(0.75)],
      { measured: 2, busy: 1_000_000, busiest: 750_000 },
    ],
    [
      'only some of its GPUs: the others are not idle',
      { units: 8 },
      [measured(0.25), measured(undefined)],
      { measured: 1, busy: 250_000, busiest: 250_000 },
    ],
    [
      'one GPU by two exporters: their mean, once',
      {},
      [measured(0.2), measured(0.4)],
      { measured: 1, busy: 300_000, busiest: 400_000 },
    ],
    ['a pod of the same name elsewhere', {}, [measured(1, undefined, 'other')], undefined],
    ['an earlier pod of the same name', { uid: 'new', name: 'a' }, [measured(1, 'old')], undefined],
    [
      'itself by UID',
      { uid: 'new', name: 'a' },
      [measured(1, 'new')],
      { measured: 1, busy: 1e6, busiest: 1e6 },
    ],
    ['a pod that has ended', { until: 1 }, [measured(1)], undefined],
    ['a pod whose GPUs are no number', { units: NaN }, [measured(1)], undefined],
    ['a GPU that no pod has', {}, [sample({ gpu: 'g', utilisation: 1 })], undefined],
  ];
  for (const [what, holds, samples, expected] of cases) {
    it(`of a pod: ${what}`, () => {
      const held = holding(holds);
      assert.deepEqual(podUtilisations([held], samples).get(held.uid), expected);
    });
  }

  it('stands a pod with more samples than a call may have arguments', () => {
    const samples = Array.from({ length: 200_000 }, () => measured(1));
    assert.equal(podUtilisations([holding()], samples).get('a')?.busy, 1_000_000);
  });
});
