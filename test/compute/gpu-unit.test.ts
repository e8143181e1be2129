import assert from 'node:assert/strict';
import { createCatalogue } from '../../src/compute/gpu-catalogue.ts';
import { gpuUnit } from '../../src/compute/gpu-unit.ts';

describe('compute/gpu-unit', () => {
  const units: [
    product: string,
    listedAs: string,
    tflops: number,
    memoryMiB: number | undefined,
    slices?: number,
  ][] = [
    ['NVIDIA-H100-80GB-HBM3', 'h100-sxm5-80gb', 989.4, 81_559],
    ['nvidia-h100-80gb-hbm3', 'h100-sxm5-80gb', 989.4, 81_559],
    ['NVIDIA-A10', 'a10', 125, 23_028],
    ['NVIDIA-A10G', 'a10g', 70, 23_028],
    ['NVIDIA-L40S', 'l40s', 362, 46_068],
    ['NVIDIA-H200', 'h200-sxm-141gb', 989.4, 143_771],
    ['NVIDIA-H20', 'h20-96gb', 148, 98_304],
    ['AMD_Instinct_MI300X_OAM', 'mi300x', 1307.4, 196_608],
    // MIG, single strategy: 1 of 7 slices (research vector: 312 / 7 = 44.57).
    ['NVIDIA-A100-SXM4-80GB-MIG-1g.10gb', 'a100-sxm4-80gb-mig-1g.10gb', 312 / 7, 10_240],
    ['NVIDIA-A100-SXM4-80GB-MIG-3g.40gb', 'a100-sxm4-80gb-mig-3g.40gb', (312 * 3) / 7, 40_960],
    // Time slicing: four units share one GPU.
    ['Tesla-V100-SXM2-16GB-SHARED', 'v100-sxm2-16gb-shared', 125 / 4, 16_384, 4],
    // The traps of similar names, and of numbers that are given with sparsity or for another board.
    ['NVIDIA-L4', 'l4', 121, 23_034],
    ['NVIDIA-L40', 'l40', 181, 49_152],
    ['NVIDIA-A100-SXM4-40GB', 'a100-sxm4-40gb', 312, 40_960],
    ['NVIDIA-B200', 'b200', 2250, 183_359],
    ['NVIDIA-GB200', 'gb200', 2500, 190_464],
    ['NVIDIA-B300-SXM6-AC', 'b300', 2250, 294_912],
    ['NVIDIA-GB300', 'gb300', 2500, 294_912],
    ['AMD_Instinct_MI250X', 'mi250x-gcd', 191.5, 65_536],
    // Unknown stays unknown, however much it looks like something.
    ['NVIDIA-H100-SXM6-128GB', 'NVIDIA-H100-SXM6-128GB', 0, undefined],
    ['NVIDIA-A1000', 'NVIDIA-A1000', 0, undefined],
    ['NVIDIA-A100', 'NVIDIA-A100', 0, undefined],
    ['NVIDIA-H100-SXM5-80GB', 'NVIDIA-H100-SXM5-80GB', 0, undefined],
    ['a100', 'a100', 0, undefined],
    ['', '', 0, undefined],
  ];
  for (const [product, listedAs, tflops, memoryMiB, slices] of units) {
    it(`${product || 'an empty label'} counts as ${listedAs || 'unknown'}`, () => {
      const unit = gpuUnit(product, slices);

      assert.equal(unit.listedAs, listedAs);
      assert.ok(Math.abs(unit.tflops - tflops) < 1e-9, `${unit.tflops} TFLOPS`);
      assert.ok(Math.abs(unit.v100Equivalents - tflops / 125) < 1e-9);
      assert.equal(unit.memoryMiB, memoryMiB);
    });
  }

  it('takes the longest name that the catalogue knows', () => {
    const catalogue = createCatalogue([
      { product: 'Tesla-T4-SHARED', id: 'quarter-t4', halfTflops: '16.25', memoryMiB: 3840 },
    ]);

    assert.deepEqual(
      [gpuUnit('Tesla-T4-SHARED', 4, catalogue), gpuUnit('Tesla-T4', 1, catalogue)].map((unit) => [
        unit.listedAs,
        unit.tflops,
        unit.memoryMiB,
      ]),
      [
        ['quarter-t4', 16.25, 3840],
        ['t4', 65, 15_360],
      ],
    );
  });

  it('adds up to the published figure: 200 PFLOPS = 1600 V100 = 202.1 H100 SXM', () => {
    assert.equal(1600 * gpuUnit('Tesla-V100-SXM2-16GB').tflops, 200_000);
    assert.ok(Math.abs(200_000 / gpuUnit('NVIDIA-H100-80GB-HBM3').tflops - 202.1) < 0.1);
  });
});
