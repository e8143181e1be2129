import { akashGpus, akashName, modelsDescribed } from './akash/capabilities.ts';
import {
  type GpuCatalogue,
  type GpuVendor,
  builtInCatalogue,
  unlabelledProduct,
  vendorNames,
} from './gpu-catalogue.ts';
import { type GpuUnit, gpuUnit, unitOfModel, unknownUnit } from './gpu-unit.ts';

type Labels = Readonly<Record<string, string>>;

/** Units of one kind on a node. */
export interface GpuGroup {
  readonly unit: GpuUnit;
  /** How many of the node's allocatable units they are. */
  readonly allocatable: number;
}

/** A kind of GPU that the labels name, and how many they say there are; undefined when they do not say. */
interface Named {
  readonly unit: GpuUnit;
  readonly count: number | undefined;
}

/**
 * What a node's units are, by its labels. The vendor's own product label says it of all of them. Where that is absent, labels that
 * count (ROCm's on a node with several models, Akash's) say it, provided that they account for every allocatable unit: else some are
 * of a kind that nobody names, and since units cannot be told apart, all of them count as unknown.
 * @param allocatable units that the node offers
 */
export function productGroups(
  vendor: GpuVendor,
  labels: Labels,
  allocatable: number,
  catalogue: GpuCatalogue = builtInCatalogue,
): readonly GpuGroup[] {
  const product = productLabel(vendor, labels);
  const groups =
    product === undefined
      ? accountedFor(countedProducts(vendor, labels, catalogue), allocatable)
      : [{ unit: gpuUnit(product, unitsPerGpu(labels), catalogue), allocatable }];
  return (groups ?? [{ unit: gpuUnit(unlabelledProduct(vendor), 1, catalogue), allocatable }]).map(
    (group) => ({ ...group, unit: withMemory(group.unit, vendor, labels) }),
  );
}

/** ROCm's labeller wrote its labels under `beta.` before they became stable, and writes both since. */
function productLabel(vendor: GpuVendor, labels: Labels): string | undefined {
  const { productLabel: key } = vendorNames[vendor];
  const product = key === undefined ? undefined : (labels[key] ?? labels[`beta.${key}`]);
  return product === '' ? undefined : product;
}

function countedProducts(vendor: GpuVendor, labels: Labels, catalogue: GpuCatalogue): readonly Named[] {
  const counted = rocmProducts(vendor, labels, catalogue);
  return counted.length > 0 ? counted : akashProducts(vendor, labels, catalogue);
}

/** `amd.com/gpu.product-name.<name>=<n>`: on a node with several models it takes the place of the plain label. */
function rocmProducts(vendor: GpuVendor, labels: Labels, catalogue: GpuCatalogue): readonly Named[] {
  const { productLabel: key } = vendorNames[vendor];
  if (vendor !== 'AMD' || key === undefined) {
    return [];
  }
  const under = (prefix: string): readonly Named[] =>
    Object.keys(labels)
      .filter((label) => label.startsWith(prefix))
      .sort()
      .map((label) => ({
        unit: gpuUnit(label.slice(prefix.length), 1, catalogue),
        count: wholeNumber(labels[label]),
      }));
  const stable = under(`${key}.`);
  return stable.length > 0 ? stable : under(`beta.${key}.`);
}

/** Akash names no variant by itself: only when memory and interface leave one model of the catalogue is it that model. */
function akashProducts(vendor: GpuVendor, labels: Labels, catalogue: GpuCatalogue): readonly Named[] {
  return akashGpus(vendor, labels).map((gpus) => {
    const product = akashName(gpus);
    const added = catalogue.modelOfProduct(product);
    const [model, ...more] =
      added === undefined ? modelsDescribed(vendor.toLowerCase(), gpus, catalogue) : [added];
    const unit =
      model === undefined || more.length > 0 || !gpus.uniform
        ? { ...unknownUnit(product), memoryMiB: gibibytes(gpus.ram, 'Gi') }
        : unitOfModel(product, model);
    return { unit, count: gpus.count };
  });
}

/** The groups, when what the labels count is all there is; of one kind there may be more than the node offers now. */
function accountedFor(named: readonly Named[], allocatable: number): readonly GpuGroup[] | undefined {
  const [first, ...more] = named;
  if (first === undefined) {
    return undefined;
  }
  if (more.length === 0) {
    const enough = first.count === undefined || first.count >= allocatable;
    return enough ? [{ unit: first.unit, allocatable }] : undefined;
  }
  const total = named.reduce((sum, { count = NaN }) => sum + count, 0);
  return total === allocatable
    ? named.map(({ unit, count = 0 }) => ({ unit, allocatable: count }))
    : undefined;
}

/** Memory by label where the catalogue does not say it. */
function withMemory(unit: GpuUnit, vendor: GpuVendor, labels: Labels): GpuUnit {
  const memoryMiB = unit.memoryMiB ?? memoryLabelled(vendor, labels);
  return memoryMiB === undefined || memoryMiB === 0 ? unit : { ...unit, memoryMiB };
}

/** NVIDIA's label is in MiB; ROCm's is `192G`, by which it means GiB; there is none for Gaudi. */
function memoryLabelled(vendor: GpuVendor, labels: Labels): number | undefined {
  switch (vendor) {
    case 'NVIDIA':
      return wholeNumber(labels['nvidia.com/gpu.memory']);
    case 'AMD':
      return gibibytes(labels['amd.com/gpu.vram'] ?? labels['beta.amd.com/gpu.vram'], 'G');
    case 'Intel':
      return undefined;
  }
}

/** `192G` in MiB; undefined for anything else. */
function gibibytes(text: string | undefined, suffix: 'G' | 'Gi'): number | undefined {
  const amount = text?.endsWith(suffix) === true ? wholeNumber(text.slice(0, -suffix.length)) : undefined;
  return amount === undefined ? undefined : amount * 1024;
}

/** `nvidia.com/gpu.replicas` under time slicing; 1 otherwise. */
function unitsPerGpu(labels: Labels): number {
  return Math.max(1, wholeNumber(labels['nvidia.com/gpu.replicas']) ?? 1);
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}
