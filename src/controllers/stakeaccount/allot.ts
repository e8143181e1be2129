import type { TokenUnits } from '../../chain/amounts/amount.ts';

/** What one pool asks of its account. */
export interface PoolClaim {
  readonly name: string;
  /** Replicas that it wants. */
  readonly wanted: number;
  /** Replicas that it was allotted last. */
  readonly held: number;
  /** What each replica needs. */
  readonly perReplica: TokenUnits;
}

/** By the name of the pool: how many replicas the stake covers. */
export type Allotments = ReadonlyMap<string, number>;

/**
 * Divides stake among pools. What a pool has already and still wants it keeps before any other gets more: a pool that is scaled up
 * asks for stake, and takes none from those that run. Where stake has become too little for that, as after a slash, the last pools
 * give first.
 * @param claims in the order in which pools go before others
 */
export function allot(available: bigint, claims: readonly PoolClaim[]): Allotments {
  const kept = share(available, claims, ({ wanted, held }) => Math.min(wanted, held));
  const rest = available - costOf(claims, kept);
  const more = share(rest, claims, ({ name, wanted }) => wanted - (kept.get(name) ?? 0));
  return new Map(claims.map(({ name }) => [name, (kept.get(name) ?? 0) + (more.get(name) ?? 0)]));
}

function share(
  available: bigint,
  claims: readonly PoolClaim[],
  asked: (claim: PoolClaim) => number,
): Allotments {
  let left = available > 0n ? available : 0n;
  return new Map(
    claims.map((claim) => {
      const affordable = claim.perReplica === 0n ? asked(claim) : Number(left / claim.perReplica);
      const given = Math.max(0, Math.min(asked(claim), affordable));
      left -= BigInt(given) * claim.perReplica;
      return [claim.name, given];
    }),
  );
}

function costOf(claims: readonly PoolClaim[], given: Allotments): bigint {
  return claims.reduce((sum, { name, perReplica }) => sum + BigInt(given.get(name) ?? 0) * perReplica, 0n);
}
