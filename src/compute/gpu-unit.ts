import { type GpuCatalogue, builtInCatalogue } from './gpu-catalogue.ts';
import { type GpuModel, V100_HALF_TFLOPS, memoryMiBOf } from './gpu-model.ts';

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
 * What one unit of a product is worth. The longest name that the catalogue knows counts: first the whole label, as a user may have
 * added it, then the label without what GFD appends for time slicing (`-SHARED`) and for single-strategy MIG (`-MIG-<n>g.<m>gb`).
 * @param product value of the vendor's product label
 * @param unitsPerGpu time slices that one physical GPU is offered as (`nvidia.com/gpu.replicas`), at least 1
 */
export function gpuUnit(
  product: string,
  unitsPerGpu = 1,
  catalogue: GpuCatalogue = builtInCatalogue,
): GpuUnit {
  const exact = catalogue.modelOfProduct(product);
  if (exact !== undefined) {
    return unitOfModel(product, exact, sharedSuffix.test(product) ? 1 : 1 / unitsPerGpu);
  }
  const whole = product.replace(sharedSuffix, '');
  const mig = migSuffix.exec(whole);
  const model = catalogue.modelOfProduct(whole.replace(migSuffix, ''));
  if (model === undefined) {
    return unknownUnit(product);
  }
  return {
    ...unitOfModel(product, model, shareOfGpu(model, mig) / unitsPerGpu),
    listedAs: `${model.id}${mig?.[0].toLowerCase() ?? ''}${whole === product ? '' : '-shared'}`,
    ...(mig === null ? {} : { memoryMiB: Number(mig[2]) * 1024 }),
  };
}

/**
 * A unit of a model that is known by other means than its product label.
 * @param share the part of one GPU's arithmetic that the unit is
 */
export function unitOfModel(product: string, model: GpuModel, share = 1): GpuUnit {
  const tflops = model.halfTflops * share;
  return {
    product,
    model,
    listedAs: model.id,
    tflops,
    v100Equivalents: tflops / V100_HALF_TFLOPS,
    memoryMiB: memoryMiBOf(model),
  };
}

/** A unit of which only a name is known. */
export function unknownUnit(product: string): GpuUnit {
  return {
    product,
    model: undefined,
    listedAs: product,
    tflops: 0,
    v100Equivalents: 0,
    memoryMiB: undefined,
  };
}

/** The part of a GPU's arithmetic that a MIG profile gets: `n` of the model's slices. 0 where the catalogue knows no MIG. */
function shareOfGpu(model: GpuModel, mig: RegExpExecArray | null): number {
  if (mig === null) {
    return 1;
  }
  return model.migSlices === null ? 0 : Number(mig[1]) / model.migSlices;
}
