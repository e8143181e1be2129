import { type RewardTree, rewardTree } from '../../../../src/chain/contracts/reward-tree.ts';
import { parameters } from '../network.ts';
import {
  available,
  epochOf,
  type Model,
  type Outcome,
  type Provider,
  PROVIDERS,
  required,
} from './network-model.ts';

export function checkIn(model: Model, provider: Provider, epoch: bigint): Outcome {
  const account = model.accounts[provider];
  if (epoch !== epochOf(model, model.now)) {
    return 'WrongEpoch';
  }
  if (account.checkIns.has(epoch)) {
    return 'AlreadyCheckedIn';
  }
  if (account.miners.size === 0 || available(account, 'registry') < required(account)) {
    return 'NotEligible';
  }
  account.checkIns.add(epoch);
  return undefined;
}

export function fund(model: Model, tokens: bigint): Outcome {
  model.unreserved += tokens;
  return undefined;
}

export type Rewards = Readonly<Record<Provider, bigint>>;

/** The tree of what the providers get; who gets nothing is not in it. */
export function treeOf(model: Model, epoch: bigint, rewards: Rewards): RewardTree {
  const all = PROVIDERS.map((provider) => ({
    provider: model.addresses[provider],
    amount: rewards[provider],
  }));
  return rewardTree(
    epoch,
    all.filter(({ amount }) => amount > 0n),
  );
}

export function postRoot(model: Model, epoch: bigint, rewards: Rewards): Outcome {
  if (epoch >= epochOf(model, model.now)) {
    return 'EpochNotOver';
  }
  if (model.roots.has(epoch)) {
    return 'RootExists';
  }
  const tree = treeOf(model, epoch, rewards);
  if (tree.total > model.unreserved) {
    return 'InsufficientFunds';
  }
  model.unreserved -= tree.total;
  model.roots.set(epoch, { tree, rewards, claimableAt: model.now + parameters.challengeDelay });
  return undefined;
}

export function veto(model: Model, epoch: bigint): Outcome {
  const root = model.roots.get(epoch);
  if (root === undefined) {
    return 'NoRoot';
  }
  if (model.now >= root.claimableAt) {
    return 'ChallengeOver';
  }
  model.unreserved += root.tree.total;
  model.roots.delete(epoch);
  return undefined;
}

/** All of them or none, as claimMany; claim is the case of one. */
export function claim(model: Model, provider: Provider, epochs: readonly bigint[]): Outcome {
  const account = model.accounts[provider];
  const paid = new Set<bigint>();
  let sum = 0n;
  for (const epoch of epochs) {
    const root = model.roots.get(epoch);
    if (root === undefined) {
      return 'NoRoot';
    }
    if (model.now < root.claimableAt) {
      return 'ChallengeRunning';
    }
    if (account.claimed.has(epoch) || paid.has(epoch)) {
      return 'AlreadyClaimed';
    }
    if (root.rewards[provider] === 0n) {
      return 'InvalidProof';
    }
    paid.add(epoch);
    sum += root.rewards[provider];
  }
  if (sum === 0n) {
    return 'ZeroTokens';
  }
  paid.forEach((epoch) => account.claimed.add(epoch));
  account.rewarded += sum;
  if (account.restake) {
    account.staked += sum;
  } else {
    account.purse += sum;
  }
  return undefined;
}

/** What of the posted roots has not been claimed. */
export function unclaimed(model: Model): bigint {
  let sum = 0n;
  for (const [epoch, { rewards }] of model.roots) {
    for (const provider of PROVIDERS) {
      sum += model.accounts[provider].claimed.has(epoch) ? 0n : rewards[provider];
    }
  }
  return sum;
}
