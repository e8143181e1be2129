import assert from 'node:assert/strict';
import type { Pricing } from '../../../src/api/pricing.ts';
import { NoBidError, pricePerBlock } from '../../../src/compute/akash/price-script.ts';
import { builtInCatalogue, createCatalogue } from '../../../src/compute/gpu-catalogue.ts';

interface Gpu {
  units: number;
  vendor?: Record<string, { model: string; ram?: string; interface?: string }>;
  count?: number;
}

/** An order as the provider writes it (akash-network/provider, bidengine, dataForScript). */
function order(gpus: Gpu[], more: Record<string, unknown> = {}): string {
  return JSON.stringify({
    resources: gpus.map(({ units, vendor = {}, count = 1 }) => ({
      memory: 8_589_934_592,
      cpu: 4000,
      gpu: { units, attributes: { vendor } },
      storage: [{ class: 'ephemeral', size: 10_737_418_240 }],
      count,
      endpoint_quantity: 1,
      ip_lease_quantity: 0,
    })),
    price: { denom: 'uact', amount: '1000000.000000000000000000' },
    price_precision: 6,
    ...more,
  });
}

const a100 = { nvidia: { model: 'a100', ram: '80Gi', interface: 'sxm' } };
const named = (...models: [model: string, perGpuHour: string][]): Pricing => ({
  models: models.map(([model, perGpuHour]) => ({ model, perGpuHour })),
});
const twoDollars = named(['NVIDIA-A100', '2.00']);
const perV100e: Pricing = { perV100EquivalentHour: '0.40', models: [] };

function price(input: string, pricing: Pricing, blocksPerHour = '588.5'): string {
  return pricePerBlock(input, { pricing, catalogue: builtInCatalogue, blocksPerHour });
}

