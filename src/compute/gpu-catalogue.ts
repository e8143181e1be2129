import catalogue from './gpu-models.json' with { type: 'json' };

/** Vendors whose device plugins and labels Headframe understands. */
export type GpuVendor = 'NVIDIA' | 'AMD';

/** One GPU model of the catalogue (gpu-models.json; sources of the numbers are in its `note` and `reference` fields). */
export interface GpuModel {
  /** Catalogue id, such as `h100-sxm5-80gb`. */
  readonly id: string;
  /** `nvidia`, `amd` or `intel`. */
  readonly vendor: string;
  /** The extended resource that a pod asks for, such as `nvidia.com/gpu`. */
  readonly resource: string;
  /** Values of the vendor's product label on nodes. */
  readonly products: readonly string[];
  /** Marketing size in GB. */
  readonly memoryGB: number;
  /** What GPU feature discovery reports, in MiB, where it was seen. */
  readonly gfdMemoryMiB: number | null;
  /** Dense tensor bf16 (fp16 where bf16 is missing), TFLOPS, vendor peak, no sparsity. */
  readonly halfTflops: number;
  /** How many MIG slices a whole GPU divides into; null without MIG. */
  readonly migSlices: number | null;
}

/** Half-precision TFLOPS of a V100 SXM2: the unit of V100 equivalents. */
export const V100_HALF_TFLOPS = catalogue.reference.halfTflops;

export const gpuModels: readonly GpuModel[] = catalogue.models;

/** Where a vendor's GPUs show on nodes and pods. */
export interface VendorNames {
  /** Extended resource of whole GPUs. */
  readonly resource: string;
  /** Node label with the product name. */
  readonly productLabel: string;
  /** Node label with the memory of one GPU in whole MiB, where the vendor has one that a node selector can compare. */
  readonly memoryLabel?: string;
}

/** NVIDIA: GPU feature discovery. AMD: ROCm node labeller, whose vram label (`192G`) is no number. */
export const vendorNames: Readonly<Record<GpuVendor, VendorNames>> = {
  NVIDIA: {
    resource: 'nvidia.com/gpu',
    productLabel: 'nvidia.com/gpu.product',
    memoryLabel: 'nvidia.com/gpu.memory',
  },
  AMD: { resource: 'amd.com/gpu', productLabel: 'amd.com/gpu.product-name' },
};

export const gpuVendors = Object.keys(vendorNames) as readonly GpuVendor[];

const byProduct = new Map(
  gpuModels.flatMap((model) => model.products.map((product) => [product.toLowerCase(), model] as const)),
);
const byId = new Map(gpuModels.map((model) => [model.id.toLowerCase(), model]));

/** The model whose node label reads `product`, compared as a whole, without regard to case. Never a near match. */
export function modelOfProduct(product: string): GpuModel | undefined {
  return byProduct.get(product.toLowerCase());
}

/** The model that a user names by catalogue id or by product label. */
export function modelNamed(name: string): GpuModel | undefined {
  return byId.get(name.toLowerCase()) ?? modelOfProduct(name);
}

/** The memory of one GPU in MiB: as feature discovery reports it, else the marketing size taken as GiB. */
export function memoryMiBOf(model: GpuModel): number {
  return model.gfdMemoryMiB ?? model.memoryGB * 1024;
}
