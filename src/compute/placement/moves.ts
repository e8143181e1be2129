import { microUsdPerV100eHour } from './offer.ts';
import { compareNumbers } from './order.ts';
import type { Move } from './plan.ts';
import { type Question, placeKey } from './question.ts';
import type { Hysteresis, Standing } from './request.ts';
import { type ClusterRoom, roomLeft, take } from './room.ts';
import { type SuitableLine, suitableLines } from './suitable-lines.ts';

const HOUR_MS = 3_600_000;

/** Replicas that move together, or not: a gang, else a single one. */
interface Mover {
  readonly standings: readonly Standing[];
  /** Place of their model among those wanted. */
  readonly rank: number;
  /** What they cost where they are. */
  readonly microUsdPerV100eHour: number;
}

/**
 * The moves that are worth it now: the dearest replicas go to the cheapest room that the plan has left, if the saving is large
 * enough, they have run long enough and the budget of the hour lasts. Only under Cheapest: evenness is not given up for a price.
 * Nothing moves to a model that is wanted less, nor between places of which one has no price per V100e-hour. A gang moves as a
 * whole, and uses as much of the budget as it has replicas.
 * @param standings those that may be where they are
 * @returns the moves; their room is taken
 */
export function movesOf(
  question: Question,
  clusters: readonly ClusterRoom[],
  standings: readonly Standing[],
  now: number,
): readonly Move[] {
  const { policy, gang, hysteresis } = question.request;
  const moves: Move[] = [];
  const budget = budgetLeft(hysteresis, now);
  if (policy !== 'Cheapest' || budget <= 0) {
    return moves;
  }
  const settled = standings.filter(({ since }) => now - since >= hysteresis.minRunSeconds * 1000);
  const parties = gang ? wholeGang(question, settled) : settled.map((standing) => [standing]);
  const movers = moversOf(question, clusters, parties);
  const cheapest = cheapestFirst(clusters, {
    ...question,
    together: gang ? settled.length : 1,
    home: undefined,
  });
  for (const mover of movers) {
    const target = cheapest(mover.rank);
    const savingPercent = target === undefined ? 0 : saving(mover, target);
    const affordable = moves.length + mover.standings.length <= budget;
    if (
      target === undefined ||
      !affordable ||
      savingPercent <= 0 ||
      savingPercent < hysteresis.minSavingPercent
    ) {
      continue;
    }
    take(target.cluster, target.room, mover.standings.length);
    const to = { cluster: target.cluster.offer.name, model: target.room.line.model };
    for (const { ordinal, cluster, model } of mover.standings) {
      moves.push({ ordinal, from: { cluster, model }, to, savingPercent });
    }
  }
  return moves;
}

/** Replicas that may still move. */
function budgetLeft({ maxMovesPerHour, recentMoves }: Hysteresis, now: number): number {
  return maxMovesPerHour - recentMoves.filter((movedAt) => movedAt > now - HOUR_MS).length;
}

/** The gang, if all of it is there and in one place. */
function wholeGang({ request }: Question, standings: readonly Standing[]): readonly (readonly Standing[])[] {
  const places = new Set(standings.map(placeKey));
  return standings.length === request.replicas && places.size === 1 ? [standings] : [];
}

/** The dearest first, of equals the one with the lowest ordinal. */
function moversOf(
  { preference }: Question,
  clusters: readonly ClusterRoom[],
  parties: readonly (readonly Standing[])[],
): readonly Mover[] {
  const lines = new Map(
    clusters.flatMap(({ offer, lines: ofCluster }) =>
      ofCluster.map(({ line }) => [placeKey({ cluster: offer.name, model: line.model }), line] as const),
    ),
  );
  return parties
    .flatMap((standings) => {
      const [one] = standings;
      const line = one && lines.get(placeKey(one));
      const rank = line && preference.rankOf(line);
      const price = line === undefined ? Infinity : microUsdPerV100eHour(line);
      return rank === undefined || price === Infinity
        ? []
        : [{ standings, rank, microUsdPerV100eHour: price }];
    })
    .sort((a, b) => b.microUsdPerV100eHour - a.microUsdPerV100eHour);
}

/**
 * Finds the cheapest line that has room, among those of a model wanted as much as `rank` or more. A cluster that has refused a pod, and
 * taken none since, is no target: a replica that runs is not taken down to try it.
 */
function cheapestFirst(
  clusters: readonly ClusterRoom[],
  question: Question,
): (rank: number) => SuitableLine | undefined {
  const lines = suitableLines(clusters, question)
    .filter((line) => line.microUsdPerV100eHour < Infinity && line.cluster.offer.refusal === undefined)
    .sort((a, b) => compareNumbers(a.microUsdPerV100eHour, b.microUsdPerV100eHour));
  const queues = new Map<number, SuitableLine[]>();
  return (rank) => {
    const queue = queues.get(rank) ?? lines.filter((line) => line.rank <= rank).reverse();
    queues.set(rank, queue);
    // What is full stays full: each line is passed over once.
    while (isFull(queue.at(-1))) {
      queue.pop();
    }
    return queue.at(-1);
  };
}

function isFull(line: SuitableLine | undefined): boolean {
  return line !== undefined && roomLeft(line.cluster, line.room) === 0;
}

/** Per V100e-hour, in percent of what is paid now; below zero when the target is dearer. */
function saving(from: Mover, to: SuitableLine): number {
  const paid = from.microUsdPerV100eHour;
  return paid > 0 ? (100 * (paid - to.microUsdPerV100eHour)) / paid : 0;
}
