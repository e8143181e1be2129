import type { ComputeCluster } from '../../api/compute-cluster.ts';
import { type Statement, condition } from '../../api/conditions.ts';
import type { Immutable } from '../../api/kube-object.ts';
import { createCatalogue } from '../../compute/gpu-catalogue.ts';
import type { Assessment } from '../fleet/assess.ts';
import type { AssessedLine } from '../fleet/terms.ts';

type Spec = Immutable<ComputeCluster['spec']>;

/** The conditions of a cluster, each stated once. */
export function statements(spec: Spec, assessment: Assessment): readonly Statement[] {
  const { lines, opening, problems } = assessment;
  const wrong = specProblem(problems);
  return [
    wrong === undefined ? inventoryRead(assessment) : condition('Ready', false, wrong.reason, wrong.message),
    condition('Reachable', true, 'Reachable'),
    modelsKnown(lines),
    ...pricesKnown(spec, assessment),
    condition('OpenToGuests', opening.isOpen, opening.reason, opening.message),
    ...(wrong === undefined ? [] : [condition('Stalled', true, wrong.reason, wrong.message)]),
  ];
}

/** What nobody but the user can mend. */
function specProblem({
  schedule,
  pricing,
}: Assessment['problems']): { reason: 'ScheduleInvalid' | 'PricingInvalid'; message: string } | undefined {
  const all = [...schedule, ...pricing];
  return all.length === 0
    ? undefined
    : { reason: schedule.length > 0 ? 'ScheduleInvalid' : 'PricingInvalid', message: all.join('; ') };
}

function inventoryRead({ allNodes, nodes, lines }: Assessment): Statement {
  if (nodes.total === 0 && allNodes > 0) {
    return condition(
      'Ready',
      true,
      'NoMatchingNodes',
      `none of ${allNodes} nodes takes part; do spec.nodeSelector, spec.excludedNodes and spec.profile mean what they should?`,
    );
  }
  const total = lines.reduce((sum, line) => sum + line.allocatable, 0);
  return total === 0
    ? condition(
        'Ready',
        true,
        'NoGPUs',
        'no node offers GPUs; is the device plugin of the GPU vendor installed?',
      )
    : condition('Ready', true, 'InventoryKnown', `${total} GPUs of ${lines.length} models`);
}

function modelsKnown(lines: readonly AssessedLine[]): Statement {
  const unknown = lines.filter((line) => !line.known);
  return unknown.length === 0
    ? condition('GPUModelsKnown', true, 'AllGPUModelsKnown')
    : condition(
        'GPUModelsKnown',
        false,
        'UnknownGPUModels',
        `${counted(unknown)}: not in the GPU catalogue, counted with 0 PFLOPS`,
      );
}

/** Nothing without a pricing, or with one that cannot be used. */
function pricesKnown(spec: Spec, { lines, problems }: Assessment): readonly Statement[] {
  if (spec.pricing === undefined || problems.pricing.length > 0) {
    return [];
  }
  const missing = lines.filter((line) => line.price === undefined);
  if (missing.length > 0) {
    return [condition('PricesKnown', false, 'PricesMissing', `${counted(missing)}: not in spec.pricing`)];
  }
  const strange = pricedNowhere(spec, lines);
  return [
    strange.length === 0
      ? condition('PricesKnown', true, 'AllPricesKnown')
      : condition('PricesKnown', false, 'UnknownPricedModels', strange.join('; ')),
  ];
}

/** Entries that mean nothing here: misspelt, most likely. On Akash they may be for orders, in Akash's words. */
function pricedNowhere(
  { pricing, gpuModels, profile }: Spec,
  lines: readonly AssessedLine[],
): readonly string[] {
  const catalogue = createCatalogue(gpuModels);
  const here = new Set(lines.flatMap(({ model, product }) => [model.toLowerCase(), product.toLowerCase()]));
  return (profile === 'Akash' ? [] : (pricing?.models ?? [])).flatMap(({ model }, index) =>
    catalogue.modelsNamed(model).length > 0 || here.has(model.toLowerCase())
      ? []
      : [
          `spec.pricing.models[${index}].model: '${model}' must be a name of the GPU catalogue or a product of a node`,
        ],
  );
}

function counted(lines: readonly AssessedLine[]): string {
  return lines.map(({ product, allocatable }) => `${allocatable} x '${product}'`).join(', ');
}
