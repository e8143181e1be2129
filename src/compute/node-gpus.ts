import type { Node } from '../api/builtin.ts';
import type { Immutable } from '../api/kube-object.ts';
import {
  type GpuCatalogue,
  type GpuVendor,
  builtInCatalogue,
  gpuVendors,
  unlabelledProduct,
  vendorNames,
} from './gpu-catalogue.ts';
import { type GpuUnit, gpuUnit } from './gpu-unit.ts';
import { type GpuGroup, productGroups } from './product-groups.ts';

/** The GPUs of one node. */
export interface NodeGpus {
  readonly node: string;
  readonly vendor: GpuVendor;
  /** Extended resource that pods ask for. */
  readonly resource: string;
  /**
   * What a pod knows that it gets. On a node with several models nobody can ask for one of them by name, so there it is an unknown
   * one, as on a node that names no model at all.
   */
  readonly unit: GpuUnit;
  /** What the units are: one group, or several on a node with several models. */
  readonly groups: readonly GpuGroup[];
  /** Units that the node offers to pods: the sum over the groups. */
  readonly allocatable: number;
  /** Ready, and not cordoned: new pods may come. */
  readonly schedulable: boolean;
  readonly labels: Readonly<Record<string, string>>;
}

/** The node's GPUs, or undefined when it offers none. Nodes carry one vendor's GPUs; the first with any counts. */
export function nodeGpus(
  node: Immutable<Node>,
  catalogue: GpuCatalogue = builtInCatalogue,
): NodeGpus | undefined {
  for (const vendor of gpuVendors) {
    const { resource } = vendorNames[vendor];
    const allocatable = wholeNumber(node.status?.allocatable?.[resource]);
    if (allocatable > 0) {
      const labels = node.metadata.labels ?? {};
      const groups = productGroups(vendor, labels, allocatable, catalogue);
      const [only, ...more] = groups;
      return {
        node: node.metadata.name,
        vendor,
        resource,
        unit:
          only === undefined || more.length > 0
            ? gpuUnit(unlabelledProduct(vendor), 1, catalogue)
            : only.unit,
        groups,
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

/** Extended resources are whole numbers; anything else counts as none. */
function wholeNumber(text: string | undefined): number {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : 0;
}
