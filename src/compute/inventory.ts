import type { GpuVendor } from './gpu-catalogue.ts';
import type { GpuModel } from './gpu-model.ts';
import type { NodeGpus } from './node-gpus.ts';
import type { GpuGroup } from './product-groups.ts';

/** GPUs of one product and model in a cluster. */
export interface InventoryLine {
  /** Catalogue id (with the MIG profile of a slice), or the product label when the catalogue does not know it. */
  readonly model: string;
  readonly product: string;
  readonly vendor: GpuVendor;
  readonly known: boolean;
  /** The model in the catalogue, of which the units may be parts; undefined when it is not known. */
  readonly catalogueModel: GpuModel | undefined;
  readonly nodes: number;
  readonly allocatable: number;
  /** Held by pods. */
  readonly allocated: number;
  /** Of those, by pods that Headframe made. */
  readonly guests: number;
  /** Of those, by pods of Akash leases. */
  readonly leased: number;
  /** Not held, on nodes that take new pods. */
  readonly free: number;
  readonly memoryMiB: number | undefined;
  /** Peak of the allocatable units. */
  readonly tflops: number;
  readonly v100Equivalents: number;
}

/** A node's GPUs and how many of them pods hold. */
export interface NodeUsage {
  readonly gpus: NodeGpus;
  /** Held by pods of anybody. */
  readonly allocated: number;
  /** Of those, by pods that Headframe made. Absent: none. */
  readonly guests?: number;
  /** Of those, by pods of Akash leases. Absent: none. */
  readonly leased?: number;
}

/** Units that new pods can still get on the node: none when it is cordoned or not ready. */
export function freeOn({ gpus, allocated }: NodeUsage): number {
  return gpus.schedulable ? Math.max(0, gpus.allocatable - allocated) : 0;
}

/** The GPUs of a cluster by model, sorted by model so that an unchanged cluster gives an unchanged list. */
export function inventory(nodes: Iterable<NodeUsage>): readonly InventoryLine[] {
  const sums = new Map<string, Sum>();
  for (const usage of nodes) {
    for (const line of linesOfUnchanged(usage)) {
      const sum = sums.get(line.model);
      if (sum === undefined) {
        sums.set(line.model, { ...line });
      } else {
        add(sum, line);
      }
    }
  }
  return [...sums.values()].sort((a, b) => (a.model < b.model ? -1 : 1));
}

const knownLines = new WeakMap<NodeUsage, readonly InventoryLine[]>();

/** Asked again whenever one node of thousands has changed: those of the others are known. */
function linesOfUnchanged(usage: NodeUsage): readonly InventoryLine[] {
  const known = knownLines.get(usage);
  if (known !== undefined) {
    return known;
  }
  const lines = linesOf(usage);
  knownLines.set(usage, lines);
  return lines;
}

/**
 * A line for each group of the node's units. Which of them pods hold, nobody can tell on a node with several models: the better ones
 * count as held first, so that what is free is never made out to be worth more than it is.
 */
function linesOf(usage: NodeUsage): InventoryLine[] {
  const { guests = 0, leased = 0, gpus } = usage;
  const groups = gpus.groups.toSorted((a, b) => b.unit.tflops - a.unit.tflops);
  let from = 0;
  return groups.map((group, index) => {
    const isLast = index === groups.length - 1;
    const to = isLast ? usage.allocated : Math.min(usage.allocated, from + group.allocatable);
    const allocated = to - from;
    const line = lineOf(gpus.vendor, group, {
      allocated,
      guests: overlap({ from, to }, { from: 0, to: guests }),
      leased: overlap({ from, to }, { from: guests, to: guests + leased }),
      free: gpus.schedulable ? Math.max(0, group.allocatable - allocated) : 0,
    });
    from = to;
    return line;
  });
}

interface Range {
  readonly from: number;
  readonly to: number;
}

function overlap(a: Range, b: Range): number {
  return Math.max(0, Math.min(a.to, b.to) - Math.max(a.from, b.from));
}

function lineOf(
  vendor: GpuVendor,
  { unit, allocatable }: GpuGroup,
  held: Pick<InventoryLine, 'allocated' | 'guests' | 'leased' | 'free'>,
): InventoryLine {
  return {
    model: unit.listedAs,
    product: unit.product,
    vendor,
    known: unit.model !== undefined,
    catalogueModel: unit.model,
    nodes: 1,
    allocatable,
    ...held,
    memoryMiB: unit.memoryMiB,
    tflops: unit.tflops * allocatable,
    v100Equivalents: unit.v100Equivalents * allocatable,
  };
}

/** A line that is being added up. */
type Sum = { -readonly [Field in keyof InventoryLine]: InventoryLine[Field] };

/** In place: a copy for every node of a cluster would be most of the work. */
function add(sum: Sum, line: InventoryLine): void {
  sum.nodes += line.nodes;
  sum.allocatable += line.allocatable;
  sum.allocated += line.allocated;
  sum.guests += line.guests;
  sum.leased += line.leased;
  sum.free += line.free;
  sum.tflops += line.tflops;
  sum.v100Equivalents += line.v100Equivalents;
}
