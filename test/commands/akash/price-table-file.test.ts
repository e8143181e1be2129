import assert from 'node:assert/strict';
import { readPriceTable } from '../../../src/commands/akash/price-table-file.ts';
import { ExitError } from '../../../src/commands/exit-error.ts';

describe('commands/akash/price-table-file', () => {
  it('reads a spec.pricing, as YAML or JSON', () => {
    const pricing = { perV100EquivalentHour: '0.40', models: [{ model: 'l4', perGpuHour: '0.5' }] };

    assert.deepEqual(readPriceTable(JSON.stringify(pricing), 'f').pricing, pricing);
    assert.deepEqual(readPriceTable("perV100EquivalentHour: '0.40'", 'f').pricing, {
      perV100EquivalentHour: '0.40',
      models: [],
    });
  });

  it('reads a ComputeCluster, with the models that it adds', () => {
    const { pricing, catalogue } = readPriceTable(
      `
apiVersion: headframe.dev/v1alpha1
kind: ComputeCluster
metadata: { name: local }
spec:
  connection: { type: Local }
  gpuModels: [{ product: NVIDIA-R100, halfTflops: '4000' }]
  pricing: { models: [{ model: NVIDIA-R100, perGpuHour: '9' }] }
status: { gpus: [] }
`,
      'f',
    );

    assert.deepEqual(pricing.models, [{ model: 'NVIDIA-R100', perGpuHour: '9' }]);
    assert.equal(catalogue.modelOfProduct('NVIDIA-R100')?.halfTflops, 4000);
  });

  const refused: { what: string; text: string; says: RegExp }[] = [
    { what: 'what is no YAML', text: 'a: [', says: /'f' cannot be used: it is neither YAML nor JSON/ },
    {
      what: 'an empty file',
      text: '',
      says: /must be a ComputeCluster with spec\.pricing, or a spec\.pricing/,
    },
    { what: 'another kind', text: 'kind: MinerPool', says: /kind: .*ComputeCluster/ },
    { what: 'a cluster without prices', text: 'kind: ComputeCluster\nspec: {}', says: /spec\.pricing: / },
    {
      what: 'a number',
      text: 'perV100EquivalentHour: 0.4',
      says: /perV100EquivalentHour: .*expected string/,
    },
    {
      what: 'a negative price',
      text: "perV100EquivalentHour: '-1'",
      says: /perV100EquivalentHour: '-1' must be US dollars of at least 0/,
    },
    {
      what: 'a negative price of a cluster',
      text: "kind: ComputeCluster\nspec: { pricing: { models: [{ model: l4, perGpuHour: '-1' }] } }",
      says: /spec\.pricing\.models\[0\]\.perGpuHour: '-1' must be/,
    },
    {
      what: 'two prices of one model',
      text: "models: [{ model: t4, perGpuHour: '1' }, { model: Tesla-T4, perGpuHour: '2' }]",
      says: /models\[1\]\.model: 'Tesla-T4' is the same GPU model as 't4'/,
    },
  ];
  for (const { what, text, says } of refused) {
    it(`refuses ${what}`, () => {
      assert.throws(
        () => readPriceTable(text, 'f'),
        (error: Error) => error instanceof ExitError && error.exitCode === 2 && says.test(error.message),
      );
    });
  }
});
