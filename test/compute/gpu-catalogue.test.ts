import assert from 'node:assert/strict';
import type { GpuModelOverride } from '../../src/api/gpu-model-override.ts';
import { aliasesOf } from '../../src/compute/gpu-aliases.ts';
import { builtInCatalogue, createCatalogue } from '../../src/compute/gpu-catalogue.ts';
import { gpuModels } from '../../src/compute/gpu-model.ts';
import { nodeRequirements } from '../../src/compute/gpu-demand.ts';
import { gpuUnit } from '../../src/compute/gpu-unit.ts';

const idsNamed = (name: string): string[] => builtInCatalogue.modelsNamed(name).map(({ id }) => id);

describe('compute/gpu-catalogue', () => {
  it('names every model by its id and by each of its product labels', () => {
    for (const model of gpuModels) {
      assert.deepEqual(builtInCatalogue.modelsNamed(model.id), [model]);
      for (const product of model.products) {
        assert.equal(builtInCatalogue.modelOfProduct(product), model, product);
        assert.deepEqual(builtInCatalogue.modelsNamed(product.toUpperCase()), [model]);
        assert.equal(builtInCatalogue.isAlias(product), false);
      }
    }
  });

  it('agrees with itself: V100 equivalents are TFLOPS / 125', () => {
    for (const { halfTflops, ...model } of gpuModels) {
      const written = (model as unknown as { v100Equivalent: number }).v100Equivalent;
      assert.ok(Math.abs(halfTflops / 125 - written) < 0.001, model.id);
    }
  });

  const names: [name: string, ids: string[]][] = [
    ['NVIDIA-H100-SXM5-80GB', ['h100-sxm5-80gb']],
    ['NVIDIA-H200-SXM5-141GB', ['h200-sxm-141gb']],
    ['nvidia-h200', ['h200-sxm-141gb']],
    ['Tesla-V100', ['v100-sxm2-16gb', 'v100-sxm2-32gb', 'v100-pcie-16gb', 'v100-pcie-32gb']],
    ['NVIDIA-A100', ['a100-pcie-40gb', 'a100-sxm4-40gb', 'a100-pcie-80gb', 'a100-sxm4-80gb']],
    ['a100', ['a100-pcie-40gb', 'a100-sxm4-40gb', 'a100-pcie-80gb', 'a100-sxm4-80gb']],
    ['rtx4090', ['rtx-4090']],
    // No name is found inside another one.
    ['a10', ['a10']],
    ['NVIDIA-A10', ['a10']],
    ['NVIDIA-A10G', ['a10g']],
    ['l4', ['l4']],
    ['l40', ['l40']],
    ['l40s', ['l40s']],
    ['NVIDIA-H20', ['h20-96gb']],
    ['b200', ['b200']],
    ['gb200', ['gb200']],
    ['NVIDIA-B300', ['b300']],
    ['NVIDIA-GB300', ['gb300']],
    ['H10', []],
    ['NVIDIA', []],
    ['', []],
    ['toString', []],
  ];
  for (const [name, ids] of names) {
    it(`understands '${name}' as ${ids.join(' or ') || 'nothing'}`, () => {
      assert.deepEqual(idsNamed(name), ids);
    });
  }

  it('never takes an alias for what a node has', () => {
    for (const alias of ['NVIDIA-H100-SXM5-80GB', 'NVIDIA-A100', 'Tesla-V100', 'rtx4090']) {
      assert.equal(builtInCatalogue.isAlias(alias), true);
      assert.equal(builtInCatalogue.modelOfProduct(alias), undefined);
      assert.equal(gpuUnit(alias).tflops, 0);
    }
  });

  it('asks, by an alias, for every label of the models it may mean, and for nodes that carry the alias itself', () => {
    const demand = { vendor: 'NVIDIA', countPerReplica: 1, minMemoryMiB: 0 } as const;
    const [byAlias] = nodeRequirements({ ...demand, models: ['NVIDIA-H100-SXM5-80GB'] });
    const [slice] = nodeRequirements({ ...demand, models: ['NVIDIA-A100-80GB-mig-1g.10gb'] });

    assert.deepEqual(byAlias?.values, ['NVIDIA-H100-80GB-HBM3', 'NVIDIA-H100-SXM5-80GB']);
    assert.deepEqual(slice?.values, [
      'NVIDIA-A100-80GB-PCIe-MIG-1g.10gb',
      'NVIDIA-A100-PCIE-80GB-MIG-1g.10gb',
      'NVIDIA-A100-SXM4-80GB-MIG-1g.10gb',
      'A100-SXM4-80GB-MIG-1g.10gb',
    ]);
  });

  describe('with what a user says', () => {
    const rows: { what: string; overrides: GpuModelOverride[]; product: string; unit: unknown[] }[] = [
      {
        what: 'a model that nobody knew is listed by its product',
        overrides: [{ product: 'NVIDIA-R100', halfTflops: '4000.5' }],
        product: 'nvidia-r100',
        unit: ['NVIDIA-R100', 4000.5, undefined],
      },
      {
        what: 'or by the id that it is given',
        overrides: [{ product: 'NVIDIA-R100', id: 'r100', halfTflops: '4000.5', memoryMiB: 300_000 }],
        product: 'NVIDIA-R100',
        unit: ['r100', 4000.5, 300_000],
      },
      {
        what: 'a known model has other numbers',
        overrides: [{ product: 'NVIDIA-H100-PCIe', halfTflops: '700' }],
        product: 'NVIDIA-H100-PCIe',
        unit: ['h100-pcie-80gb', 700, 81_559],
      },
      {
        what: 'a label made by hand is a known model',
        overrides: [{ product: 'NVIDIA-A100', id: 'a100-sxm4-80gb', halfTflops: '312' }],
        product: 'NVIDIA-A100',
        unit: ['a100-sxm4-80gb', 312, 81_920],
      },
      {
        what: 'whose other labels stay what they were',
        overrides: [{ product: 'NVIDIA-A100', id: 'A100-SXM4-80GB', halfTflops: '312' }],
        product: 'NVIDIA-A100-SXM4-80GB',
        unit: ['a100-sxm4-80gb', 312, 81_920],
      },
      {
        what: 'a known label is another model',
        overrides: [{ product: 'NVIDIA-L40', id: 'l40-throttled', halfTflops: '90' }],
        product: 'NVIDIA-L40',
        unit: ['l40-throttled', 90, undefined],
      },
      {
        what: 'the last of two that contradict each other counts',
        overrides: [
          { product: 'X', id: 'x', halfTflops: '1' },
          { product: 'Y', id: 'x', halfTflops: '2' },
        ],
        product: 'X',
        unit: ['x', 2, undefined],
      },
      {
        what: 'slices of an added MIG-less model are worth nothing',
        overrides: [{ product: 'NVIDIA-R100', halfTflops: '4000' }],
        product: 'NVIDIA-R100-MIG-1g.10gb',
        unit: ['NVIDIA-R100-mig-1g.10gb', 0, 10_240],
      },
    ];
    for (const { what, overrides, product, unit } of rows) {
      it(what, () => {
        const { listedAs, tflops, memoryMiB } = gpuUnit(product, 1, createCatalogue(overrides));
        assert.deepEqual([listedAs, tflops, memoryMiB], unit);
      });
    }

    it('it is one catalogue for equal lists, and Headframe’s own for none', () => {
      const overrides = [{ product: 'X', halfTflops: '1' }];

      assert.equal(createCatalogue(overrides), createCatalogue(structuredClone(overrides)));
      assert.notEqual(createCatalogue(overrides), builtInCatalogue);
      assert.equal(createCatalogue([]), builtInCatalogue);
      assert.equal(builtInCatalogue.modelOfProduct('X'), undefined);
    });

    it('Gaudis, whose nodes name no model, can be asked for by name once somebody has said what they are', () => {
      const gaudi3 = createCatalogue([
        { product: 'unlabelled-intel', id: 'gaudi3', halfTflops: '1835', memoryMiB: 131_072 },
      ]);
      const demand = { vendor: 'Intel', countPerReplica: 1, minMemoryMiB: 0, models: ['gaudi3'] } as const;
      const nobody = [
        {
          key: 'intel.feature.node.kubernetes.io/gaudi',
          operator: 'In',
          values: ['none-is-large-enough'],
        },
      ];

      assert.deepEqual(nodeRequirements(demand, gaudi3), []);
      assert.deepEqual(nodeRequirements(demand), nobody);
      assert.deepEqual(nodeRequirements({ ...demand, models: [] }), []);
      assert.deepEqual(nodeRequirements({ ...demand, models: [], minMemoryMiB: 131_072 }, gaudi3), []);
      assert.deepEqual(nodeRequirements({ ...demand, models: [], minMemoryMiB: 131_073 }, gaudi3), nobody);
    });

    it('a model without any label can be asked for and is nowhere', () => {
      const demand = {
        vendor: 'NVIDIA',
        countPerReplica: 1,
        minMemoryMiB: 0,
        models: ['gaudi2'],
      } as const;
      assert.deepEqual(nodeRequirements(demand)[0]?.values, ['none-is-large-enough']);
    });
  });
});

describe('compute/gpu-aliases', () => {
  it('mean models that there are', () => {
    for (const [alias, models] of aliasesOf(gpuModels)) {
      assert.ok(models.length > 0, alias);
      assert.equal(new Set(models).size, models.length, alias);
      assert.equal(builtInCatalogue.modelOfProduct(alias), undefined, `${alias} is a product`);
    }
  });
});
