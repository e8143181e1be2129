import { formatOrdinals, parseOrdinals } from '../../api/ordinals.ts';
import type { Immutable } from '../../api/kube-object.ts';
import {
  MAX_OPEN_CLAIMS,
  type PoolAllotment,
  type RewardsStatus,
  StakeAccountStatus,
} from '../../api/stake-account/status.ts';
import { tokenUnits } from '../../chain/amounts/amount.ts';
import { formatTokens, parseTokens } from '../../chain/amounts/decimal.ts';
import type { SeenClaim } from '../../chain/protocols/protocol.ts';
import type { RewardLook, SeenBlock } from './reward-look.ts';
import { split } from './split.ts';

/*
 * How a claim is counted once: an epoch whose claim is right and not counted is open; when a final block has it as paid it leaves the open
 * ones, joins the counted ones, and its amount the sums, all in one write of the status, which the API server refuses when it is not based
 * on the last one. Both lists are read from the status itself, so no restart and no second operator can count it again.
 */

/** Counted epochs that are remembered. Those before the oldest of so many are taken to be counted. */
const MEMORY = 256;

type Status = Immutable<StakeAccountStatus>;
type OpenClaim = Immutable<RewardsStatus['open'][number]>;

/** By whose miners a claim is divided. */
export type Shares = Pick<OpenClaim, 'shares' | 'otherMilliUnits'>;

export interface LedgerGrounds {
  readonly before: Status | undefined;
  readonly look: RewardLook;
  /** Of the account now. */
  readonly shares: () => Shares;
  /** Of spec.claim, in the smallest unit. */
  readonly minimum: bigint;
  /** Digits of the token after the point. */
  readonly decimals: number;
  /** The pools of the account now. */
  readonly pools: readonly PoolAllotment[];
}

/** What of a status is about rewards: the sum of the pools' parts and of what is unattributed is what is claimed, to the last unit. */
export interface RewardFigures {
  readonly rewards: RewardsStatus;
  readonly pools: PoolAllotment[];
}

/** Whether an epoch's claim is counted already. */
export function countedEpochs(status: Status | undefined): (epoch: number) => boolean {
  const counted = parseOrdinals(status?.rewards?.counted ?? '');
  const known = new Set(counted);
  const open = new Set(status?.rewards?.open.map(({ epoch }) => epoch));
  const oldest = known.size < MEMORY ? -1 : Math.min(...counted);
  return (epoch) => known.has(epoch) || (epoch < oldest && !open.has(epoch));
}

/** The next state of the ledger. Pure: the same look does not change it again. */
export function rewardFigures(grounds: LedgerGrounds): RewardFigures {
  const { before, look, decimals, minimum } = grounds;
  const isCounted = countedEpochs(before);
  const known = openClaims(grounds, isCounted);
  const settled = known.filter(({ epoch }) => look.paid.has(epoch));
  const open = known.filter(({ epoch }) => !look.paid.has(epoch));
  const sums = settled.reduce((so, claim) => plus(so, claim, decimals), sumsOf(grounds));
  const due = sumOf(look.claims, 'Claimable');
  const isEnough = due >= minimum;
  const text = (amount: bigint): string => formatTokens(tokenUnits(amount), decimals);
  const counted = [
    ...parseOrdinals(before?.rewards?.counted ?? ''),
    ...settled.map(({ epoch }) => epoch),
  ].sort((a, b) => a - b);
  return {
    rewards: {
      claimable: text(isEnough ? due : 0n),
      pending: text(sumOf(look.claims, 'Challenged') + (isEnough ? 0n : due)),
      claimed: text(sums.claimed),
      unattributed: text(sums.unattributed),
      open: open.slice(-MAX_OPEN_CLAIMS).map(copied),
      counted: formatOrdinals(counted.slice(-MEMORY)),
    },
    pools: grounds.pools.map((pool) => ({ ...pool, rewardsClaimed: text(sums.pools.get(pool.name) ?? 0n) })),
  };
}

