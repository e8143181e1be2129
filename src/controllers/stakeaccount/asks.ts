import type { Immutable } from '../../api/kube-object.ts';
import type { MinerPool } from '../../api/miner-pool.ts';
import type { StakeAccount } from '../../api/stake-account.ts';
import { MAX_POOLS } from '../../api/stake-account/status.ts';
import { AmountError, type TokenUnits, tokenUnits } from '../../chain/amounts/amount.ts';
import { parseTokens } from '../../chain/amounts/decimal.ts';
import type { NetworkFacts, StakingProtocol } from '../../chain/protocols/protocol.ts';
import { demandOf } from '../boards/pool-demand.ts';
import type { PoolAsk } from './goal.ts';

/** What the pools of an account ask for, and what is wrong with those that cannot be understood. */
export interface Asks {
  readonly asks: readonly PoolAsk[];
  /** For people, with the name of the pool. */
  readonly problems: readonly string[];
}

/** The pools that name the account, in the order in which they go before others: the highest priority first, then the oldest. */
export function poolsOf(
  { metadata }: Immutable<StakeAccount>,
  pools: Iterable<Immutable<MinerPool>>,
): readonly Immutable<MinerPool>[] {
  return [...pools]
    .filter(
      (pool) =>
        pool.metadata.namespace === metadata.namespace && pool.spec.stake?.accountRef.name === metadata.name,
    )
    .sort((a, b) => b.spec.priority - a.spec.priority || byAge(a, b));
}

function byAge({ metadata: a }: Immutable<MinerPool>, { metadata: b }: Immutable<MinerPool>): number {
  return Date.parse(a.creationTimestamp) - Date.parse(b.creationTimestamp) || (a.name < b.name ? -1 : 1);
}

/** @param leaving whether the account itself goes: then nobody gets anything any more */
export function asksOf(
  pools: readonly Immutable<MinerPool>[],
  network: { readonly facts: NetworkFacts; readonly protocol: Pick<StakingProtocol, 'required'> },
  leaving: boolean,
): Asks {
  const asks: PoolAsk[] = [];
  const problems: string[] = [];
  for (const [place, pool] of pools.entries()) {
    const ask = place < MAX_POOLS ? askOf(pool, network) : `an account carries at most ${MAX_POOLS} pools`;
    if (typeof ask === 'string') {
      problems.push(`MinerPool ${pool.metadata.name}: ${ask}`);
    } else {
      asks.push(leaving ? { ...ask, wanted: 0 } : ask);
    }
  }
  return { asks, problems };
}

/** @returns what is wrong, for people, when it cannot be understood */
function askOf(
  pool: Immutable<MinerPool>,
  { facts, protocol }: { readonly facts: NetworkFacts; readonly protocol: Pick<StakingProtocol, 'required'> },
): PoolAsk | string {
  const { replicas: wanted = 0, milliUnits, perUnit: asWritten, problem } = demandOf(pool) ?? {};
  if (milliUnits === undefined) {
    return problem ?? 'its size is not known';
  }
  try {
    const perUnit = parseTokens(asWritten ?? '0', facts.token.decimals);
    const own = (perUnit * BigInt(milliUnits) + 999n) / 1000n;
    const asked = protocol.required(facts.terms, 1, milliUnits);
    const perReplica: TokenUnits = own > asked ? tokenUnits(own) : asked;
    return { pool, wanted, milliUnits, perReplica };
  } catch (error) {
    if (error instanceof AmountError) {
      return `spec.stake.perUnit: ${error.message}`;
    }
    throw error;
  }
}
