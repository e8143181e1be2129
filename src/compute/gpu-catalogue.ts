import type { GpuModelOverride } from '../api/gpu-model-override.ts';
import type { Immutable } from '../api/kube-object.ts';
import { aliasesOf } from './gpu-aliases.ts';
import { type GpuModel, gpuModels } from './gpu-model.ts';

/** Vendors whose device plugins and labels Headframe understands. */
export type GpuVendor = 'NVIDIA' | 'AMD' | 'Intel';

/** Where a vendor's GPUs show on nodes and pods. */
export interface VendorNames {
  /** Extended resource of whole GPUs. */
  readonly resource: string;
  /** Node label with the product name, where the vendor has one. */
  readonly productLabel?: string;
  /** Node label with the memory of one GPU in whole MiB, where the vendor has one that a node selector can compare. */
  readonly memoryLabel?: string;
  /** Node label, always of the value `true`, of a vendor that has no product label. */
  readonly presenceLabel?: string;
}

/**
 * NVIDIA: GPU feature discovery. AMD: ROCm node labeller, whose vram label (`192G`) is no number. Intel: the Gaudi device plugin
 * and node feature discovery, neither of which says whether it is a Gaudi 2 or 3.
 */
export const vendorNames: Readonly<Record<GpuVendor, VendorNames>> = {
  NVIDIA: {
    resource: 'nvidia.com/gpu',
    productLabel: 'nvidia.com/gpu.product',
    memoryLabel: 'nvidia.com/gpu.memory',
  },
  AMD: { resource: 'amd.com/gpu', productLabel: 'amd.com/gpu.product-name' },
  Intel: { resource: 'habana.ai/gaudi', presenceLabel: 'intel.feature.node.kubernetes.io/gaudi' },
};

export const gpuVendors = Object.keys(vendorNames) as readonly GpuVendor[];

/** What stands for the product of GPUs on a node that does not name it: `unlabelled-nvidia`. */
export function unlabelledProduct(vendor: GpuVendor): string {
  return `unlabelled-${vendor.toLowerCase()}`;
}

/** GPU models by name. Names are compared as a whole, without regard to case: never is a model found by a similar name. */
export interface GpuCatalogue {
  readonly models: readonly GpuModel[];
  /** What a node has whose product label reads `product`. Only what feature discovery writes counts, no alias. */
  modelOfProduct(product: string): GpuModel | undefined;
  /**
   * What a user may mean by a name: a catalogue id, a product label, or an alias, in this order. An alias may mean several models, of
   * which any will do. Empty for a name that nobody knows.
   */
  modelsNamed(name: string): readonly GpuModel[];
  /** Whether the name is an alias and nothing else. */
  isAlias(name: string): boolean;
}

/** Headframe's own catalogue. */
export const builtInCatalogue = catalogueOf(gpuModels);

/** Catalogues by what was asked for: a ComputeCluster is read anew with every change of its status. */
const created = new Map<string, GpuCatalogue>();

/** More lists than clusters that one operator knows. */
const MOST_CREATED = 256;

/**
 * The catalogue with a user's additions and changes: the very same one for an equal list. Of entries that contradict each other,
 * which the API server refuses, the last one counts.
 */
export function createCatalogue(overrides: readonly Immutable<GpuModelOverride>[]): GpuCatalogue {
  if (overrides.length === 0) {
    return builtInCatalogue;
  }
  const key = JSON.stringify(overrides);
  const known = created.get(key);
  if (known !== undefined) {
    return known;
  }
  if (created.size >= MOST_CREATED) {
    created.clear();
  }
  const catalogue = catalogueOf(overrides.reduce(withOverride, gpuModels));
  created.set(key, catalogue);
  return catalogue;
}

function catalogueOf(models: readonly GpuModel[]): GpuCatalogue {
  const byId = new Map(models.map((model) => [model.id.toLowerCase(), model]));
  const byProduct = new Map(
    models.flatMap((model) => model.products.map((product) => [product.toLowerCase(), model] as const)),
  );
  const aliases = aliasesOf(models);
  const exactly = (name: string): GpuModel | undefined => byId.get(name) ?? byProduct.get(name);
  return {
    models,
    modelOfProduct: (product) => byProduct.get(product.toLowerCase()),
    modelsNamed(name) {
      const model = exactly(name.toLowerCase());
      return model === undefined ? (aliases.get(name.toLowerCase()) ?? []) : [model];
    },
    isAlias: (name) => exactly(name.toLowerCase()) === undefined && aliases.has(name.toLowerCase()),
  };
}

/** The models after one override: the product belongs to the model that the override names, and to no other. */
function withOverride(
  models: readonly GpuModel[],
  { product, id, memoryMiB, halfTflops }: Immutable<GpuModelOverride>,
): readonly GpuModel[] {
  const isProduct = (other: string): boolean => other.toLowerCase() === product.toLowerCase();
  const base = models.find((model) =>
    id === undefined ? model.products.some(isProduct) : model.id.toLowerCase() === id.toLowerCase(),
  );
  const products = base?.products ?? [];
  const changed: GpuModel = {
    ...(base ?? unknownModel(id ?? product)),
    products: products.some(isProduct) ? products : [...products, product],
    halfTflops: Number(halfTflops),
    ...(memoryMiB === undefined ? {} : { gfdMemoryMiB: memoryMiB }),
  };
  const others = models
    .filter((model) => model !== base)
    .map((model) =>
      model.products.some(isProduct)
        ? { ...model, products: model.products.filter((other) => !isProduct(other)) }
        : model,
    );
  return [...others, changed];
}

function unknownModel(id: string): Omit<GpuModel, 'products' | 'halfTflops'> {
  return { id, vendor: undefined, memoryGB: undefined, gfdMemoryMiB: null, migSlices: null, akash: null };
}
