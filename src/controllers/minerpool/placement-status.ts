import type { PlacementStatus } from '../../api/placement.ts';
import type { ClusterOffer } from '../../compute/placement/offer.ts';
import { formatUsd, microUsd } from '../../compute/pricing/micro-usd.ts';
import { rfc3339 } from '../../time/clock.ts';
import { formatOrdinals } from '../../api/ordinals.ts';
import { byPlace, writePlaces } from './places.ts';
import type { Placing } from './placing.ts';
import { REFUSED } from './refusing-clusters.ts';
import { isReadyPhase } from './replica.ts';
import type { Scope } from './scope.ts';

/** The CRD's bounds. */
const MOST_REFUSALS = 64;
const LONGEST_SUMMARY = 1024;
const LONGEST_REASON = 512;

/** Where the replicas belong, and why no more of them do. Undefined when Headframe places none, and none is left anywhere. */
export function placementStatus(scope: Scope): PlacementStatus | undefined {
  const { placing, recorded, leftBehind, pool, byOrdinal } = scope;
  if (pool.metadata.deletionTimestamp !== undefined) {
    return pool.status?.placement && structuredClone(pool.status.placement as PlacementStatus);
  }
  if (placing === undefined) {
    return leftBehind.size === 0
      ? undefined
      : { ...nothing, ...writePlaces({ ...recorded, places: new Map(), leftBehind }), places: [] };
  }
  const { record, explanation, offers } = placing;
  const isReady = (ordinal: number, cluster: string): boolean => {
    const replica = byOrdinal.get(ordinal);
    return replica?.cluster === cluster && isReadyPhase(replica);
  };
  const { leftBehind: left, recentMoves } = writePlaces(record);
  return {
    summary: explanation.summary.slice(0, LONGEST_SUMMARY),
    places: byPlace(record.places).map(({ cluster, model, ordinals }) => ({
      cluster,
      model,
      replicas: ordinals.length,
      ready: ordinals.filter((ordinal) => isReady(ordinal, cluster)).length,
      ordinals: formatOrdinals(ordinals),
      ...priceAt(offers, cluster, model),
    })),
    refusals: refusalsIn(placing),
    leftBehind: left,
    recentMoves,
  };
}

/** Why clusters take no more. What one has refused is said, and remembered, also when it may be tried again. */
function refusalsIn({ explanation, offers }: Placing): PlacementStatus['refusals'] {
  const refused = new Map(offers.map(({ name, refusal }) => [name, refusal]));
  return explanation.clusters
    .flatMap(({ cluster, refusal }) => {
      const last = refused.get(cluster);
      const reason = refusal ?? (last && `${REFUSED}${last.reason}`);
      return reason === undefined
        ? []
        : [
            {
              cluster,
              reason: reason.slice(0, LONGEST_REASON),
              ...(last === undefined ? {} : { refusedTime: rfc3339(last.at) }),
            },
          ];
    })
    .slice(0, MOST_REFUSALS);
}

const nothing = { summary: '', places: [], refusals: [], leftBehind: [], recentMoves: [] };

function priceAt(
  offers: readonly ClusterOffer[],
  cluster: string,
  model: string,
): { pricePerGpuHour?: string } {
  const line = offers
    .find(({ name }) => name === cluster)
    ?.lines.find((candidate) => candidate.model === model);
  return line?.microUsdPerGpuHour === undefined
    ? {}
    : { pricePerGpuHour: formatUsd(microUsd(BigInt(line.microUsdPerGpuHour))) };
}
