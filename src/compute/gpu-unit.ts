import { type GpuModel, V100_HALF_TFLOPS, memoryMiBOf, modelOfProduct } from './gpu-catalogue.ts';

/**
 * One schedulable unit of a node's GPU resource: a whole GPU, a MIG slice, or a time slice. Units of an unknown product have no
 * model and 0 TFLOPS: nothing is ever guessed from a similar name.
 */
export interface GpuUnit {
  /** The product label as the node carries it. */
  readonly product: string;
  readonly model: GpuModel | undefined;
  /** Under which the inventory lists it: the catalogue id, with the MIG profile or `-shared` for a part; else the product label. */
  readonly listedAs: string;
  /** Dense half-precision TFLOPS of one unit; 0 when unknown. */
  readonly tflops: number;
  /** `tflops / 125`. */
  readonly v100Equivalents: number;
  /** Memory of one unit in MiB; undefined when neither catalogue nor label says it. */
  readonly memoryMiB: number | undefined;
}

const migSuffix = /-MIG-(\d+)g\.(\d+)gb(?:\.[a-z.+]+)?$/i;
const sharedSuffix = /-SHARED$/i;

/**
 * What one unit of a product is worth.
 * @param product value of the vendor's product label (GFD adds `-SHARED` for time slicing and `-MIG-<n>g.<m>gb` for single-strategy MIG)
 * @param unitsPerGpu time slices that one physical GPU is offered as (`nvidia.com/gpu.replicas`), at least 1
 */
export function gpuUnit(product: string, unitsPerGpu = 1): GpuUnit {
  const whole = product.replace(sharedSuffix, '');
  const mig = migSuffix.exec(whole);
  const model = modelOfProduct(whole.replace(migSuffix, ''));
  if (model === undefined) {
    return { product, model, listedAs: product, tflops: 0, v100Equivalents: 0, memoryMiB: undefined };
  }
  const share = shareOfGpu(model, mig) / unitsPerGpu;
  const tflops = model.halfTflops * share;
  return {
    product,
    model,
    listedAs: `${model.id}${mig?.[0].toLowerCase() ?? ''}${whole === product ? '' : '-shared'}`,
    tflops,
    v100Equivalents: tflops / V100_HALF_TFLOPS,
    memoryMiB: mig === null ? memoryMiBOf(model) : Number(mig[2]) * 1024,
  };
}

/** The part of a GPU's arithmetic that a MIG profile gets: `n` of the model's slices. 0 where the catalogue knows no MIG. */
function shareOfGpu(model: GpuModel, mig: RegExpExecArray | null): number {
  if (mig === null) {
    return 1;
  }
  return model.migSlices === null ? 0 : Number(mig[1]) / model.migSlices;
}
