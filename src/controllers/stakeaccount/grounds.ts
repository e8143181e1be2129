import type { Pod } from '../../api/builtin.ts';
import { labels } from '../../api/group.ts';
import { type Immutable, joinKey } from '../../api/kube-object.ts';
import { parseOrdinals } from '../../api/ordinals.ts';
import type { StakeAccount } from '../../api/stake-account.ts';
import type { StakeAccountSpec } from '../../api/stake-account/spec.ts';
import { type TokenUnits, tokenUnits } from '../../chain/amounts/amount.ts';
import { parseTokens } from '../../chain/amounts/decimal.ts';
import { type Entry, isLive } from '../../chain/engine/entry.ts';
import { DEREGISTRATION } from '../../chain/protocols/protocol.ts';
import type { MinerPool } from '../../api/miner-pool.ts';
import type { Store } from '../../kube/store.ts';
import type { UsableNetwork } from '../networks/network-view.ts';
import { claimMoves } from '../rewards/claim-choice.ts';
import { poolsOf } from './asks.ts';
import { type Lingering, type PoolAsk, goalOf } from './goal.ts';
import type { Draw } from './work.ts';

/** What an account is drawn with besides the chain. */
export interface DrawGrounds {
  readonly account: Immutable<StakeAccount>;
  readonly network: UsableNetwork;
  readonly asks: readonly PoolAsk[];
  readonly lingering: Lingering;
  /** The account's transactions. */
  readonly entries: readonly Entry[];
  readonly tag: string;
  /** Whether the account is being deleted, and its stake is paid back first. */
  readonly leaving: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * How to see, in the state of an account, what it is to be like and what to do next. Pure.
 * @throws AmountError when an amount of the spec does not fit the token
 */
export function drawWith({
  account,
  network,
  asks,
  lingering,
  entries,
  tag,
  leaving,
  now,
}: DrawGrounds): Draw {
  const { facts, protocol, block } = network;
  const { decimals } = facts.token;
  const calls = deregistrations(entries);
  const stake = stakeOf(account.spec, decimals, leaving);
  return (state, miners, rewards) => {
    const goal = goalOf({
      ...stake,
      asks,
      published: account.status?.pools ?? [],
      lingering,
      isLeaving: (id) => calls.some((data) => data.includes(id.slice(2))),
      state,
      miners,
      accountUid: account.metadata.uid,
      tag,
      decimals,
      checksIn: account.spec.checkIn && !leaving,
    });
    // What is due by the chain's clock is due; where no block has come for a while, ours says what the next will say.
    const { moves, shortages } = protocol.plan(facts, state, goal.desired, Math.max(block.time, now));
    const claims = claimMoves({ spec: account.spec, network, look: rewards });
    return { state, miners, goal, plan: { moves: [...moves, ...claims], shortages }, rewards };
  };
}

/** Call data of those that are sent, and not final. */
function deregistrations(entries: readonly Entry[]): readonly string[] {
  return entries
    .filter((entry) => isLive(entry) && entry.spec.intent.kind === DEREGISTRATION)
    .map(({ spec }) => spec.intent.data);
}

interface StakeGoal {
  readonly fixed: TokenUnits | undefined;
  readonly maxStaked: TokenUnits;
  readonly releasesSurplus: boolean;
}

function stakeOf({ stake }: Immutable<StakeAccountSpec>, decimals: number, leaving: boolean): StakeGoal {
  const none = tokenUnits(0n);
  if (leaving) {
    return { fixed: none, maxStaked: none, releasesSurplus: true };
  }
  const fixed = stake.amount === undefined ? undefined : parseTokens(stake.amount, decimals);
  return {
    fixed,
    maxStaked: stake.max === undefined ? (fixed ?? none) : parseTokens(stake.max, decimals),
    releasesSurplus: stake.surplus === 'Thaw',
  };
}

/** Where to look for pools and their pods. */
export interface PodSight {
  readonly caches: {
    readonly pods: { readonly store: Pick<Store<Pod>, 'list'> };
    readonly pools: { readonly store: Pick<Store<MinerPool>, 'get' | 'list'> };
  };
}

/**
 * Pools that ask for nothing and may have pods all the same. Those that are gone, or need no stake any more, while pods of theirs are still
 * there. And those that name the account and are not understood, be there pods or none: what they run goes on, so all that they may
 * believe in stays.
 */
export function lingeringPools(
  account: Immutable<StakeAccount>,
  asks: readonly PoolAsk[],
  { caches: { pods, pools } }: PodSight,
): Lingering {
  const { namespace } = account.metadata;
  const asking = new Set(asks.map(({ pool }) => pool.metadata.name));
  const wanted = new Map(
    poolsOf(account, pools.store.list()).map(({ metadata, spec }) => [metadata.name, spec.replicas]),
  );
  const published = (account.status?.pools ?? []).map(({ name }) => name);
  const silent = [...new Set([...published, ...wanted.keys()])].filter((name) => !asking.has(name));
  return new Map(
    silent.flatMap((name) => {
      const { status } = pools.store.get(joinKey({ namespace, name })) ?? {};
      const ordinals = [
        ...Array.from({ length: wanted.get(name) ?? 0 }, (_, ordinal) => ordinal),
        ...parseOrdinals(status?.stake?.occupied ?? ''),
        ...podsOf(name, namespace, pods.store.list()),
      ];
      return wanted.has(name) || ordinals.length > 0 ? [[name, [...new Set(ordinals)]] as const] : [];
    }),
  );
}

/** Ordinals of the pods in the cluster in which Headframe runs: a pool does not go before its pods in others have gone. */
function podsOf(
  pool: string,
  namespace: string | undefined,
  pods: Iterable<Immutable<Pod>>,
): readonly number[] {
  return [...pods]
    .filter(({ metadata }) => metadata.namespace === namespace && metadata.labels?.[labels.pool] === pool)
    .map(({ metadata }) => Number(metadata.name.slice(pool.length + 1)))
    .filter((ordinal) => Number.isInteger(ordinal));
}
