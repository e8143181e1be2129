import assert from 'node:assert/strict';
import fc from 'fast-check';
import { demandOf } from '../../../src/controllers/boards/pool-demand.ts';
import { builtInCatalogue } from '../../../src/compute/gpu-catalogue.ts';
import { minerPool } from '../../support/pool-objects.ts';
import { stake } from '../../support/stake-objects.ts';

const gpus = (
  countPerReplica: number,
  ...models: string[]
): { gpus: ReturnType<typeof minerPool>['spec']['gpus'] } => ({
  gpus: { vendor: 'NVIDIA', countPerReplica, models },
});

describe('controllers/boards/pool-demand', () => {
  const rows = [
    { name: 'a replica is one unit', units: 'Replica', spec: gpus(8), milliUnits: 1000 },
    { name: 'a GPU is one unit', units: 'Gpu', spec: gpus(8), milliUnits: 8000 },
    { name: 'a V100 is one unit', units: 'V100e', spec: gpus(2, 'v100-sxm2-16gb'), milliUnits: 2000 },
    {
      name: 'the largest of several models counts',
      units: 'V100e',
      spec: gpus(2, 'v100-sxm2-16gb', 'h100-sxm5-80gb'),
      milliUnits: 15_831,
    },
    {
      name: 'any model would do',
      units: 'V100e',
      spec: gpus(1),
      problem: /spec.gpus.models names no model/,
    },
    {
      name: 'a model that nobody knows may be the largest',
      units: 'V100e',
      spec: gpus(1, 'h100-sxm5-80gb', 'x9000'),
      problem: /the size of x9000 \(spec.gpus.models\) is not known/,
    },
  ] as const;

  for (const { name, units, spec, ...expected } of rows) {
    it(name, () => {
      const demand = demandOf(minerPool({ ...spec, stake: { ...stake, units } }));

      assert.equal(demand?.milliUnits, 'milliUnits' in expected ? expected.milliUnits : undefined);
      assert.match(demand?.problem ?? '', 'problem' in expected ? expected.problem : /^$/);
    });
  }

  it('a pool without stake asks for none', () => {
    assert.equal(demandOf(minerPool()), undefined);
  });

  it('wants its replicas, and none while it is suspended or being deleted', () => {
    const perUnit = '12.5';
    const staked = { replicas: 4, stake: { ...stake, perUnit } };

    assert.deepEqual(demandOf(minerPool(staked)), { replicas: 4, milliUnits: 1000, perUnit });
    assert.equal(demandOf(minerPool({ ...staked, suspend: true }))?.replicas, 0);
    assert.equal(demandOf(minerPool(staked, { deletionTimestamp: '2026-01-01T00:00:00Z' }))?.replicas, 0);
  });

  it('is a whole number of thousandths above 0, whatever the models', () => {
    const ids = builtInCatalogue.models.map(({ id }) => id);
    fc.assert(
      fc.property(
        fc.constantFrom('Replica', 'Gpu', 'V100e'),
        fc.integer({ min: 1, max: 64 }),
        fc.uniqueArray(fc.constantFrom(...ids), { minLength: 1 }),
        (units, count, models) => {
          const demand = demandOf(minerPool({ ...gpus(count, ...models), stake: { ...stake, units } }));
          const size = demand?.milliUnits ?? -1;
          assert.ok(Number.isSafeInteger(size) && size > 0, String(size));
        },
      ),
    );
  });
});