describe('compute/akash/price-script', () => {
  const rows: { what: string; input: string; pricing: Pricing; price: string; blocksPerHour?: string }[] = [
    // 2.00 x 10^6 / 588.5 = 3398.4706...
    {
      what: 'an hour of 588.5 blocks',
      input: order([{ units: 1, vendor: a100 }]),
      pricing: twoDollars,
      price: '3398.470689',
    },
    {
      what: 'to one digit',
      input: order([{ units: 1, vendor: a100 }], { price_precision: 1 }),
      pricing: twoDollars,
      price: '3398.5',
    },
    {
      what: 'to whole uact, up',
      input: order([{ units: 1, vendor: a100 }], { price_precision: 0 }),
      pricing: twoDollars,
      price: '3399',
    },
    {
      what: 'without a precision: six digits',
      input: order([{ units: 1, vendor: a100 }], { price_precision: undefined }),
      pricing: twoDollars,
      price: '3398.470689',
    },
    {
      what: 'blocks of six seconds',
      input: order([{ units: 1, vendor: a100 }]),
      pricing: named(['a100', '3']),
      blocksPerHour: '600',
      price: '5000.000000',
    },
    {
      what: 'every GPU of every replica, and nothing for what has none',
      input: order([
        { units: 2, vendor: a100, count: 3 },
        { units: 0 },
        { units: 1, vendor: { nvidia: { model: 't4' } } },
      ]),
      pricing: named(['a100', '3'], ['t4', '0.6']),
      blocksPerHour: '600',
      price: '31000.000000',
    },
    {
      what: 'by V100 equivalents',
      input: order([{ units: 1, vendor: { nvidia: { model: 'h100', ram: '80Gi', interface: 'sxm' } } }]),
      pricing: perV100e,
      price: '5379.915039',
    },
    {
      what: 'the dearest model that the order leaves open',
      input: order([{ units: 1, vendor: { nvidia: { model: 'h100' } } }]),
      pricing: perV100e,
      price: '5379.915039',
    },
    {
      what: 'the provider’s word for the interface',
      input: order([{ units: 1, vendor: { nvidia: { model: 'h100', interface: 'SXM5' } } }]),
      pricing: named(['h100-sxm5-80gb', '6']),
      blocksPerHour: '600',
      price: '10000.000000',
    },
    {
      what: 'an entry under Akash’s own name, before the model’s',
      input: order([{ units: 1, vendor: a100 }]),
      pricing: named(['a100-sxm4-80gb', '9'], ['a100.80Gi', '3']),
      blocksPerHour: '600',
      price: '5000.000000',
    },
    {
      what: 'a model that Akash knows and the catalogue does not',
      input: order([{ units: 1, vendor: { nvidia: { model: 'gtx1080ti', ram: '11Gi' } } }]),
      pricing: named(['gtx1080ti', '0.06']),
      blocksPerHour: '600',
      price: '100.000000',
    },
    {
      what: 'any model: the dearest that the table names',
      input: order([{ units: 1, vendor: { nvidia: { model: '*' } } }]),
      pricing: named(['t4', '0.6'], ['a100', '3'], ['mi300x', '6']),
      blocksPerHour: '600',
      price: '5000.000000',
    },
    {
      what: 'no attributes: any model of any vendor',
      input: order([{ units: 1 }]),
      pricing: named(['t4', '0.6'], ['mi300x', '6']),
      blocksPerHour: '600',
      price: '10000.000000',
    },
    {
      what: 'exactly what the order offers',
      input: order([{ units: 1, vendor: a100 }], { price: { denom: 'uact', amount: '5000' } }),
      pricing: named(['a100', '3']),
      blocksPerHour: '600',
      price: '5000.000000',
    },
    {
      what: 'eighteen digits',
      input: order([{ units: 1, vendor: a100 }], { price_precision: 18 }),
      pricing: twoDollars,
      price: '3398.470688190314358539',
    },
  ];
  for (const { what, input, pricing, price: expected, blocksPerHour } of rows) {
    it(`${what}: ${expected} uact`, () => {
      assert.equal(price(input, pricing, blocksPerHour), expected);
    });
  }

  const refused: { what: string; input: string; pricing?: Pricing; says: RegExp }[] = [
    { what: 'no JSON', input: '', says: /must be an order as JSON/ },
    { what: 'the form of old providers', input: '[]', says: /not as Akash’s provider writes it/ },
    {
      what: 'fewer than no GPUs',
      input: order([{ units: -1 }]),
      says: /not as Akash’s provider writes it: [\s\S]*units/,
    },
    {
      what: 'another denomination',
      input: order([{ units: 1, vendor: a100 }], { price: { denom: 'uakt', amount: '1000' } }),
      says: /the order pays in 'uakt', but prices are in US dollars: only uact will do/,
    },
    {
      what: 'too low an offer',
      input: order([{ units: 1, vendor: a100 }], { price: { denom: 'uact', amount: '3398.470688' } }),
      says: /offers at most 3398\.470688 uact per block, less than 3398\.470689/,
    },
    { what: 'no GPU', input: order([{ units: 0 }]), says: /asks for no GPU/ },
    { what: 'no replica', input: order([{ units: 1, vendor: a100, count: 0 }]), says: /asks for no GPU/ },
    {
      what: 'a model without a price',
      input: order([{ units: 1, vendor: { nvidia: { model: 'b200', ram: '180Gi' } } }]),
      pricing: perV100e,
      says: /'b200\.180Gi' has no price; add it to models/,
    },
    {
      what: 'a choice of models of which one has no price',
      input: order([{ units: 1, vendor: { nvidia: { model: 'h100' } } }]),
      pricing: named(['h100-pcie-80gb', '2']),
      says: /'h100' has no price/,
    },
    {
      what: 'a choice of vendors of which one has no price',
      input: order([{ units: 1, vendor: { ...a100, amd: { model: 'mi100' } } }]),
      says: /'mi100' has no price/,
    },
    {
      what: 'any model, and no entry',
      input: order([{ units: 1, vendor: { nvidia: { model: '*' } } }]),
      pricing: perV100e,
      says: /takes any GPU model, and the price table names none/,
    },
    {
      what: 'a price of nothing',
      input: order([{ units: 1, vendor: a100 }]),
      pricing: named(['a100', '0']),
      says: /a price of 0 is no bid/,
    },
  ];
  for (const { what, input, pricing = twoDollars, says } of refused) {
    it(`makes no bid for ${what}`, () => {
      assert.throws(
        () => price(input, pricing),
        (error: Error) => error instanceof NoBidError && says.test(error.message),
      );
    });
  }

  it('prices what a user has added under Akash’s name', () => {
    const catalogue = createCatalogue([{ product: 'b200.180Gi.sxm', id: 'b200', halfTflops: '2250' }]);
    const input = order([
      { units: 1, vendor: { nvidia: { model: 'b200', ram: '180Gi', interface: 'sxm' } } },
    ]);

    assert.equal(
      pricePerBlock(input, { pricing: perV100e, catalogue, blocksPerHour: '600' }),
      '12000.000000',
    );
  });
});
