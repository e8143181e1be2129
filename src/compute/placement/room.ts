import { type ClusterOffer, type OfferLine, replicasFitting, replicasSpared } from './offer.ts';
import { compareText } from './order.ts';
import type { Place } from './request.ts';

/** Room for replicas on one line, while a plan grows. */
export interface LineRoom {
  readonly line: OfferLine;
  /** Replicas that its nodes hold, before the plan. */
  readonly fits: number;
  /** Replicas that the owner leaves room for, of the model, before the plan. */
  readonly spare: number;
  /** Replicas that the plan has put there. */
  taken: number;
}

/** Room for replicas in one cluster, while a plan grows. */
export interface ClusterRoom {
  readonly offer: ClusterOffer;
  /** Replicas that the owner leaves room for, over all models, before the plan. */
  readonly spare: number;
  /** Replicas of the pool in the cluster: those that stand there, and those that the plan has added. */
  replicas: number;
  /** Replicas that the plan has put there. */
  taken: number;
  /** By model. */
  readonly lines: readonly LineRoom[];
}

/** The room in all clusters, by name: nothing in a plan depends on the order of the offers. */
export function roomsOf(
  offers: readonly ClusterOffer[],
  standings: readonly Place[],
  countPerReplica: number,
): readonly ClusterRoom[] {
  const standing = new Map<string, number>();
  for (const { cluster } of standings) {
    standing.set(cluster, (standing.get(cluster) ?? 0) + 1);
  }
  return offers
    .map((offer) => ({
      offer,
      spare: replicasSpared(offer, countPerReplica),
      replicas: standing.get(offer.name) ?? 0,
      taken: 0,
      lines: offer.lines
        .map((line) => ({
          line,
          fits: replicasFitting(line, countPerReplica),
          spare: replicasSpared(line, countPerReplica),
          taken: 0,
        }))
        .sort((a, b) => compareText(a.line.model, b.line.model)),
    }))
    .sort((a, b) => compareText(a.offer.name, b.offer.name));
}

/** Replicas that the line can still take: its nodes have room, and the owner's GPUs are left alone. */
export function roomLeft(cluster: ClusterRoom, line: LineRoom): number {
  return Math.max(0, Math.min(roomOnLine(line), cluster.spare - cluster.taken));
}

/** The same, as far as the line alone can tell. */
export function roomOnLine({ fits, spare, taken }: LineRoom): number {
  return Math.min(fits, spare) - taken;
}

/** Puts replicas on the line. */
export function take(cluster: ClusterRoom, line: LineRoom, replicas: number): void {
  line.taken += replicas;
  cluster.taken += replicas;
  cluster.replicas += replicas;
}
