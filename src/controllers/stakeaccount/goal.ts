import { formatOrdinals, parseOrdinals } from '../../api/ordinals.ts';
import type { Immutable } from '../../api/kube-object.ts';
import type { MinerPool } from '../../api/miner-pool.ts';
import { MAX_POOL_ENTRIES } from '../../api/stake-account/status.ts';
import { MAX_ORDINALS_TEXT, type PoolAllotment } from '../../api/stake-account/status.ts';
import { type TokenUnits, tokenUnits } from '../../chain/amounts/amount.ts';
import { formatTokens } from '../../chain/amounts/decimal.ts';
import type { AccountState, Desired, Miner } from '../../chain/protocols/protocol.ts';
import { minerId } from '../miner-id.ts';
import { allotmentId, ceilingOf } from '../boards/allotment.ts';
import { type Allotments, allot } from './allot.ts';

/** After so many ordinals in a row without a miner no more are looked for: a pool's are registered from the first on, in batches. */
const LONGEST_GAP = 256;

/** A pool that names the account, with what it asks for worked out. */
export interface PoolAsk {
  readonly pool: Immutable<MinerPool>;
  /** Replicas that it wants now; 0 while it is suspended or being deleted. */
  readonly wanted: number;
  /** Size of a replica's miner, in thousandths of a unit. */
  readonly milliUnits: number;
  /** What each replica needs. */
  readonly perReplica: TokenUnits;
}

/** Pools that ask for nothing and may have pods all the same, with the ordinals of those. */
export type Lingering = ReadonlyMap<string, readonly number[]>;

/** Everything that a goal follows from. */
export interface GoalGrounds {
  /** In the order in which they go before others. */
  readonly asks: readonly PoolAsk[];
  /** What the account's status says that pools were allotted: they may run so many. */
  readonly published: readonly Immutable<PoolAllotment>[];
  /** What {@link published} says of pools that ask for nothing stays as it is, by their names: with the ordinals that have a pod. */
  readonly lingering: Lingering;
  readonly state: AccountState;
  readonly miners: readonly Miner[];
  readonly accountUid: string;
  /** What the ids of the account's miners begin with. */
  readonly tag: string;
  /** Whether the miner's deregistration is sent, and not final: nobody may rely on it, be it registered still or again. */
  readonly isLeaving: (id: string) => boolean;
  /** Digits of the token after the point. */
  readonly decimals: number;
  /** The fixed stake; undefined: what the pools need. */
  readonly fixed: TokenUnits | undefined;
  readonly maxStaked: TokenUnits;
  readonly releasesSurplus: boolean;
  readonly checksIn: boolean;
}

/** What an account is to be like, and what that means for its pools. */
export interface Goal {
  readonly desired: Desired;
  readonly pools: readonly PoolAllotment[];
  /** What the pools' replicas and the miners of others need together. */
  readonly needed: TokenUnits;
  /** Miners of the account's pools on chain. */
  readonly registered: number;
  /** Miners on chain that are not Headframe's. */
  readonly foreign: number;
}

/** Pure: the same grounds give the same goal. */
export function goalOf(grounds: GoalGrounds): Goal {
  const { asks, published, state, miners, tag } = grounds;
  const onChain = new Map(miners.map((miner) => [miner.id, miner]));
  const foreign = miners.filter(({ id }) => !id.startsWith(tag));
  const reserved = foreignStake(grounds, foreign);
  const held = new Map(published.map(({ name, allotted }) => [name, allotted]));
  const claims = asks.map(({ pool, wanted, perReplica }) => {
    const { name } = pool.metadata;
    return { name, wanted, held: held.get(name) ?? 0, perReplica };
  });
  const allotments = allot(state.provisioned - reserved, claims);
  const needed = asks.reduce((sum, { wanted, perReplica }) => sum + BigInt(wanted) * perReplica, reserved);
  const wantedMiners = asks.flatMap((ask) => minersOf(ask, allotments, tag));
  const pools = asks.map((ask) =>
    allotmentOf(ask, allotments.get(ask.pool.metadata.name) ?? 0, grounds, onChain),
  );
  const kept = keptIds(grounds, pools);
  const occupied = occupiedIds(grounds);
  return {
    desired: {
      provisioned: grounds.fixed ?? tokenUnits(needed),
      maxStaked: grounds.maxStaked,
      releasesSurplus: grounds.releasesSurplus,
      register: wantedMiners.filter(({ id }) => !onChain.has(id)),
      deregister: [
        ...miners.filter(({ id }) => id.startsWith(tag) && !kept.has(id)).map(({ id }) => id),
        // A miner's size cannot be changed: it goes, and comes again, once the replica has no pod that needs it.
        ...wantedMiners
          .filter(({ id, milliUnits }) => onChain.has(id) && onChain.get(id)?.milliUnits !== milliUnits)
          .filter(({ id }) => !occupied.has(id))
          .map(({ id }) => id),
      ],
      checksIn: grounds.checksIn,
    },
    pools: [...pools, ...published.filter(({ name }) => grounds.lingering.has(name))].slice(
      0,
      MAX_POOL_ENTRIES,
    ),
    needed: tokenUnits(needed),
    registered: miners.length - foreign.length,
    foreign: foreign.length,
  };
}

