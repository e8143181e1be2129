import { tokenUnits, wei } from '../../amounts/amount.ts';
import { epochRewards } from '../../contracts/generated/epoch-rewards.ts';
import { minerRegistry } from '../../contracts/generated/miner-registry.ts';
import type { Provider } from '../../contracts/generated/miner-registry.ts';
import { multicall3 } from '../../contracts/generated/multicall3.ts';
import { stakeManager } from '../../contracts/generated/stake-manager.ts';
import type { Provision, Stake } from '../../contracts/generated/stake-manager.ts';
import type { AccountState, NetworkFacts, StakeTerms, Thaw } from '../protocol.ts';
import { addressesOf } from './addresses.ts';
import type { HeadframeAddresses } from './addresses.ts';
import { question } from './ask.ts';
import type { Ask } from './ask.ts';
import { erc20 } from './erc20.ts';

/** Where accounts are asked after, and about which epoch. */
interface Census {
  readonly ask: Ask;
  readonly at: HeadframeAddresses;
  readonly multicall3: string;
  readonly facts: NetworkFacts;
}

interface AccountAnswers {
  readonly coin: bigint;
  readonly walletTokens: bigint;
  readonly allowance: bigint;
  readonly stake: Stake;
  readonly provision: Provision;
  readonly provider: Provider;
  readonly checkedIn: boolean;
}

/**
 * The state of accounts, in the order of their addresses. Seven questions for each, and one more for those that have stake thawing.
 * @param multicall3Address it knows what accounts hold of the coin
 * @throws ProtocolMismatch, RpcError, MulticallError
 */
export async function readAccounts(
  ask: Ask,
  multicall3Address: string,
  facts: NetworkFacts,
  addresses: readonly string[],
): Promise<readonly AccountState[]> {
  const census = { ask, at: addressesOf(facts), multicall3: multicall3Address, facts };
  const answers = await Promise.all(addresses.map((address) => askAccount(census, address)));
  return Promise.all(
    answers.map(async (each, index) => {
      const address = addresses[index] ?? '';
      const isThawing = each.provision.nextRequest > each.provision.firstRequest;
      return stateOf(address, facts.terms, each, isThawing ? await askThaws(census, address) : []);
    }),
  );
}

async function askAccount({ ask, at, facts, ...census }: Census, address: string): Promise<AccountAnswers> {
  const chain = { contract: multicall3.name, to: census.multicall3 };
  const manager = { contract: stakeManager.name, to: at.stakeManager };
  const registry = { contract: minerRegistry.name, to: at.minerRegistry };
  const token = { contract: erc20.name, to: at.token };
  const { stakeOf, provisionOf } = stakeManager.reads;
  const [coin, walletTokens, allowance, stake, provision, provider, checkedIn] = await Promise.all([
    ask(question(chain, multicall3.reads.getEthBalance, address)),
    ask(question(token, erc20.reads.balanceOf, address)),
    ask(question(token, erc20.reads.allowance, address, at.stakeManager)),
    ask(question(manager, stakeOf, address)),
    ask(question(manager, provisionOf, address, at.minerRegistry)),
    ask(question(registry, minerRegistry.reads.providerOf, address)),
    askCheckedIn(ask, at, facts, address),
  ]);
  return { coin, walletTokens, allowance, stake, provision, provider, checkedIn };
}

function askCheckedIn(
  ask: Ask,
  { epochRewards: to }: HeadframeAddresses,
  { epoch }: NetworkFacts,
  address: string,
): Promise<boolean> | false {
  const at = to !== undefined && { contract: epochRewards.name, to };
  return (
    at !== false &&
    epoch !== undefined &&
    ask(question(at, epochRewards.reads.checkedIn, address, BigInt(epoch.number)))
  );
}

async function askThaws({ ask, at }: Census, address: string): Promise<readonly Thaw[]> {
  const manager = { contract: stakeManager.name, to: at.stakeManager };
  const requests = await ask(question(manager, stakeManager.reads.thawRequestsOf, address, at.minerRegistry));
  return requests.map(({ tokens, thawingUntil }) => ({
    tokens: tokenUnits(tokens),
    dueAt: Number(thawingUntil) * 1000,
  }));
}

function stateOf(
  address: string,
  terms: StakeTerms,
  { coin, walletTokens, allowance, stake, provision, provider, checkedIn }: AccountAnswers,
  thaws: readonly Thaw[],
): AccountState {
  const hasProvision = provision.createdAt !== 0n;
  return {
    address,
    coin: wei(coin),
    walletTokens: tokenUnits(walletTokens),
    allowance: tokenUnits(allowance),
    idle: tokenUnits(stake.tokensStaked - stake.tokensProvisioned),
    provisioned: tokenUnits(provision.tokens - provision.tokensThawing),
    thawing: tokenUnits(provision.tokensThawing),
    hasProvision,
    ...(hasProvision ? outdated(provision, terms) : {}),
    thaws,
    miners: Number(provider.miners),
    milliUnits: Number(provider.milliUnits),
    required: tokenUnits(provider.requiredStake),
    checkedIn,
  };
}

/** MinerRegistry._requireTerms, for what the provision has and for what waits to be accepted. */
function outdated(provision: Provision, terms: StakeTerms): Pick<AccountState, 'outdatedTerms'> {
  const meets = (cut: bigint, period: bigint): boolean =>
    cut >= terms.maxVerifierCutPpm && period >= terms.thawingSeconds;
  if (meets(provision.maxVerifierCut, provision.thawingPeriod)) {
    return {};
  }
  const isStaged =
    provision.parametersStagedAt !== 0n &&
    meets(provision.maxVerifierCutPending, provision.thawingPeriodPending);
  return { outdatedTerms: isStaged ? 'Staged' : 'Unstaged' };
}
