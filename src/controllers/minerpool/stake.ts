import type { Immutable } from '../../api/kube-object.ts';
import type { MinerPool } from '../../api/miner-pool.ts';
import { parseOrdinals } from '../../api/ordinals.ts';
import type { StakeAccount } from '../../api/stake-account.ts';
import type { PoolAllotment } from '../../api/stake-account/status.ts';
import { minerId } from '../miner-id.ts';

/** What all miners of an account have in common. */
export interface MinerOrigin {
  /** What their ids begin with. */
  readonly minerTag: string;
  /** Address of the account. */
  readonly account: string;
  /** Name of the StakingNetwork. */
  readonly network: string;
  readonly chainId: number;
}

/** Who a replica is on its staking network: what its pod is told. Nothing of it is secret. */
export interface MinerIdentity extends Omit<MinerOrigin, 'minerTag'> {
  /** 0x and 64 hexadecimal digits. */
  readonly minerId: string;
}

/** What a pool sees of its stake. */
export interface SeenStake {
  /** Name of the StakeAccount. */
  readonly accountName: string;
  /** Undefined: there is none. */
  readonly account: Immutable<StakeAccount> | undefined;
  /** What the account allots to the pool; undefined: it has said nothing of it. */
  readonly allotment: Immutable<PoolAllotment> | undefined;
  /** Undefined: the account has not been able to tell yet. */
  readonly origin: MinerOrigin | undefined;
  /** Ordinals whose miners are registered. */
  readonly registered: ReadonlySet<number>;
}

/** Undefined when the pool needs no stake. */
export function stakeSeen(
  { spec, metadata }: Immutable<MinerPool>,
  account: Immutable<StakeAccount> | undefined,
): SeenStake | undefined {
  if (spec.stake === undefined) {
    return undefined;
  }
  const allotment = account?.status?.pools.find(({ name }) => name === metadata.name);
  return {
    accountName: spec.stake.accountRef.name,
    account,
    allotment,
    origin: originOf(account),
    registered: new Set(parseOrdinals(allotment?.registered ?? '')),
  };
}

/**
 * The most replicas that the stake allows. As long as nobody says, what runs goes on: an account that is missing stops nothing.
 * @param ordinals that have a pod, or may have one
 */
export function mostReplicas(
  { allotment }: SeenStake,
  pool: Immutable<MinerPool>,
  ordinals: Iterable<number>,
): number {
  if (allotment !== undefined) {
    return allotment.allotted;
  }
  let most = pool.status?.stake?.allotted ?? 0;
  for (const ordinal of ordinals) {
    most = Math.max(most, ordinal + 1);
  }
  return most;
}

/** Whether the ordinal has a registered miner: without one no pod of it may be made. */
export function hasMiner({ origin, registered }: SeenStake, ordinal: number): boolean {
  return origin !== undefined && registered.has(ordinal);
}

/** Undefined when the ordinal has no registered miner. */
export function identityOf(stake: SeenStake, pool: string, ordinal: number): MinerIdentity | undefined {
  if (stake.origin === undefined || !hasMiner(stake, ordinal)) {
    return undefined;
  }
  const { minerTag, ...rest } = stake.origin;
  return { minerId: minerId(minerTag, pool, ordinal), ...rest };
}

function originOf(account: Immutable<StakeAccount> | undefined): MinerOrigin | undefined {
  const { minerTag, chainId } = account?.status ?? {};
  if (account === undefined || minerTag === undefined || chainId === undefined) {
    return undefined;
  }
  return { minerTag, account: account.spec.address, network: account.spec.networkRef.name, chainId };
}

/** All that a pool heeds of an account, as one text: equal when nothing of it has changed. */
export function stakeSaid({ spec, status }: Immutable<StakeAccount>, pool: string): string {
  const { address, networkRef } = spec;
  const allotment = status?.pools.find(({ name }) => name === pool);
  const { provisioned } = status?.stake ?? {};
  return JSON.stringify([
    address,
    networkRef.name,
    status?.minerTag,
    status?.chainId,
    provisioned,
    allotment,
  ]);
}