/** The ledger while nobody can look: what was counted stays, and so does what pools had that are gone. Pure. */
export function keptFigures({
  before,
  pools,
  decimals,
}: Pick<LedgerGrounds, 'before' | 'pools' | 'decimals'>): Partial<RewardFigures> &
  Pick<RewardFigures, 'pools'> {
  const { rewards } = StakeAccountStatus.pick({ rewards: true }).parse(before ?? {});
  if (rewards === undefined) {
    return { pools: pools.map((pool) => ({ ...pool })) };
  }
  const { unattributed } = sumsOf({ before, pools, decimals });
  const parts = new Map(before?.pools.map(({ name, rewardsClaimed }) => [name, rewardsClaimed]));
  return {
    rewards: { ...rewards, unattributed: formatTokens(tokenUnits(unattributed), decimals) },
    pools: pools.map((pool) => {
      const rewardsClaimed = parts.get(pool.name);
      return { ...pool, ...(rewardsClaimed === undefined ? {} : { rewardsClaimed }) };
    }),
  };
}

/** What can be claimed, or is challenged, in the smallest unit. */
export function sumOf(claims: readonly SeenClaim[], standing: SeenClaim['standing']): bigint {
  return claims.reduce((sum, claim) => (claim.standing === standing ? sum + claim.amount : sum), 0n);
}

/** Those of the status, and those that are new: right, and past their challenge. A root of an undone block may have said another amount. */
function openClaims(
  { before, look, shares, decimals }: LedgerGrounds,
  isCounted: (epoch: number) => boolean,
): readonly OpenClaim[] {
  const certain = look.claims.filter(({ standing }) => standing === 'Claimable' || standing === 'Claimed');
  const amounts = new Map(certain.map(({ epoch, amount }) => [epoch, formatTokens(amount, decimals)]));
  const former = (before?.rewards?.open ?? []).map((claim) => ({
    ...claim,
    amount: amounts.get(claim.epoch) ?? claim.amount,
    ...paidIn(look.settling.get(claim.epoch)),
  }));
  const known = new Set(former.map(({ epoch }) => epoch));
  const fresh = [...amounts].filter(([epoch]) => !known.has(epoch) && !isCounted(epoch));
  const begun = fresh.map(([epoch, amount]) => ({
    epoch,
    amount,
    ...shares(),
    ...paidIn(look.settling.get(epoch)),
  }));
  return [...former, ...begun].sort((a, b) => a.epoch - b.epoch);
}

/** What was seen stays: whether its block is still there is asked when it is final. */
function paidIn(block: SeenBlock | undefined): Pick<OpenClaim, 'paidBlock'> {
  return block === undefined ? {} : { paidBlock: block };
}

interface Sums {
  readonly claimed: bigint;
  readonly unattributed: bigint;
  readonly pools: ReadonlyMap<string, bigint>;
}

/** So far; what belonged to pools that are gone belongs to nobody. */
function sumsOf({ before, pools, decimals }: Pick<LedgerGrounds, 'before' | 'pools' | 'decimals'>): Sums {
  const units = (text: string | undefined): bigint => parseTokens(text ?? '0', decimals);
  const former = new Map(before?.pools.map(({ name, rewardsClaimed }) => [name, units(rewardsClaimed)]));
  const named = new Set(pools.map(({ name }) => name));
  const gone = [...former].filter(([name]) => !named.has(name)).reduce((sum, [, part]) => sum + part, 0n);
  return {
    claimed: units(before?.rewards?.claimed),
    unattributed: units(before?.rewards?.unattributed) + gone,
    pools: new Map(pools.map(({ name }) => [name, former.get(name) ?? 0n])),
  };
}

function plus(so: Sums, { amount: text, shares, otherMilliUnits }: OpenClaim, decimals: number): Sums {
  const amount = parseTokens(text, decimals);
  const parts = split(amount, [...shares.map(({ milliUnits }) => milliUnits), otherMilliUnits]);
  const pools = new Map(so.pools);
  let attributed = 0n;
  shares.forEach(({ pool }, index) => {
    const before = pools.get(pool);
    const part = parts[index] ?? 0n;
    if (before !== undefined) {
      pools.set(pool, before + part);
      attributed += part;
    }
  });
  return {
    claimed: so.claimed + amount,
    unattributed: so.unattributed + amount - attributed,
    pools,
  };
}

function copied({ shares, paidBlock, ...claim }: OpenClaim): RewardsStatus['open'][number] {
  return {
    ...claim,
    shares: shares.map((share) => ({ ...share })),
    ...(paidBlock === undefined ? {} : { paidBlock: { ...paidBlock } }),
  };
}
