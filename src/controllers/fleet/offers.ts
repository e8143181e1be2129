import type { NodeSelectorRequirement } from '../../api/builtin.ts';
import { createCatalogue, vendorNames } from '../../compute/gpu-catalogue.ts';
import { type GpuDemand, nodeRequirements } from '../../compute/gpu-demand.ts';
import { type GuestShare, guestShare } from '../../compute/guest-share.ts';
import { type NodeUsage, freeOn } from '../../compute/inventory.ts';
import { matchesRequirements } from '../../compute/node-selector.ts';
import type { ClusterOffer, OfferLine } from '../../compute/placement/offer.ts';
import type { KnownCluster } from './known-clusters.ts';
import type { ClusterTerms } from './terms.ts';

/** What pods need of nodes besides GPUs. */
export interface NodeNeeds {
  readonly vendor: GpuDemand['vendor'];
  /** On node labels, such as the pod template's own node selector. */
  readonly requirements: readonly NodeSelectorRequirement[];
}

/**
 * What a cluster has to offer to pods with these needs. GPUs of nodes that no selector could bring a pod to, because they carry no
 * label that names their model, are not offered.
 * @param takenOfOthers GPUs of other vendors that guests are about to take there
 */
export function offerOf(
  { name, cluster, terms, pending }: KnownCluster,
  needs: NodeNeeds,
  takenOfOthers = 0,
): ClusterOffer {
  const { labels = {} } = cluster.metadata;
  if (terms === undefined) {
    return { name, labels, reachable: false, freeForGuests: 0, lines: [] };
  }
  const { opening, lines } = terms;
  const share = guestShare(lines, { vendor: needs.vendor, pending, takenOfOthers });
  return {
    name,
    labels,
    reachable: true,
    ...(opening.isOpen ? {} : { closed: `closed to guests (${opening.message})` }),
    freeForGuests: share.total,
    lines: linesFor(terms, cluster.spec.gpuModels, needs, share),
  };
}

const known = new WeakMap<ClusterTerms, Map<string, readonly OfferLine[]>>();

/** Pools of equal needs get the very same lines, as long as nothing of the cluster changes. */
function linesFor(
  terms: ClusterTerms,
  gpuModels: KnownCluster['cluster']['spec']['gpuModels'],
  needs: NodeNeeds,
  { byModel }: GuestShare,
): readonly OfferLine[] {
  const ofTerms = known.get(terms) ?? new Map<string, readonly OfferLine[]>();
  known.set(terms, ofTerms);
  const key = JSON.stringify([needs, ...byModel.values()]);
  const lines = ofTerms.get(key) ?? linesOf(terms, gpuModels, needs, byModel);
  ofTerms.set(key, lines);
  return lines;
}

function linesOf(
  { usages, lines: assessed }: ClusterTerms,
  gpuModels: KnownCluster['cluster']['spec']['gpuModels'],
  { vendor, requirements }: NodeNeeds,
  freeForGuests: GuestShare['byModel'],
): readonly OfferLine[] {
  const { resource } = vendorNames[vendor];
  const catalogue = createCatalogue(gpuModels);
  const prices = new Map(assessed.map(({ model, price }) => [model, price]));
  const nodes = new Map<string, NodeUsage[]>();
  for (const usage of usages) {
    const { gpus } = usage;
    if (gpus.resource !== resource || !matchesRequirements(gpus.labels, requirements)) {
      continue;
    }
    const ofModel = nodes.get(gpus.unit.listedAs);
    if (ofModel === undefined) {
      nodes.set(gpus.unit.listedAs, [usage]);
    } else {
      ofModel.push(usage);
    }
  }
  return [...nodes].flatMap(([model, ofModel]) => {
    const selecting = nodeRequirements(demandFor(vendor, model), catalogue);
    const selectable = ofModel.filter(({ gpus }) => matchesRequirements(gpus.labels, selecting));
    const unit = selectable[0]?.gpus.unit;
    if (unit === undefined) {
      return [];
    }
    const price = prices.get(model)?.perGpuHour;
    return [
      {
        model,
        product: unit.product,
        vendor,
        ...(unit.memoryMiB === undefined ? {} : { memoryMiB: unit.memoryMiB }),
        v100EquivalentsPerGpu: unit.v100Equivalents,
        ...(price === undefined ? {} : { microUsdPerGpuHour: Number(price) }),
        freeByNode: selectable.map(freeOn),
        freeForGuests: freeForGuests.get(model) ?? 0,
      },
    ];
  });
}

/** What a pod asks for that was placed on a model. */
export function demandFor(vendor: GpuDemand['vendor'], model: string): GpuDemand {
  return { vendor, countPerReplica: 1, models: [model], minMemoryMiB: 0 };
}
