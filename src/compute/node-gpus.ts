import type { Node } from '../api/builtin.ts';
import type { Immutable } from '../api/kube-object.ts';
import { type GpuVendor, gpuVendors, vendorNames } from './gpu-catalogue.ts';
import { type GpuUnit, gpuUnit } from './gpu-unit.ts';

/** The GPUs of one node. */
export interface NodeGpus {
  readonly node: string;
  readonly vendor: GpuVendor;
  /** Extended resource that pods ask for. */
  readonly resource: string;
  readonly unit: GpuUnit;
  /** Units that the node offers to pods. */
  readonly allocatable: number;
  /** Ready, and not cordoned: new pods may come. */
  readonly schedulable: boolean;
  readonly labels: Readonly<Record<string, string>>;
}

/** What stands for the product of GPUs on a node that carries no product label: `unlabelled-nvidia`. */
function unlabelled(vendor: GpuVendor): string {
  return `unlabelled-${vendor.toLowerCase()}`;
}

/** The node's GPUs, or undefined when it offers none. Nodes carry one vendor's GPUs; the first with any counts. */
export function nodeGpus(node: Immutable<Node>): NodeGpus | undefined {
  for (const vendor of gpuVendors) {
    const { resource } = vendorNames[vendor];
    const allocatable = wholeNumber(node.status?.allocatable?.[resource]);
    if (allocatable > 0) {
      const labels = node.metadata.labels ?? {};
      return {
        node: node.metadata.name,
        vendor,
        resource,
        unit: gpuUnit(productOf(vendor, labels), unitsPerGpu(labels)),
        allocatable,
        schedulable: isReady(node) && node.spec?.unschedulable !== true,
        labels,
      };
    }
  }
  return undefined;
}

/** Whether the kubelet says `Ready`, lately enough for the node lifecycle controller not to have withdrawn it. */
export function isReady(node: Immutable<Node>): boolean {
  return readyCondition(node)?.status === 'True';
}

/**
 * Since when the node has not been ready, in milliseconds since 1970; undefined while it is. A node that never reported counts
 * from its creation.
 */
export function notReadySince(node: Immutable<Node>): number | undefined {
  const condition = readyCondition(node);
  if (condition?.status === 'True') {
    return undefined;
  }
  return Date.parse(condition?.lastTransitionTime ?? node.metadata.creationTimestamp);
}

function readyCondition(
  node: Immutable<Node>,
): { status: string; lastTransitionTime?: string | undefined } | undefined {
  return node.status?.conditions?.find((condition) => condition.type === 'Ready');
}

/**
 * The product label. AMD's labeller leaves it out on nodes with several models, whose GPUs the scheduler cannot tell apart: nobody
 * can ask for one of them by name, so they have none here either.
 */
function productOf(vendor: GpuVendor, labels: Readonly<Record<string, string>>): string {
  const product = labels[vendorNames[vendor].productLabel];
  return product === undefined || product === '' ? unlabelled(vendor) : product;
}

/** `nvidia.com/gpu.replicas` under time slicing; 1 otherwise. */
function unitsPerGpu(labels: Readonly<Record<string, string>>): number {
  return Math.max(1, wholeNumber(labels['nvidia.com/gpu.replicas']));
}

/** Extended resources are whole numbers; anything else counts as none. */
function wholeNumber(text: string | undefined): number {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : 0;
}
