import type { Immutable } from '../../api/kube-object.ts';
import type { Pricing } from '../../api/pricing.ts';
import { type GpuCatalogue, builtInCatalogue } from '../gpu-catalogue.ts';
import { PriceError, parseUsd } from './micro-usd.ts';
import { entriesByModel } from './price-table.ts';

/** What is wrong with a pricing, field by field below `spec.pricing`, each with what is allowed. Empty when it can be used. */
export function pricingProblems(
  pricing: Immutable<Pricing>,
  catalogue: GpuCatalogue = builtInCatalogue,
): readonly string[] {
  const amounts = [
    ...(pricing.perV100EquivalentHour === undefined
      ? []
      : [['perV100EquivalentHour', pricing.perV100EquivalentHour] as const]),
    ...pricing.models.map(({ perGpuHour }, index) => [`models[${index}].perGpuHour`, perGpuHour] as const),
  ];
  const unreadable = amounts.flatMap(([field, text]) => {
    const problem = priceProblem(text);
    return problem === undefined ? [] : [`${field}: ${problem}`];
  });
  return unreadable.length > 0 ? unreadable : contradictions(pricing, catalogue);
}

function contradictions(pricing: Immutable<Pricing>, catalogue: GpuCatalogue): readonly string[] {
  const found = [...entriesByModel(pricing, catalogue).values()].flatMap(([first, ...others]) =>
    others
      .filter(({ perGpuHour }) => parseUsd(perGpuHour) !== parseUsd(first.perGpuHour))
      .map(
        (other) =>
          `${other.field}.model: '${other.model}' is the same GPU model as '${first.model}' (${first.field}), so both must have the same perGpuHour`,
      ),
  );
  return [...new Set(found)];
}

function priceProblem(text: string): string | undefined {
  try {
    parseUsd(text);
    return undefined;
  } catch (error) {
    if (error instanceof PriceError) {
      return error.message;
    }
    throw error;
  }
}
