import type { Node } from '../../api/builtin.ts';
import type { ComputeCluster } from '../../api/compute-cluster.ts';
import type { Immutable } from '../../api/kube-object.ts';
import { nodeFilter, usagesInScope } from '../../compute/cluster-scope.ts';
import { createCatalogue } from '../../compute/gpu-catalogue.ts';
import { type NodeUsage, inventory } from '../../compute/inventory.ts';
import { isReady } from '../../compute/node-gpus.ts';
import { type GpuPrice, createPriceTable } from '../../compute/pricing/price-table.ts';
import { pricingProblems } from '../../compute/pricing/pricing-problems.ts';
import { type ReservedLine, withReserve } from '../../compute/reserve.ts';
import { nodesInQuarantine } from '../../compute/quarantine/nodes-left-out.ts';
import { scheduleProblems } from '../../compute/schedule/schedule-problems.ts';
import { type Opening, openingOf } from './opening.ts';

/** What is known of a cluster. */
export interface ObservedCluster {
  readonly cluster: Immutable<ComputeCluster>;
  /** All nodes, in whatever order. */
  readonly nodes: readonly Immutable<Node>[];
  /** What all of them have of GPUs, read with the cluster's own catalogue. */
  readonly usages: readonly NodeUsage[];
  /** Names of nodes in quarantine. Default: those of the status. */
  readonly inQuarantine?: readonly string[];
}

/** GPUs of one model, with all that the spec says of them. */
export interface AssessedLine extends ReservedLine {
  readonly price: GpuPrice | undefined;
}

/** What a cluster comes to, by its spec and by what is in it. */
export interface Assessment {
  /** How many nodes the cluster has, whether they take part or not. */
  readonly allNodes: number;
  /** Nodes that take part. */
  readonly nodes: { readonly total: number; readonly ready: number };
  readonly lines: readonly AssessedLine[];
  readonly opening: Opening;
  /** What is wrong with parts of the spec: `spec.schedule.timeZone: ...`. */
  readonly problems: { readonly schedule: readonly string[]; readonly pricing: readonly string[] };
}

/**
 * Works a cluster out. Pure.
 * @param now milliseconds since 1970
 */
export function assess(observed: ObservedCluster, now: number): Assessment {
  const { cluster, nodes, usages } = observed;
  const { spec, status } = cluster;
  const { inQuarantine = nodesInQuarantine(status?.quarantine ?? [], now) } = observed;
  const takesPart = nodeFilter(spec);
  const taking = nodes.filter(({ metadata: { name, labels = {} } }) => takesPart({ name, labels }));
  const { lines } = withReserve(inventory(usagesInScope(spec, usages, inQuarantine)), spec.reserve);
  const problems = {
    schedule: spec.schedule === undefined ? [] : scheduleProblems(spec.schedule).map(below('spec.schedule')),
    pricing: pricingProblemsOf(spec).map(below('spec.pricing')),
  };
  const opening = openingOf({ spec, lines, isFollowable: problems.schedule.length === 0 }, now);
  const priceOf = pricesOf(spec, problems.pricing.length === 0);
  return {
    allNodes: nodes.length,
    nodes: { total: taking.length, ready: taking.filter(isReady).length },
    lines: lines.map((line) => ({
      ...line,
      freeForGuests: opening.isOpen ? line.freeForGuests : 0,
      price: priceOf(line),
    })),
    opening,
    problems,
  };
}

type Spec = Immutable<ComputeCluster['spec']>;

function pricingProblemsOf({ pricing, gpuModels }: Spec): readonly string[] {
  return pricing === undefined ? [] : pricingProblems(pricing, createCatalogue(gpuModels));
}

/** Nothing has a price by a pricing that contradicts itself. */
function pricesOf(
  { pricing, gpuModels }: Spec,
  isUsable: boolean,
): (line: ReservedLine) => GpuPrice | undefined {
  if (pricing === undefined || !isUsable) {
    return () => undefined;
  }
  const table = createPriceTable(pricing, createCatalogue(gpuModels));
  return ({ model, product, catalogueModel, tflops, allocatable }) =>
    // Slices of different size may share a line: theirs is the price of the mean one.
    table.priceOf({ listedAs: model, product, model: catalogueModel, tflops: tflops / allocatable });
}

function below(path: string): (problem: string) => string {
  return (problem) => `${path}.${problem}`;
}
