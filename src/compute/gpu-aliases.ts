import type { GpuModel } from './gpu-model.ts';

/**
 * Names that people write and no node label has, with the models that each may mean. They come from public manifests, in which
 * they stand as values of `nvidia.com/gpu.product` although NVML makes no such name. They say what a user asks for; a node that
 * carries one was labelled by hand, and its GPUs stay unknown (docs/adr/0006-what-a-gpu-is-called.md).
 */
const aliases: Readonly<Record<string, readonly string[]>> = {
  'Tesla-P100': ['p100-sxm2-16gb', 'p100-pcie-16gb'],
  V100: ['v100-sxm2-16gb', 'v100-sxm2-32gb', 'v100-pcie-16gb', 'v100-pcie-32gb'],
  'Tesla-V100': ['v100-sxm2-16gb', 'v100-sxm2-32gb', 'v100-pcie-16gb', 'v100-pcie-32gb'],
  'NVIDIA-V100': ['v100-sxm2-16gb', 'v100-sxm2-32gb', 'v100-pcie-16gb', 'v100-pcie-32gb'],
  'NVIDIA-Tesla-V100': ['v100-sxm2-16gb', 'v100-sxm2-32gb', 'v100-pcie-16gb', 'v100-pcie-32gb'],
  'Tesla-V100-SXM2': ['v100-sxm2-16gb', 'v100-sxm2-32gb'],
  'Tesla-V100-PCIE': ['v100-pcie-16gb', 'v100-pcie-32gb'],
  'NVIDIA-V100-SXM2-16GB': ['v100-sxm2-16gb'],
  'NVIDIA-V100-SXM2-32GB': ['v100-sxm2-32gb'],
  'NVIDIA-T4': ['t4'],
  'NVIDIA-Tesla-T4': ['t4'],
  'NVIDIA-A100': ['a100-pcie-40gb', 'a100-sxm4-40gb', 'a100-pcie-80gb', 'a100-sxm4-80gb'],
  'NVIDIA-A100-40GB': ['a100-pcie-40gb', 'a100-sxm4-40gb'],
  'NVIDIA-A100-80GB': ['a100-pcie-80gb', 'a100-sxm4-80gb'],
  'NVIDIA-A100-PCIE': ['a100-pcie-40gb', 'a100-pcie-80gb'],
  'NVIDIA-A100-SXM': ['a100-sxm4-40gb', 'a100-sxm4-80gb'],
  'NVIDIA-A100-SXM4': ['a100-sxm4-40gb', 'a100-sxm4-80gb'],
  H100: ['h100-pcie-80gb', 'h100-sxm5-80gb', 'h100-nvl-94gb'],
  'NVIDIA-H100': ['h100-pcie-80gb', 'h100-sxm5-80gb', 'h100-nvl-94gb'],
  'NVIDIA-H100-80GB': ['h100-pcie-80gb', 'h100-sxm5-80gb'],
  'NVIDIA-H100-PCIe-80GB': ['h100-pcie-80gb'],
  'NVIDIA-H100-SXM': ['h100-sxm5-80gb'],
  'NVIDIA-H100-SXM5': ['h100-sxm5-80gb'],
  'NVIDIA-H100-SXM5-80GB': ['h100-sxm5-80gb'],
  'H100-SXM5-80GB': ['h100-sxm5-80gb'],
  'NVIDIA-H200-SXM': ['h200-sxm-141gb'],
  'NVIDIA-H200-SXM5': ['h200-sxm-141gb'],
  'NVIDIA-H200-SXM5-141GB': ['h200-sxm-141gb'],
  'NVIDIA-L40S-48GB': ['l40s'],
  'NVIDIA-A4000': ['rtx-a4000'],
  'NVIDIA-A5000': ['rtx-a5000'],
  'NVIDIA-A6000': ['rtx-a6000'],
  'NVIDIA-RTX-6000-Ada': ['rtx-6000-ada'],
  'NVIDIA-RTX-2080-Ti': ['rtx-2080-ti'],
  'NVIDIA-RTX-3060': ['rtx-3060-12gb'],
  'NVIDIA-RTX-3070': ['rtx-3070'],
  'NVIDIA-RTX-3080': ['rtx-3080-10gb'],
  'NVIDIA-RTX-3090': ['rtx-3090'],
  'NVIDIA-RTX-3090-Ti': ['rtx-3090-ti'],
  'NVIDIA-RTX-4070-Ti': ['rtx-4070-ti'],
  'NVIDIA-RTX-4080': ['rtx-4080'],
  'NVIDIA-RTX-4090': ['rtx-4090'],
  'NVIDIA-RTX-5080': ['rtx-5080'],
  'NVIDIA-RTX-5090': ['rtx-5090'],
  MI250: ['mi250-gcd'],
  MI250X: ['mi250x-gcd'],
  'AMD-Instinct-MI250': ['mi250-gcd'],
  'AMD-Instinct-MI250X': ['mi250x-gcd'],
  'AMD-Instinct-MI300X': ['mi300x'],
  'AMD-Instinct-MI325X': ['mi325x'],
  'AMD-Instinct-MI355X': ['mi355x'],
  'Intel-Gaudi-2': ['gaudi2'],
  'Intel-Gaudi-3': ['gaudi3'],
};

/**
 * The models that an alias may mean, by alias in lower case; whichever of them there is will do. Akash's short names (`rtx4090`,
 * `a100`) are aliases too, where the table has no wider meaning.
 */
export function aliasesOf(models: readonly GpuModel[]): ReadonlyMap<string, readonly GpuModel[]> {
  const found = new Map<string, GpuModel[]>();
  for (const model of models) {
    const name = model.akash?.model;
    if (name !== undefined) {
      found.set(name, [...(found.get(name) ?? []), model]);
    }
  }
  const byId = new Map(models.map((model) => [model.id, model]));
  for (const [alias, ids] of Object.entries(aliases)) {
    found.set(
      alias.toLowerCase(),
      ids.flatMap((id) => byId.get(id) ?? []),
    );
  }
  return found;
}
