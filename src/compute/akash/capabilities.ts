import type { GpuCatalogue, GpuVendor } from '../gpu-catalogue.ts';
import type { AkashGpuName, GpuModel } from '../gpu-model.ts';

/** The GPUs of one model of a node, as Akash's inventory operator labels them. */
export interface AkashGpus {
  /** The name in Akash's device registry, such as `a100`. */
  readonly model: string;
  /** How many of them the node has; undefined when the label was set by hand, as older guides had it (`true`). */
  readonly count: number | undefined;
  /** Such as `80Gi`; undefined when no label says it of all of them. */
  readonly ram: string | undefined;
  /** `pcie` or `sxm`; undefined as above. */
  readonly interface: string | undefined;
  /** False when the labels say different things of some of them than of others. */
  readonly uniform: boolean;
}

const PREFIX = 'akash.network/capabilities.gpu.vendor.';

/** `<vendor>.model.<model>`, which may be followed by one attribute. Names in the registry have no dots. */
const CAPABILITY = /^([^.]+)\.model\.([^.]+)(?:\.(ram|interface)\.([^.]+))?$/;

/** What Akash's labels say of a vendor's GPUs on the node, sorted by model. Empty on a node without them. */
export function akashGpus(vendor: GpuVendor, labels: Readonly<Record<string, string>>): readonly AkashGpus[] {
  const capabilities = Object.entries(labels).flatMap(([key, value]) => capability(key, value) ?? []);
  const own = capabilities.filter(({ maker }) => maker === vendor.toLowerCase());
  return own
    .filter(({ attribute }) => attribute === undefined)
    .map(({ model, count }): AkashGpus => {
      const ram = attributeOf(own, { model, attribute: 'ram', count });
      const link = attributeOf(own, { model, attribute: 'interface', count });
      return {
        model,
        count,
        ram: ram.value,
        interface: link.value,
        uniform: ram.uniform && link.uniform,
      };
    })
    .sort((a, b) => (a.model < b.model ? -1 : 1));
}

/** One label of the inventory operator, taken apart. */
interface Capability {
  readonly maker: string;
  readonly model: string;
  readonly attribute: string | undefined;
  readonly value: string | undefined;
  readonly count: number | undefined;
}

function capability(key: string, text: string): Capability | undefined {
  const match = key.startsWith(PREFIX) ? CAPABILITY.exec(key.slice(PREFIX.length)) : null;
  const [, maker, model, attribute, value] = match ?? [];
  if (maker === undefined || model === undefined || text === '0') {
    return undefined;
  }
  return { maker, model, attribute, value, count: /^\d+$/.test(text) ? Number(text) : undefined };
}

/** What is stated of all GPUs of a model: one value, for as many GPUs as there are. */
function attributeOf(
  capabilities: readonly Capability[],
  { model, attribute, count }: Pick<Capability, 'model' | 'attribute' | 'count'>,
): { value: string | undefined; uniform: boolean } {
  const stated = capabilities.filter((one) => one.model === model && one.attribute === attribute);
  const [first] = stated;
  if (first === undefined) {
    return { value: undefined, uniform: true };
  }
  const ofAll = stated.length === 1 && (count === undefined || first.count === count);
  return { value: ofAll ? first.value : undefined, uniform: ofAll };
}

/** A GPU as an order or a label describes it: the model, and whichever of the attributes are stated. */
export type AkashDescription = Pick<AkashGpuName, 'model'> & {
  readonly ram?: string | undefined;
  readonly interface?: string | undefined;
};

/**
 * The models of the catalogue that fit a description. What it leaves open leaves several.
 * @param vendor in Akash's words, such as `nvidia`; undefined for any
 */
export function modelsDescribed(
  vendor: string | undefined,
  described: AkashDescription,
  catalogue: GpuCatalogue,
): readonly GpuModel[] {
  return catalogue.models.filter(
    ({ vendor: maker, akash }) =>
      (vendor === undefined || maker === vendor) &&
      akash?.model === described.model &&
      (described.ram === undefined || akash.ram === described.ram) &&
      (described.interface === undefined || akash.interface === described.interface),
  );
}

/** A name in the form of Akash's own price lists: `a100.80Gi.sxm`, or as much of it as is known. */
export function akashName({ model, ram, interface: link }: AkashDescription): string {
  return [model, ram, link].filter((part) => part !== undefined).join('.');
}
