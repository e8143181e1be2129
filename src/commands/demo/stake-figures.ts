import type { StakeAccount } from '../../api/stake-account.ts';
import { tokenUnits } from '../../chain/amounts/amount.ts';
import { formatTokens } from '../../chain/amounts/decimal.ts';
import { epochRewards } from '../../chain/contracts/generated/epoch-rewards.ts';
import { minerRegistry } from '../../chain/contracts/generated/miner-registry.ts';
import { stakeManager } from '../../chain/contracts/generated/stake-manager.ts';
import { testToken } from '../../chain/contracts/generated/test-token.ts';
import { lookAt } from '../../devcluster/local-chain/chain-look.ts';
import type { DemoChain } from './chain.ts';

/** What is said of an account in two places: by the contracts, and by the status of its StakeAccount. Amounts as the API writes them. */
export interface StakeFigures {
  readonly provisioned: string;
  readonly required: string;
  readonly walletTokens: string;
  readonly registered: number;
  /** Rewards that were paid. */
  readonly claimed: string;
}

/** What the contracts say of the account at one block. */
export interface ChainFigures extends StakeFigures {
  /** The block. */
  readonly block: number;
  /** Epochs whose duty is done. */
  readonly epochsCheckedIn: number;
  /** Epochs whose rewards are paid. */
  readonly rewardsClaimed: number;
}

const DECIMALS = 18;

/** Asks the contracts, not Headframe. */
export async function readChainFigures({ chain, at, provider }: DemoChain): Promise<ChainFigures> {
  const block = await chain.rpc.call<string>('eth_blockNumber');
  const look = lookAt(chain.rpc, block);
  const { address } = provider;
  const { currentEpoch, checkedIn } = epochRewards.reads;
  const { Claimed } = epochRewards.events;
  const [provision, registered, walletTokens, current, claims] = await Promise.all([
    look.read(at.stakeManager, stakeManager.reads.provisionOf, address, at.minerRegistry),
    look.read(at.minerRegistry, minerRegistry.reads.providerOf, address),
    look.read(at.token, testToken.reads.balanceOf, address),
    look.read(at.epochRewards, currentEpoch),
    look.events(at.epochRewards, Claimed, { provider: address }),
  ]);
  const epochs = Array.from({ length: Number(current) + 1 }, (_, epoch) => BigInt(epoch));
  const duties = await Promise.all(
    epochs.map((epoch) => look.read(at.epochRewards, checkedIn, address, epoch)),
  );
  return {
    block: Number(block),
    provisioned: tokens(provision.tokens - provision.tokensThawing),
    required: tokens(registered.requiredStake),
    walletTokens: tokens(walletTokens),
    registered: Number(registered.miners),
    claimed: tokens(claims.reduce((sum, { fields }) => sum + fields.amount, 0n)),
    epochsCheckedIn: duties.filter(Boolean).length,
    rewardsClaimed: claims.length,
  };
}

/** What the status says; undefined before the account was read. */
export function statusFigures({ status }: StakeAccount): StakeFigures | undefined {
  const { stake, wallet, miners, rewards } = status ?? {};
  if (stake === undefined || wallet === undefined || miners === undefined) {
    return undefined;
  }
  return {
    provisioned: stake.provisioned,
    required: stake.required,
    walletTokens: wallet.tokens,
    registered: miners.registered + miners.foreign,
    claimed: rewards?.claimed ?? '0',
  };
}

/** What differs, each in words; empty when every figure is the same to the last unit. */
export function differences(onChain: StakeFigures, inStatus: StakeFigures | undefined): readonly string[] {
  if (inStatus === undefined) {
    return ['the StakeAccount has no figures yet'];
  }
  const names = ['provisioned', 'required', 'walletTokens', 'registered', 'claimed'] as const;
  return names
    .filter((name) => onChain[name] !== inStatus[name])
    .map((name) => `${name} is ${onChain[name]} on chain and ${inStatus[name]} in the status`);
}

function tokens(amount: bigint): string {
  return formatTokens(tokenUnits(amount), DECIMALS);
}
