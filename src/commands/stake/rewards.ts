import { type TokenUnits, tokenUnits } from '../../chain/amounts/amount.ts';
import { formatTokens } from '../../chain/amounts/decimal.ts';
import type { ClaimStanding, RewardClaim } from '../../chain/protocols/protocol.ts';
import type { ChainReader } from '../../chain/rpc/chain-reader.ts';
import type { UsableNetwork } from '../../controllers/networks/network-view.ts';
import { claimChoice, minimumOf } from '../../controllers/rewards/claim-choice.ts';
import { type ProofSource, ProofsProblem } from '../../controllers/rewards/proof-source.ts';
import { readRewards } from '../../controllers/rewards/read-rewards.ts';
import { sumOf } from '../../controllers/rewards/reward-ledger.ts';
import type { RewardLook } from '../../controllers/rewards/reward-look.ts';
import { rfc3339 } from '../../time/clock.ts';
import type { AccountObjects } from './read-account.ts';

/** What the account has earned and was not paid. Amounts in the token. */
export interface PlanRewards {
  /** What can be claimed now. */
  readonly claimable: string;
  /** What is earned, and challenged still. */
  readonly pending: string;
  /** Nothing is claimed before there is as much to claim. */
  readonly minimum: string;
  /** The oldest epoch first. */
  readonly claims: readonly PlanClaim[];
  /** Why what can be claimed is not. */
  readonly obstacle?: string;
  /** Why it is not known what the account has earned. */
  readonly problem?: string;
}

export interface PlanClaim {
  readonly epoch: number;
  readonly amount: string;
  readonly standing: ClaimStanding;
  /** With the standing Challenged: RFC 3339, from when on it can be claimed. */
  readonly claimableTime?: string;
}

/** What a server tells of the account's rewards, and what the chain says of that. Undefined where the network has none. */
export async function lookAtRewards(
  { account, network: object }: Pick<AccountObjects, 'account' | 'network'>,
  network: UsableNetwork,
  reader: ChainReader,
  source: ProofSource,
): Promise<RewardLook | undefined> {
  if (network.protocol.rewards === undefined || object.spec.rewards === undefined) {
    return undefined;
  }
  const told = await claimsOf(source, { network: object, address: account.spec.address });
  // Nothing is counted here, so nothing need be final.
  const finalNumber = (): Promise<number> => Promise.resolve(-1);
  const found = await readRewards({ account, network, claims: told.claims, finalNumber }, reader);
  return { ...found, isUnread: told.problem !== undefined, problem: told.problem, nextAt: undefined };
}

interface Told {
  readonly claims: readonly RewardClaim[];
  readonly problem: string | undefined;
}

async function claimsOf(
  source: ProofSource,
  asked: Omit<Parameters<ProofSource['claims']>[0], 'signal'>,
): Promise<Told> {
  try {
    const signal = new AbortController().signal;
    return { claims: await source.claims({ ...asked, signal }), problem: undefined };
  } catch (error) {
    if (error instanceof ProofsProblem) {
      return { claims: [], problem: error.message };
    }
    throw error;
  }
}

/** Pure. */
export function planRewards(
  { spec }: AccountObjects['account'],
  network: UsableNetwork,
  look: RewardLook | undefined,
): PlanRewards | undefined {
  if (look === undefined) {
    return undefined;
  }
  const { decimals } = network.facts.token;
  const text = (amount: TokenUnits): string => formatTokens(amount, decimals);
  const { waits } = claimChoice({ spec, network, look });
  return {
    claimable: text(tokenUnits(sumOf(look.claims, 'Claimable'))),
    pending: text(tokenUnits(sumOf(look.claims, 'Challenged'))),
    minimum: text(minimumOf(spec, decimals)),
    claims: look.claims.map(({ epoch, amount, standing, claimableAt }) => ({
      epoch,
      amount: text(amount),
      standing,
      ...(standing === 'Challenged' ? { claimableTime: rfc3339(claimableAt) } : {}),
    })),
    ...(waits === undefined ? {} : { obstacle: waits }),
    ...(look.problem === undefined ? {} : { problem: look.problem }),
  };
}
