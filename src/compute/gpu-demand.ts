import type { NodeSelectorRequirement } from '../api/builtin.ts';
import {
  type GpuCatalogue,
  type GpuVendor,
  builtInCatalogue,
  unlabelledProduct,
  vendorNames,
} from './gpu-catalogue.ts';
import { memoryMiBOf } from './gpu-model.ts';

/** What kind of GPUs a replica wants, as `spec.gpus` says it. */
export interface GpuDemand {
  readonly vendor: GpuVendor;
  /** GPUs of one replica, all on one node. */
  readonly countPerReplica: number;
  /** Catalogue ids, product labels or aliases; empty for any model. */
  readonly models: readonly string[];
  /** Least memory per GPU in MiB; 0 for any. */
  readonly minMemoryMiB: number;
}

/**
 * The node selector requirements (all must hold) that bring a replica to its GPUs. They are both put into the pod and used to
 * count what is free, so that an explanation never differs from what the scheduler does.
 */
export function nodeRequirements(
  demand: GpuDemand,
  catalogue: GpuCatalogue = builtInCatalogue,
): readonly NodeSelectorRequirement[] {
  const names = vendorNames[demand.vendor];
  const requirements: NodeSelectorRequirement[] = [];
  const products = productsWanted(demand, catalogue);
  if (names.productLabel !== undefined && products !== undefined) {
    requirements.push({ key: names.productLabel, operator: 'In', values: products });
  }
  if (names.presenceLabel !== undefined && products?.includes(unlabelledProduct(demand.vendor)) === false) {
    requirements.push({ key: names.presenceLabel, operator: 'In', values: [NO_PRODUCT] });
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

/** A label value that no node has: what is required when no product will do. An empty list would be refused as invalid. */
const NO_PRODUCT = 'none-is-large-enough';

/**
 * Products that satisfy the demand; undefined when the product does not matter. Where nodes name none (Gaudi), it is the stand-in for
 * unnamed ones that satisfies it, when a user has said what they are.
 */
function productsWanted(demand: GpuDemand, catalogue: GpuCatalogue): string[] | undefined {
  const named = demand.models.flatMap((name) => productsNamed(name, catalogue));
  if (vendorNames[demand.vendor].memoryLabel !== undefined || demand.minMemoryMiB === 0) {
    return demand.models.length === 0 ? undefined : orNone([...new Set(named)]);
  }
  // Without a label that can be compared, memory is decided by the catalogue: the products large enough, among those named.
  const largeEnough = catalogue.models
    .filter(
      (model) =>
        (model.vendor ?? demand.vendor.toLowerCase()) === demand.vendor.toLowerCase() &&
        (memoryMiBOf(model) ?? 0) >= demand.minMemoryMiB,
    )
    .flatMap((model) => model.products);
  const suitable =
    demand.models.length === 0 ? largeEnough : largeEnough.filter((product) => named.includes(product));
  return orNone(suitable);
}

function orNone(products: string[]): string[] {
  return products.length === 0 ? [NO_PRODUCT] : products;
}

/** Names under which the inventory lists parts of a GPU: `<id>-mig-1g.10gb`, `<id>-shared`. */
const partSuffix = /-(?:mig-(\d+g\.\d+gb)|shared)$/i;

/** The product labels of what a name means, or of parts of it; a name that the catalogue does not know is a product label itself. */
function productsNamed(name: string, catalogue: GpuCatalogue): readonly string[] {
  const whole = catalogue.modelsNamed(name);
  if (whole.length > 0) {
    const products = whole.flatMap((model) => model.products);
    // Somebody may have labelled nodes with the alias: whoever asks for it by this name means those too.
    return catalogue.isAlias(name) ? [...products, name] : products;
  }
  const part = partSuffix.exec(name);
  const models = part === null ? [] : catalogue.modelsNamed(name.replace(partSuffix, ''));
  if (models.length === 0) {
    return [name];
  }
  const suffix = part?.[1] === undefined ? '-SHARED' : `-MIG-${part[1].toLowerCase()}`;
  return models.flatMap((model) => model.products.map((product) => `${product}${suffix}`));
}
