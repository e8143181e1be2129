import { type ClusterOffer, type OfferLine } from '../../../src/compute/placement/offer.ts';
import { questionOf } from '../../../src/compute/placement/question.ts';
import type { PlacementRequest } from '../../../src/compute/placement/request.ts';
import { roomsOf } from '../../../src/compute/placement/room.ts';
import { suitableLines } from '../../../src/compute/placement/suitable-lines.ts';
import type { Row, Terms } from './linear-program.ts';

/** A pool and how many of its replicas found a place. */
export interface Placed {
  readonly request: PlacementRequest;
  readonly replicas: number;
}

/** How many replicas of a pool are on a line: a variable of the program. */
export interface Choice {
  readonly variable: string;
  readonly pool: Placed;
  readonly cluster: ClusterOffer;
  readonly line: OfferLine;
  /** Replicas that its nodes hold. */
  readonly fits: number;
}

/** All lines that each pool may use. */
export function choicesOf(offers: readonly ClusterOffer[], pools: readonly Placed[]): readonly Choice[] {
  return pools.flatMap((pool, index) => {
    const clusters = roomsOf(offers, [], pool.request.countPerReplica);
    return suitableLines(clusters, questionOf(pool.request, [], 1)).map(({ cluster, room }, line) => ({
      variable: `pool${index}line${line}`,
      pool,
      cluster: cluster.offer,
      line: room.line,
      fits: room.fits,
    }));
  });
}

/** What holds for any placement of the replicas: pools are complete, lines are not overfull, reserves are kept. */
export function placementRows(choices: readonly Choice[], pools: readonly Placed[]): readonly Row[] {
  const lines = [...new Set(choices.map(({ line }) => line))];
  const clusters = [...new Set(choices.map(({ cluster }) => cluster))];
  return [
    ...pools.map((pool): Row => {
      const ofPool = choices.filter((choice) => choice.pool === pool);
      return { terms: sumOver(ofPool, () => 1), relation: '=', bound: pool.replicas };
    }),
    ...choices.map((choice): Row => ({
      terms: sumOver([choice], () => 1),
      relation: '<=',
      bound: choice.fits,
    })),
    ...lines.map((line): Row => {
      // What the owner keeps of one model is spread anew as GPUs are taken, so it bounds no optimum: the row of the cluster does.
      const free = line.freeByNode.reduce((sum, gpus) => sum + gpus, 0);
      const ofLine = choices.filter((choice) => choice.line === line);
      return { terms: sumOver(ofLine, gpusOf), relation: '<=', bound: free };
    }),
    ...clusters.map((cluster): Row => {
      const ofCluster = choices.filter((choice) => choice.cluster === cluster);
      return { terms: sumOver(ofCluster, gpusOf), relation: '<=', bound: cluster.freeForGuests };
    }),
  ];
}

export function sumOver(choices: readonly Choice[], factor: (choice: Choice) => number): Terms {
  return choices.map((choice) => ({ variable: choice.variable, factor: factor(choice) }));
}

function gpusOf({ pool }: Choice): number {
  return pool.request.countPerReplica;
}

/** USD per replica-hour. */
export function costOf(choice: Choice): number {
  return (gpusOf(choice) * (choice.line.microUsdPerGpuHour ?? 0)) / 1_000_000;
}

/** V100 equivalents of a replica. */
export function worthOf(choice: Choice): number {
  return gpusOf(choice) * choice.line.v100EquivalentsPerGpu;
}
