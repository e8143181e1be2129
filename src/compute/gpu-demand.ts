import type { NodeSelectorRequirement } from '../api/builtin.ts';
import { type GpuVendor, gpuModels, memoryMiBOf, modelNamed, vendorNames } from './gpu-catalogue.ts';

/** What kind of GPUs a replica wants, as `spec.gpus` says it. */
export interface GpuDemand {
  readonly vendor: GpuVendor;
  /** GPUs of one replica, all on one node. */
  readonly countPerReplica: number;
  /** Catalogue ids or product labels; empty for any model. */
  readonly models: readonly string[];
  /** Least memory per GPU in MiB; 0 for any. */
  readonly minMemoryMiB: number;
}

/**
 * The node selector requirements (all must hold) that bring a replica to its GPUs. They are both put into the pod and used to
 * count what is free, so that an explanation never differs from what the scheduler does.
 */
export function nodeRequirements(demand: GpuDemand): readonly NodeSelectorRequirement[] {
  const names = vendorNames[demand.vendor];
  const requirements: NodeSelectorRequirement[] = [];
  const products = productsWanted(demand);
  if (products !== undefined) {
    requirements.push({ key: names.productLabel, operator: 'In', values: products });
  }
  if (demand.minMemoryMiB > 0 && names.memoryLabel !== undefined) {
    requirements.push({ key: names.memoryLabel, operator: 'Gt', values: [String(demand.minMemoryMiB - 1)] });
  }
  return requirements;
}

/** The demand in words, for messages: `NVIDIA-H100-80GB-HBM3 or NVIDIA-H200`, `any NVIDIA GPU with at least 40960 MiB`. */
export function describeDemand(demand: GpuDemand): string {
  const models = demand.models.length === 0 ? `any ${demand.vendor} GPU` : demand.models.join(' or ');
  return demand.minMemoryMiB > 0 ? `${models} with at least ${demand.minMemoryMiB} MiB` : models;
}

/** A product label that no node has: what is required when no product will do. An empty list would be refused as invalid. */
const NO_PRODUCT = 'none-is-large-enough';

/** Product labels that satisfy the demand; undefined when the product does not matter. */
function productsWanted(demand: GpuDemand): string[] | undefined {
  const named = demand.models.flatMap(productsNamed);
  if (vendorNames[demand.vendor].memoryLabel !== undefined || demand.minMemoryMiB === 0) {
    return demand.models.length === 0 ? undefined : [...new Set(named)];
  }
  // Without a label that can be compared, memory is decided by the catalogue: the products large enough, among those named.
  const largeEnough = gpuModels
    .filter(
      (model) => model.vendor === demand.vendor.toLowerCase() && memoryMiBOf(model) >= demand.minMemoryMiB,
    )
    .flatMap((model) => model.products);
  const suitable =
    demand.models.length === 0 ? largeEnough : largeEnough.filter((product) => named.includes(product));
  return suitable.length === 0 ? [NO_PRODUCT] : suitable;
}

/** Ids under which the inventory lists parts of a GPU: `<id>-mig-1g.10gb`, `<id>-shared`. */
const partSuffix = /-(?:mig-(\d+g\.\d+gb)|shared)$/i;

/** The product labels of a model, or of a part of it; a name that the catalogue does not know is a product label itself. */
function productsNamed(name: string): readonly string[] {
  const whole = modelNamed(name);
  const part = partSuffix.exec(name);
  const products = (whole ?? modelNamed(name.replace(partSuffix, '')))?.products;
  if (products === undefined) {
    return [name];
  }
  if (whole !== undefined || part === null) {
    return products;
  }
  const suffix = part[1] === undefined ? '-SHARED' : `-MIG-${part[1].toLowerCase()}`;
  return products.map((product) => `${product}${suffix}`);
}
