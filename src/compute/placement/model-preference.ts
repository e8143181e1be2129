import { vendorNames } from '../gpu-catalogue.ts';
import { type GpuDemand, nodeRequirements } from '../gpu-demand.ts';
import { matchesRequirements } from '../node-selector.ts';
import type { OfferLine } from './offer.ts';

/** What a demand thinks of the lines of an offer. It asks what the pods will ask of nodes, so that both always agree. */
export interface ModelPreference {
  /** 0 for the model wanted most, and when any model will do; undefined when the demand does not want the model. */
  rankOf(line: OfferLine): number | undefined;
  /** Whether the line's GPUs have the memory wanted. Memory that is not known does not count as enough. */
  hasMemory(line: OfferLine): boolean;
}

export function modelPreference(demand: GpuDemand): ModelPreference {
  const whole = nodeRequirements(demand);
  const byRank = demand.models.map((model) =>
    nodeRequirements({ ...demand, models: [model], minMemoryMiB: 0 }),
  );

  return {
    rankOf(line) {
      if (line.vendor !== demand.vendor) {
        return undefined;
      }
      if (demand.models.length === 0) {
        return 0;
      }
      const labels = labelsOf(line);
      const rank = byRank.findIndex((requirements) => matchesRequirements(labels, requirements));
      return rank === -1 ? undefined : rank;
    },
    hasMemory: (line) => matchesRequirements(labelsOf(line), whole),
  };
}

/** The labels that decide about a node, as nodes of the line carry them. */
function labelsOf({ vendor, product, memoryMiB }: OfferLine): Record<string, string> {
  const { productLabel, memoryLabel } = vendorNames[vendor];
  return {
    ...(productLabel !== undefined && { [productLabel]: product }),
    ...(memoryLabel !== undefined && memoryMiB !== undefined && { [memoryLabel]: String(memoryMiB) }),
  };
}
