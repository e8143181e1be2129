import type { RewardTree } from '../../../../src/chain/contracts/reward-tree.ts';
import { parameters } from '../network.ts';

/*
 * What the reference contracts should do, written down once more as simply as can be: plain numbers, no packing, no queues. The
 * properties hold the contracts against it.
 */

export type Provider = 'alice' | 'bob';
/** `registry` requires stake for miners; `service` is an account that requires none. */
export type Service = 'registry' | 'service';

export const PROVIDERS: readonly Provider[] = ['alice', 'bob'];
export const SERVICES: readonly Service[] = ['registry', 'service'];

export interface ModelRequest {
  readonly shares: bigint;
  readonly until: bigint;
  readonly nonce: bigint;
}

export interface ModelProvision {
  tokens: bigint;
  thawing: bigint;
  shares: bigint;
  nonce: bigint;
  readonly cut: bigint;
  readonly period: bigint;
  requests: ModelRequest[];
}

interface ModelRoot {
  readonly tree: RewardTree;
  readonly rewards: Readonly<Record<Provider, bigint>>;
  readonly claimableAt: bigint;
}

export interface ModelAccount {
  /** Tokens outside of the contracts, relative to the start. */
  purse: bigint;
  staked: bigint;
  /** What slashes took, and rewards gave: the only ways to be poorer or richer. */
  slashed: bigint;
  rewarded: bigint;
  restake: boolean;
  readonly provisions: Map<Service, ModelProvision>;
  /** Name to thousandths of a V100. */
  readonly miners: Map<string, bigint>;
  readonly checkIns: Set<bigint>;
  /** Epochs whose reward was paid. */
  readonly claimed: Set<bigint>;
}

export interface Model {
  /** Of the latest block, seconds since 1970. Each transaction is a block, one second later. */
  now: bigint;
  readonly genesis: bigint;
  readonly addresses: Readonly<Record<Provider, string>>;
  readonly accounts: Readonly<Record<Provider, ModelAccount>>;
  unreserved: bigint;
  readonly roots: Map<bigint, ModelRoot>;
  /** Paid out of slashes, and burned. */
  bounties: bigint;
  burned: bigint;
}

/** The name of the custom error; undefined when the call goes through. */
export type Outcome = string | undefined;

export function newModel(start: Pick<Model, 'now' | 'genesis' | 'addresses'>): Model {
  const account = (): ModelAccount => ({
    purse: 0n,
    staked: 0n,
    slashed: 0n,
    rewarded: 0n,
    restake: false,
    provisions: new Map(),
    miners: new Map(),
    checkIns: new Set(),
    claimed: new Set(),
  });
  return {
    ...start,
    accounts: { alice: account(), bob: account() },
    unreserved: 0n,
    roots: new Map(),
    bounties: 0n,
    burned: 0n,
  };
}

export function idle(account: ModelAccount): bigint {
  return account.staked - provisioned(account);
}

export function provisioned(account: ModelAccount): bigint {
  return [...account.provisions.values()].reduce((sum, { tokens }) => sum + tokens, 0n);
}

export function available(account: ModelAccount, service: Service): bigint {
  const held = account.provisions.get(service);
  return held === undefined ? 0n : held.tokens - held.thawing;
}

export function required(account: ModelAccount): bigint {
  const units = [...account.miners.values()].reduce((sum, milliUnits) => sum + milliUnits, 0n);
  const { stakePerMiner, stakePerUnit } = parameters.terms;
  return BigInt(account.miners.size) * stakePerMiner + (units * stakePerUnit + 999n) / 1000n;
}

export function epochOf(model: Model, time: bigint): bigint {
  return (time - model.genesis) / parameters.epochLength;
}
