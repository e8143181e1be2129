import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Pricing } from '../../../src/api/pricing.ts';
import { createCatalogue } from '../../../src/compute/gpu-catalogue.ts';
import { gpuModels } from '../../../src/compute/gpu-model.ts';
import { gpuUnit, unitOfModel } from '../../../src/compute/gpu-unit.ts';
import { formatUsd, formatUsdCents } from '../../../src/compute/pricing/micro-usd.ts';
import { createPriceTable } from '../../../src/compute/pricing/price-table.ts';
import { pricingProblems } from '../../../src/compute/pricing/pricing-problems.ts';

/** What a unit costs, exactly: `per GPU-hour, per V100-equivalent hour`. */
function price(pricing: Pricing, product: string, slices?: number): string {
  const found = createPriceTable(pricing).priceOf(gpuUnit(product, slices));
  const { perGpuHour, perV100EquivalentHour } = found ?? {};
  return found === undefined
    ? 'none'
    : [perGpuHour, perV100EquivalentHour]
        .map((usd) => (usd === undefined ? 'none' : formatUsd(usd)))
        .join(', ');
}

const perV100e: Pricing = { perV100EquivalentHour: '0.40', models: [] };
const named = (...models: [model: string, perGpuHour: string][]): Pricing => ({
  models: models.map(([model, perGpuHour]) => ({ model, perGpuHour })),
});

const H100 = 'NVIDIA-H100-80GB-HBM3';
const SLICE = 'NVIDIA-A100-SXM4-80GB-MIG-1g.10gb';

describe('compute/pricing/price-table', () => {
  const shown: [product: string, cents: string][] = [
    [H100, '3.17'],
    ['NVIDIA-A100-SXM4-80GB', '1.00'],
    ['NVIDIA-GeForce-RTX-4090', '0.53'],
    ['Tesla-V100-SXM2-16GB', '0.40'],
  ];
  for (const [product, cents] of shown) {
    it(`0.40 a V100-equivalent hour is ${cents} an hour of ${product}`, () => {
      const found = createPriceTable(perV100e).priceOf(gpuUnit(product));
      assert.ok(found);
      assert.equal(formatUsdCents(found.perGpuHour), cents);
    });
  }

  const rows: { what: string; pricing: Pricing; product: string; slices?: number; price: string }[] = [
    { what: 'exactly', pricing: perV100e, product: H100, price: '3.16608, 0.4' },
    { what: 'an unknown model has no price', pricing: perV100e, product: 'NVIDIA-R100', price: 'none' },
    { what: 'nor does a label that is an alias', pricing: perV100e, product: 'NVIDIA-A100', price: 'none' },
    {
      what: 'unless its label is priced',
      pricing: named(['nvidia-r100', '4']),
      product: 'NVIDIA-R100',
      price: '4, none',
    },
    { what: 'a model that is not named', pricing: named(['l4', '1']), product: H100, price: 'none' },
    { what: 'by id', pricing: named(['h100-sxm5-80gb', '2']), product: H100, price: '2, 0.252678' },
    { what: 'by product', pricing: named([H100, '2']), product: H100, price: '2, 0.252678' },
    { what: 'by alias', pricing: named(['NVIDIA-H100', '2']), product: H100, price: '2, 0.252678' },
    {
      what: 'by another product label of the model',
      pricing: named(['A100-SXM4-80GB', '1']),
      product: 'NVIDIA-A100-SXM4-80GB',
      price: '1, 0.400641',
    },
    {
      what: 'the entry that means the fewest models counts',
      pricing: named(['NVIDIA-A100', '1'], ['NVIDIA-A100-80GB', '2'], ['a100-sxm4-80gb', '3']),
      product: 'NVIDIA-A100-SXM4-80GB',
      price: '3, 1.201923',
    },
    {
      what: 'in whatever order',
      pricing: named(['NVIDIA-A100-80GB', '2'], ['NVIDIA-A100', '1']),
      product: 'NVIDIA-A100-80GB-PCIe',
      price: '2, 0.801282',
    },
    {
      what: 'a named model has its own price, others that of a V100-equivalent hour',
      pricing: { ...named(['l4', '0.5']), perV100EquivalentHour: '0.40' },
      product: 'NVIDIA-L40S',
      price: '1.1584, 0.4',
    },
    { what: 'a slice costs its part', pricing: perV100e, product: SLICE, price: '0.142629, 0.4' },
    {
      what: 'of the price of the whole, too',
      pricing: named(['a100-sxm4-80gb', '2.10']),
      product: SLICE,
      price: '0.3, 0.841346',
    },
    {
      what: 'unless the slice is named as the inventory names it',
      pricing: named(['a100-sxm4-80gb', '2.10'], ['a100-sxm4-80gb-mig-1g.10gb', '1']),
      product: SLICE,
      price: '1, 2.804487',
    },
    {
      what: 'time slices share the price',
      pricing: named(['t4', '0.8']),
      product: 'Tesla-T4-SHARED',
      slices: 4,
      price: '0.2, 1.538462',
    },
    {
      what: 'a slice that cannot be has none',
      pricing: perV100e,
      product: 'NVIDIA-L4-MIG-1g.10gb',
      price: 'none',
    },
    {
      what: 'free of charge is a price',
      pricing: { ...perV100e, perV100EquivalentHour: '0' },
      product: H100,
      price: '0, 0',
    },
  ];
  for (const { what, pricing, product, slices, price: expected } of rows) {
    it(`${what}: ${product} costs ${expected}`, () => {
      assert.equal(price(pricing, product, slices), expected);
    });
  }

  it('prices what a user has added', () => {
    const catalogue = createCatalogue([{ product: 'NVIDIA-R100', id: 'r100', halfTflops: '1250' }]);
    const unit = gpuUnit('NVIDIA-R100', 1, catalogue);

    assert.equal(createPriceTable(perV100e, catalogue).priceOf(unit)?.perGpuHour, 4_000_000n);
  });

  it('gives every model a price in proportion to its V100 equivalents, to the millionth', () => {
    fc.assert(
      fc.property(fc.constantFrom(...gpuModels), fc.nat(10_000_000), (model, micros) => {
        const perV100EquivalentHour = (micros / 1e6).toFixed(6);
        const found = createPriceTable({ perV100EquivalentHour, models: [] }).priceOf(
          unitOfModel('x', model),
        );
        assert.ok(found);
        assert.ok(Math.abs(Number(found.perGpuHour) - (micros * model.halfTflops) / 125) <= 0.5 + 1e-6);
        assert.equal(found.perV100EquivalentHour, BigInt(micros));
      }),
    );
  });
});

