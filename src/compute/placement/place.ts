import { clusterCauses, objectionToCluster } from './cluster-filters.ts';
import { explain } from './explain.ts';
import { fill } from './fill.ts';
import { objectionToStanding, termCauses } from './line-filters.ts';
import { movesOf } from './moves.ts';
import type { Objection } from './objection.ts';
import type { ClusterOffer } from './offer.ts';
import type { Misplaced, PlacementPlan } from './plan.ts';
import { type Question, placeKey, questionOf } from './question.ts';
import type { PlacementRequest, Standing } from './request.ts';
import { type ClusterRoom, roomsOf } from './room.ts';
import { suitableLines } from './suitable-lines.ts';

/**
 * Chooses a cluster and a GPU model for every replica of a pool: first filters (filters.ts), then scores (scores.ts), as
 * kube-scheduler does. A replica that stands somewhere stays there; the others get the best places, lowest ordinals first; moves
 * that save enough are proposed (moves.ts). The same arguments give the same plan, in whatever order offers and lines come.
 *
 * Takes O(nodes + (replicas + lines) log (replicas + lines)).
 * @param standings where replicas are; of two with one ordinal the first counts, those beyond the wanted replicas do not
 * @param now milliseconds since 1970
 */
export function place(
  request: PlacementRequest,
  offers: readonly ClusterOffer[],
  standings: readonly Standing[],
  now: number,
): PlacementPlan {
  const standing = byOrdinal(request, standings);
  const kept = [...standing.values()];
  const missing = Array.from({ length: request.replicas }, (_, ordinal) => ordinal).filter(
    (ordinal) => !standing.has(ordinal),
  );
  const clusters = roomsOf(offers, kept, request.countPerReplica);
  const question = questionOf(request, kept, missing.length);
  const placed = fill(request, suitableLines(clusters, question), missing);
  const unplaced = missing.length - placed.length;
  // What room there is for more is said before moves take theirs.
  const explanation = explain(clusters, questionOf(request, [...kept, ...placed], unplaced));
  const misplaced = misplacedOf(kept, clusters, question);
  const wrong = new Set(misplaced.map(({ ordinal }) => ordinal));
  return {
    assignments: [
      ...kept.map(({ ordinal, cluster, model }) => ({ ordinal, cluster, model })),
      ...placed,
    ].sort((a, b) => a.ordinal - b.ordinal),
    moves: movesOf(
      question,
      clusters,
      kept.filter(({ ordinal }) => !wrong.has(ordinal)),
      now,
    ),
    misplaced,
    unplaced,
    explanation,
  };
}

/** Those of the standings, whatever their ordinals, that would be refused today where they are. */
export function misplacedAmong(
  request: PlacementRequest,
  offers: readonly ClusterOffer[],
  standings: readonly Standing[],
): readonly Misplaced[] {
  if (standings.length === 0) {
    return [];
  }
  const clusters = roomsOf(offers, standings, request.countPerReplica);
  return misplacedOf(standings, clusters, questionOf(request, standings, 0));
}

/** The standings of wanted ordinals, by ordinal; of two of one ordinal the first. */
function byOrdinal(
  { replicas }: PlacementRequest,
  standings: readonly Standing[],
): ReadonlyMap<number, Standing> {
  const wanted = new Map<number, Standing>();
  for (const standing of [...standings].sort((a, b) => a.ordinal - b.ordinal)) {
    if (standing.ordinal < replicas && !wanted.has(standing.ordinal)) {
      wanted.set(standing.ordinal, standing);
    }
  }
  return wanted;
}

/** The standings at places that would be refused today, whatever room there is: their GPUs they have. */
function misplacedOf(
  standings: readonly Standing[],
  clusters: readonly ClusterRoom[],
  question: Question,
): readonly Misplaced[] {
  const known = new Map(clusters.map((cluster) => [cluster.offer.name, cluster]));
  const verdicts = new Map<string, Wrong | undefined>();
  return standings.flatMap(({ ordinal, cluster, model }) => {
    const key = placeKey({ cluster, model });
    if (!verdicts.has(key)) {
      verdicts.set(key, wrongWith(known.get(cluster), model, question));
    }
    const verdict = verdicts.get(key);
    return verdict === undefined ? [] : [{ ordinal, cluster, model, ...verdict }];
  });
}

type Wrong = Pick<Misplaced, 'cause' | 'reason'>;

/** A model that the cluster does not offer any more is not held against replicas that still run on it. */
function wrongWith(cluster: ClusterRoom | undefined, model: string, question: Question): Wrong | undefined {
  if (cluster === undefined) {
    return { cause: 'gone', reason: 'no longer a ComputeCluster' };
  }
  const ofCluster = wrong(objectionToCluster(cluster.offer, question.request), clusterCauses);
  const room = cluster.lines.find(({ line }) => line.model === model);
  return ofCluster ?? (room && wrong(objectionToStanding(room, question), termCauses));
}

function wrong(objection: Objection | undefined, causes: readonly Misplaced['cause'][]): Wrong | undefined {
  const cause = objection && causes[objection.filter];
  return objection === undefined || cause === undefined ? undefined : { cause, reason: objection.reason };
}
