import type { GpuVendor } from './gpu-catalogue.ts';
import type { NodeGpus } from './node-gpus.ts';

/** GPUs of one product and model in a cluster. */
export interface InventoryLine {
  /** Catalogue id (with the MIG profile of a slice), or the product label when the catalogue does not know it. */
  readonly model: string;
  readonly product: string;
  readonly vendor: GpuVendor;
  readonly known: boolean;
  readonly nodes: number;
  readonly allocatable: number;
  /** Held by pods. */
  readonly allocated: number;
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
  readonly allocated: number;
}

/** Units that new pods can still get on the node: none when it is cordoned or not ready. */
export function freeOn({ gpus, allocated }: NodeUsage): number {
  return gpus.schedulable ? Math.max(0, gpus.allocatable - allocated) : 0;
}

/** The GPUs of a cluster by model, sorted by model so that an unchanged cluster gives an unchanged list. */
export function inventory(nodes: Iterable<NodeUsage>): readonly InventoryLine[] {
  const lines = new Map<string, InventoryLine>();
  for (const usage of nodes) {
    const line = lineOf(usage);
    const known = lines.get(line.model);
    lines.set(line.model, known === undefined ? line : merge(known, line));
  }
  return [...lines.values()].sort((a, b) => (a.model < b.model ? -1 : 1));
}

function lineOf(usage: NodeUsage): InventoryLine {
  const { gpus, allocated } = usage;
  return {
    model: gpus.unit.listedAs,
    product: gpus.unit.product,
    vendor: gpus.vendor,
    known: gpus.unit.model !== undefined,
    nodes: 1,
    allocatable: gpus.allocatable,
    allocated,
    free: freeOn(usage),
    memoryMiB: gpus.unit.memoryMiB,
    tflops: gpus.unit.tflops * gpus.allocatable,
    v100Equivalents: gpus.unit.v100Equivalents * gpus.allocatable,
  };
}

function merge(a: InventoryLine, b: InventoryLine): InventoryLine {
  return {
    ...a,
    nodes: a.nodes + b.nodes,
    allocatable: a.allocatable + b.allocatable,
    allocated: a.allocated + b.allocated,
    free: a.free + b.free,
    tflops: a.tflops + b.tflops,
    v100Equivalents: a.v100Equivalents + b.v100Equivalents,
  };
}