describe('compute/pricing/pricing-problems', () => {
  const rows: { pricing: Pricing; problems: RegExp[] }[] = [
    { pricing: perV100e, problems: [] },
    { pricing: named(['NVIDIA-A100', '1'], ['a100-sxm4-80gb', '2'], ['never-heard-of', '3']), problems: [] },
    { pricing: named(['h100-sxm5-80gb', '2'], [H100, '2.00']), problems: [] },
    {
      pricing: named(['h100-sxm5-80gb', '2'], [H100, '2.5']),
      problems: [
        /^models\[1\]\.model: 'NVIDIA-H100-80GB-HBM3' is the same GPU model as 'h100-sxm5-80gb' \(models\[0\]\)/,
      ],
    },
    {
      pricing: named(['V100', '2'], ['Tesla-V100', '3']),
      problems: [/^models\[1\]\.model: 'Tesla-V100' is the same GPU model as 'V100'/],
    },
    {
      pricing: { perV100EquivalentHour: '-1', models: [{ model: 'l4', perGpuHour: 'free' }] },
      problems: [
        /^perV100EquivalentHour: '-1' must be US dollars of at least 0/,
        /^models\[0\]\.perGpuHour: 'free' must be US dollars/,
      ],
    },
  ];
  for (const { pricing, problems } of rows) {
    it(`${JSON.stringify(pricing)}: ${problems.length} problems`, () => {
      const found = pricingProblems(pricing);
      assert.equal(found.length, problems.length, found.join('\n'));
      problems.forEach((pattern, index) => assert.match(found[index] ?? '', pattern));
    });
  }
});
