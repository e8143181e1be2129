import catalogue from './gpu-models.json' with { type: 'json' };

/** One GPU model (gpu-models.json; the sources of its numbers are in its `note` and `reference` fields). */
export interface GpuModel {
  /** Catalogue id, such as `h100-sxm5-80gb`. */
  readonly id: string;
  /** `nvidia`, `amd` or `intel`; undefined for a model that a user added, which is of whatever vendor its nodes are. */
  readonly vendor: string | undefined;
  /** Values of the vendor's product label on nodes. */
  readonly products: readonly string[];
  /** Marketing size in GB; undefined when a user added the model without its memory. */
  readonly memoryGB: number | undefined;
  /** What GPU feature discovery reports, in MiB, where it was seen. */
  readonly gfdMemoryMiB: number | null;
  /** Dense tensor bf16 (fp16 where bf16 is missing), TFLOPS, vendor peak, no sparsity. */
  readonly halfTflops: number;
  /** How many MIG slices a whole GPU divides into; null without MIG. */
  readonly migSlices: number | null;
  /** How Akash's device registry names it; null when it is not in there. */
  readonly akash: AkashGpuName | null;
}

/** A GPU in the words of Akash's device registry, as its inventory labels and its orders use them. */
export interface AkashGpuName {
  /** Such as `a100`, `rtx4090`. */
  readonly model: string;
  /** Such as `80Gi`. */
  readonly ram: string;
  /** `pcie` or `sxm`. */
  readonly interface: string;
}

/** Half-precision TFLOPS of a V100 SXM2: the unit of V100 equivalents. */
export const V100_HALF_TFLOPS = catalogue.reference.halfTflops;

/** The models that Headframe knows by itself. */
export const gpuModels: readonly GpuModel[] = catalogue.models;

/** The memory of one GPU in MiB: as feature discovery reports it, else the marketing size taken as GiB; undefined when not known. */
export function memoryMiBOf({ gfdMemoryMiB, memoryGB }: GpuModel): number | undefined {
  return gfdMemoryMiB ?? (memoryGB === undefined ? undefined : memoryGB * 1024);
}