/** Ids of replicas that have a pod, or may have one. Of a pool that has never answered that is every one that it wants. */
function occupiedIds({ asks, tag }: GoalGrounds): ReadonlySet<string> {
  return new Set(
    asks.flatMap(({ pool }) => {
      const { stake } = pool.status ?? {};
      const ordinals = stake === undefined ? range(pool.spec.replicas) : parseOrdinals(stake.occupied);
      return ordinals.map((ordinal) => minerId(tag, pool.metadata.name, ordinal));
    }),
  );
}

/** The part of what the miners need that falls to those of others, rounded up: their sizes are known, the terms may favour either. */
function foreignStake({ state }: GoalGrounds, foreign: readonly Miner[]): bigint {
  if (foreign.length === 0 || state.milliUnits === 0) {
    return 0n;
  }
  const units = foreign.reduce((sum, { milliUnits }) => sum + milliUnits, 0);
  const byUnits = ceilDiv(state.required * BigInt(units), BigInt(state.milliUnits));
  const byMiners = ceilDiv(state.required * BigInt(foreign.length), BigInt(state.miners));
  return byUnits > byMiners ? byUnits : byMiners;
}

function minersOf({ pool, milliUnits }: PoolAsk, allotments: Allotments, tag: string): readonly Miner[] {
  const { name } = pool.metadata;
  return Array.from({ length: allotments.get(name) ?? 0 }, (_, ordinal) => ({
    id: minerId(tag, name, ordinal),
    milliUnits,
  }));
}

/**
 * Ids that stay registered: of every ordinal that a pool may still believe to be allotted to it, and of every one that has a pod. A pool
 * makes the pod of an ordinal only while it sees an allotment with it, and never goes back to an older one: once its status repeats
 * the id of a lower allotment, and does not name an ordinal above it as occupied, no pod of that comes again.
 */
function keptIds(grounds: GoalGrounds, pools: readonly PoolAllotment[]): ReadonlySet<string> {
  const { asks, lingering, published, tag } = grounds;
  const ceilings = new Map(pools.map(({ name, ceiling }) => [name, ceiling]));
  const ofPools = asks.flatMap(({ pool }) => {
    const { name } = pool.metadata;
    const occupied = parseOrdinals(pool.status?.stake?.occupied ?? '');
    return [...range(ceilings.get(name) ?? 0), ...occupied].map((ordinal) => minerId(tag, name, ordinal));
  });
  const ofLingering = [...lingering].flatMap(([name, ordinals]) => {
    const before = published.find((entry) => entry.name === name);
    const ceiling = before?.ceiling ?? registeredBelow(name, grounds);
    return [...range(ceiling), ...ordinals].map((ordinal) => minerId(tag, name, ordinal));
  });
  return new Set([...ofPools, ...ofLingering]);
}

function allotmentOf(
  { pool, wanted, perReplica }: PoolAsk,
  allotted: number,
  grounds: GoalGrounds,
  onChain: ReadonlyMap<string, Miner>,
): PoolAllotment {
  const { published, tag, decimals, accountUid, isLeaving } = grounds;
  const { name } = pool.metadata;
  const before = published.find((entry) => entry.name === name);
  const isThere = (id: string): boolean => onChain.has(id) && !isLeaving(id);
  return {
    name,
    wanted,
    allotted,
    allotmentId: allotmentId(before, allotted, accountUid),
    ceiling: Math.max(
      ceilingOf(before, allotted, pool),
      before === undefined ? registeredBelow(name, grounds) : 0,
    ),
    requiredPerReplica: formatTokens(perReplica, decimals),
    registered: fitting(
      formatOrdinals(range(allotted).filter((ordinal) => isThere(minerId(tag, name, ordinal)))),
    ),
  };
}

/**
 * The ordinal below which all registered ones of a pool are. What an account that has written nothing of a pool yet finds on chain, one
 * of the same name before it has registered, and the pool may believe in it.
 */
function registeredBelow(pool: string, { miners, tag }: GoalGrounds): number {
  const left = new Set(miners.map(({ id }) => id).filter((id) => id.startsWith(tag)));
  let below = 0;
  for (let ordinal = 0; ordinal < below + LONGEST_GAP && left.size > 0; ordinal++) {
    if (left.delete(minerId(tag, pool, ordinal))) {
      below = ordinal + 1;
    }
  }
  return below;
}

/** So many of the first ordinals as the status has room for: those left out wait a little longer for their pods. */
function fitting(ordinals: string): string {
  return ordinals.length <= MAX_ORDINALS_TEXT
    ? ordinals
    : ordinals.slice(0, ordinals.lastIndexOf(',', MAX_ORDINALS_TEXT));
}

function range(length: number): number[] {
  return Array.from({ length }, (_, ordinal) => ordinal);
}

function ceilDiv(a: bigint, b: bigint): bigint {
  return (a + b - 1n) / b;
}
