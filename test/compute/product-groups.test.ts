import assert from 'node:assert/strict';
import { createCatalogue } from '../../src/compute/gpu-catalogue.ts';
import type { GpuVendor } from '../../src/compute/gpu-catalogue.ts';
import { productGroups } from '../../src/compute/product-groups.ts';

type Labels = Record<string, string>;

/** Labels of Akash's inventory operator: `a100.ram.80Gi=4` and the like. */
function akash(...capabilities: string[]): Labels {
  return Object.fromEntries(
    capabilities.map((text) => {
      const [name = '', count = ''] = text.split('=');
      return [`akash.network/capabilities.gpu.vendor.nvidia.model.${name}`, count];
    }),
  );
}

/** `<how many> x <listed as>`. */
function groups(vendor: GpuVendor, labels: Labels, allocatable = 8): string[] {
  return productGroups(vendor, labels, allocatable).map(
    ({ unit, allocatable: count }) =>
      `${count} x ${unit.listedAs}${unit.model === undefined ? ' (unknown)' : ''}`,
  );
}

const mi210 = 'amd.com/gpu.product-name.AMD_Instinct_MI210';
const mi300x = 'amd.com/gpu.product-name.AMD_Instinct_MI300X_OAM';

describe('compute/product-groups', () => {
  const rows: {
    what: string;
    vendor?: GpuVendor;
    labels: Labels;
    allocatable?: number;
    groups: string[];
  }[] = [
    { what: 'no label', labels: {}, groups: ['8 x unlabelled-nvidia (unknown)'] },
    {
      what: 'an empty label',
      labels: { 'nvidia.com/gpu.product': '' },
      groups: ['8 x unlabelled-nvidia (unknown)'],
    },
    {
      what: 'the vendor’s label, whatever Akash says',
      labels: { 'nvidia.com/gpu.product': 'NVIDIA-L4', ...akash('a100=8') },
      groups: ['8 x l4'],
    },
    {
      what: 'a Gaudi node, which names no model',
      vendor: 'Intel',
      labels: { 'intel.feature.node.kubernetes.io/gaudi': 'true' },
      groups: ['8 x unlabelled-intel (unknown)'],
    },

    {
      what: 'ROCm’s label before it was stable',
      vendor: 'AMD',
      labels: { 'beta.amd.com/gpu.product-name': 'AMD_Instinct_MI210' },
      groups: ['8 x mi210'],
    },
    {
      what: 'one model, counted',
      vendor: 'AMD',
      labels: { [`beta.${mi210}`]: '8' },
      groups: ['8 x mi210'],
    },
    {
      what: 'one model, some of whose GPUs are not offered now',
      vendor: 'AMD',
      labels: { [mi210]: '8' },
      allocatable: 7,
      groups: ['7 x mi210'],
    },
    {
      what: 'one model, and GPUs that nobody names',
      vendor: 'AMD',
      labels: { [mi210]: '6' },
      groups: ['8 x unlabelled-amd (unknown)'],
    },
    {
      what: 'two models that add up, both prefixes',
      vendor: 'AMD',
      labels: { [mi210]: '2', [mi300x]: '6', [`beta.${mi210}`]: '2', [`beta.${mi300x}`]: '6' },
      groups: ['2 x mi210', '6 x mi300x'],
    },
    {
      what: 'two models that do not add up',
      vendor: 'AMD',
      labels: { [mi210]: '2', [mi300x]: '6' },
      allocatable: 7,
      groups: ['7 x unlabelled-amd (unknown)'],
    },
    {
      what: 'two models, one of them not known',
      vendor: 'AMD',
      labels: { [mi210]: '2', 'amd.com/gpu.product-name.AMD_Radeon_8060S_Graphics': '6' },
      groups: ['2 x mi210', '6 x AMD_Radeon_8060S_Graphics (unknown)'],
    },

    {
      what: 'Akash: memory and interface leave one model',
      labels: akash('a100=8', 'a100.ram.80Gi=8', 'a100.interface.sxm=8'),
      groups: ['8 x a100-sxm4-80gb'],
    },
    {
      what: 'Akash: the memory alone leaves two',
      labels: akash('a100=8', 'a100.ram.80Gi=8'),
      groups: ['8 x a100.80Gi (unknown)'],
    },
    {
      what: 'Akash: the model alone leaves one',
      labels: akash('rtx4090=8'),
      groups: ['8 x rtx-4090'],
    },
    {
      what: 'Akash: the memory fits no model of that name',
      labels: akash('rtx4090=8', 'rtx4090.ram.48Gi=8'),
      groups: ['8 x rtx4090.48Gi (unknown)'],
    },
    {
      what: 'Akash: two sizes of one model',
      labels: akash('a100=8', 'a100.ram.80Gi=4', 'a100.ram.40Gi=4', 'a100.interface.sxm=8'),
      groups: ['8 x a100.sxm (unknown)'],
    },
    {
      what: 'Akash: a size that only some of them are said to have',
      labels: akash('t4=8', 't4.ram.16Gi=4'),
      groups: ['8 x t4 (unknown)'],
    },
    {
      what: 'Akash: a model that the catalogue has without Akash’s name',
      labels: akash('b200=8', 'b200.ram.180Gi=8'),
      groups: ['8 x b200.180Gi (unknown)'],
    },
    {
      what: 'Akash: names that begin alike',
      labels: akash('a10=4', 'a100=4', 'a100.ram.80Gi=4', 'a100.interface.pcie=4'),
      groups: ['4 x a10 (unknown)', '4 x a100-pcie-80gb'],
    },
    {
      what: 'Akash: two models that add up',
      labels: akash('t4=2', 'rtx4090=6'),
      groups: ['6 x rtx-4090', '2 x t4'],
    },
    {
      what: 'Akash: two models that do not',
      labels: akash('t4=2', 'rtx4090=4'),
      groups: ['8 x unlabelled-nvidia (unknown)'],
    },
    {
      what: 'Akash: fewer than the node offers',
      labels: akash('t4=4'),
      groups: ['8 x unlabelled-nvidia (unknown)'],
    },
    {
      what: 'Akash: labels set by hand do not count',
      labels: akash('rtx3090=true', 'rtx3090.ram.24Gi=1'),
      allocatable: 1,
      groups: ['1 x rtx-3090'],
    },
    {
      what: 'Akash: two models, set by hand',
      labels: akash('rtx3090=true', 'rtx3060=true'),
      allocatable: 2,
      groups: ['2 x unlabelled-nvidia (unknown)'],
    },
    {
      what: 'Akash: GPUs of another vendor',
      vendor: 'AMD',
      labels: akash('t4=8'),
      groups: ['8 x unlabelled-amd (unknown)'],
    },
    {
      what: 'Akash: a model of which there are none',
      labels: akash('t4=8', 'rtx4090=0'),
      groups: ['8 x t4'],
    },
  ];
  for (const { what, vendor = 'NVIDIA', labels, allocatable, groups: expected } of rows) {
    it(`${what}: ${expected.join(', ')}`, () => {
      assert.deepEqual(groups(vendor, labels, allocatable), expected);
    });
  }

  const memories: [what: string, vendor: GpuVendor, labels: Labels, memoryMiB: number | undefined][] = [
    ['of the catalogue', 'NVIDIA', { 'nvidia.com/gpu.product': 'NVIDIA-L4' }, 23_034],
    [
      'that NVIDIA’s label says',
      'NVIDIA',
      { 'nvidia.com/gpu.product': 'X', 'nvidia.com/gpu.memory': '16380' },
      16_380,
    ],
    [
      'that ROCm’s label says',
      'AMD',
      { 'amd.com/gpu.product-name': 'X', 'amd.com/gpu.vram': '192G' },
      196_608,
    ],
    ['that ROCm’s old label says', 'AMD', { 'beta.amd.com/gpu.vram': '64G' }, 65_536],
    ['that Akash’s label says', 'NVIDIA', akash('b200=8', 'b200.ram.180Gi=8'), 184_320],
    ['that is no number', 'AMD', { 'amd.com/gpu.vram': 'much' }, undefined],
    ['of a Gaudi', 'Intel', { 'amd.com/gpu.vram': '192G' }, undefined],
  ];
  for (const [what, vendor, labels, memoryMiB] of memories) {
    it(`knows the memory ${what}`, () => {
      assert.equal(productGroups(vendor, labels, 8)[0]?.unit.memoryMiB, memoryMiB);
    });
  }

  it('heeds what a user says of GPUs without a label, and of Akash’s names', () => {
    const catalogue = createCatalogue([
      { product: 'unlabelled-intel', id: 'gaudi3', halfTflops: '1835' },
      { product: 'b200.180Gi', id: 'b200', halfTflops: '2250' },
    ]);
    const labels = akash('b200=8', 'b200.ram.180Gi=8');

    assert.equal(productGroups('Intel', {}, 8, catalogue)[0]?.unit.listedAs, 'gaudi3');
    assert.equal(productGroups('NVIDIA', labels, 8, catalogue)[0]?.unit.tflops, 2250);
  });
});
