import type { ComputeCluster } from '../../api/compute-cluster.ts';
import type { Immutable } from '../../api/kube-object.ts';
import { usagesInScope } from '../../compute/cluster-scope.ts';
import { createCatalogue } from '../../compute/gpu-catalogue.ts';
import { type NodeUsage, inventory } from '../../compute/inventory.ts';
import { type GpuPrice, createPriceTable } from '../../compute/pricing/price-table.ts';
import { pricingProblems } from '../../compute/pricing/pricing-problems.ts';
import { nodesInQuarantine } from '../../compute/quarantine/nodes-left-out.ts';
import { type ReservedLine, withReserve } from '../../compute/reserve.ts';
import { scheduleProblems } from '../../compute/schedule/schedule-problems.ts';
import { type Opening, openingOf } from './opening.ts';

/** GPUs of one model, with all that the spec says of them. */
export interface AssessedLine extends ReservedLine {
  readonly price: GpuPrice | undefined;
}

/** What a cluster has, and on which terms guests may use it. */
export interface ClusterTerms {
  /** Of the nodes that take part. */
  readonly usages: readonly NodeUsage[];
  readonly lines: readonly AssessedLine[];
  /** GPUs that guests hold although they are reserved: what guests have to give back. */
  readonly owed: number;
  readonly opening: Opening;
  /** What is wrong with parts of the spec: `spec.schedule.timeZone: ...`. */
  readonly problems: { readonly schedule: readonly string[]; readonly pricing: readonly string[] };
}

/** What a cluster's terms are worked out from. */
export interface TermsGrounds {
  /** Of all nodes with GPUs, read with the cluster's own catalogue. */
  readonly usages: readonly NodeUsage[];
  /** Names of nodes in quarantine. Default: those of the status. */
  readonly inQuarantine?: readonly string[] | undefined;
}

/**
 * Works out what a cluster has for guests, and at what price. Pure.
 * @param now milliseconds since 1970
 */
export function termsOf(
  { spec, status }: Pick<Immutable<ComputeCluster>, 'spec' | 'status'>,
  { usages, inQuarantine }: TermsGrounds,
  now: number,
): ClusterTerms {
  const withheld = inQuarantine ?? nodesInQuarantine(status?.quarantine ?? [], now);
  const inScope = usagesInScope(spec, usages, withheld);
  const { lines, owed } = withReserve(inventory(inScope), spec.reserve, spec.profile !== 'Akash');
  const problems = {
    schedule: spec.schedule === undefined ? [] : scheduleProblems(spec.schedule).map(below('spec.schedule')),
    pricing: pricingProblemsOf(spec).map(below('spec.pricing')),
  };
  const opening = openingOf({ spec, lines, isFollowable: problems.schedule.length === 0 }, now);
  const priceOf = pricesOf(spec, problems.pricing.length === 0);
  return {
    usages: inScope,
    lines: lines.map((line) => ({
      ...line,
      freeForGuests: opening.isOpen ? line.freeForGuests : 0,
      price: priceOf(line),
    })),
    owed,
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
