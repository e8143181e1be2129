import assert from 'node:assert/strict';
import type { ContractRead } from '../../../../src/chain/contracts/binding.ts';
import { epochRewards } from '../../../../src/chain/contracts/generated/epoch-rewards.ts';
import { minerRegistry } from '../../../../src/chain/contracts/generated/miner-registry.ts';
import { stakeManager } from '../../../../src/chain/contracts/generated/stake-manager.ts';
import { testToken } from '../../../../src/chain/contracts/generated/test-token.ts';
import { type Network, PURSE } from '../network.ts';
import {
  idle,
  type Model,
  provisioned,
  type Provider,
  PROVIDERS,
  required,
  SERVICES,
} from './network-model.ts';
import { unclaimed } from './reward-rules.ts';

/** Reads without a trace: the properties make many. */
async function read<Args extends readonly unknown[], Output>(
  network: Network,
  to: string,
  what: ContractRead<Args, Output>,
  ...args: Args
): Promise<Output> {
  const call = { to, data: what.encode(...args) };
  return what.decodeOutput(await network.chain.rpc.call<string>('eth_call', call, 'latest'));
}

/**
 * Holds what the contracts say against the model, and against themselves.
 * @throws AssertionError that names the invariant
 */
export async function checkInvariants(network: Network, model: Model): Promise<void> {
  const { at, who } = network;
  const balance = (account: string): Promise<bigint> =>
    read(network, at.token, testToken.reads.balanceOf, account);
  const [held, rewards, unreserved, supply, bounties, ...stakes] = await Promise.all([
    balance(at.stakeManager),
    balance(at.epochRewards),
    read(network, at.epochRewards, epochRewards.reads.unreserved),
    read(network, at.token, testToken.reads.totalSupply),
    balance(who.stranger),
    ...PROVIDERS.map((provider) => read(network, at.stakeManager, stakeManager.reads.stakeOf, who[provider])),
  ]);
  const staked = stakes.reduce((sum, { tokensStaked }) => sum + tokensStaked, 0n);

  assert.equal(held, staked, 'the tokens of StakeManager are the stake of all');
  assert.equal(
    rewards,
    unreserved + unclaimed(model),
    'the tokens of EpochRewards are funds and open claims',
  );
  assert.equal(unreserved, model.unreserved, 'unreserved funds');
  assert.equal(supply, PURSE * 10n - model.burned, 'what is burned is all that is gone');
  assert.equal(bounties, PURSE + model.bounties, 'what is paid for slashes');
  await Promise.all(PROVIDERS.map((provider) => checkProvider(network, model, provider)));
}

async function checkProvider(network: Network, model: Model, provider: Provider): Promise<void> {
  const { at, who } = network;
  const address = who[provider];
  const account = model.accounts[provider];
  const [purse, stake, seen] = await Promise.all([
    read(network, at.token, testToken.reads.balanceOf, address),
    read(network, at.stakeManager, stakeManager.reads.stakeOf, address),
    read(network, at.minerRegistry, minerRegistry.reads.providerOf, address),
  ]);

  assert.equal(purse, PURSE + account.purse, `the purse of ${provider}`);
  assert.equal(stake.tokensStaked, account.staked, `the stake of ${provider}`);
  assert.equal(stake.tokensProvisioned, provisioned(account), `the provisions of ${provider}`);
  assert.equal(
    purse + stake.tokensStaked,
    PURSE + account.rewarded - account.slashed,
    `${provider} is richer by rewards alone, and poorer by slashes alone`,
  );
  assert.equal(seen.miners, BigInt(account.miners.size), `the miners of ${provider}`);
  assert.equal(seen.requiredStake, required(account), `what the miners of ${provider} need`);
  assert.ok(idle(account) >= 0n);
  await Promise.all(SERVICES.map((service) => checkProvision(network, model, provider, service)));
}

async function checkProvision(
  network: Network,
  model: Model,
  provider: Provider,
  service: (typeof SERVICES)[number],
): Promise<void> {
  const { at, who } = network;
  const where = [who[provider], service === 'registry' ? at.minerRegistry : who.service] as const;
  const [seen, requests] = await Promise.all([
    read(network, at.stakeManager, stakeManager.reads.provisionOf, ...where),
    read(network, at.stakeManager, stakeManager.reads.thawRequestsOf, ...where),
  ]);
  const expected = model.accounts[provider].provisions.get(service);
  const worth = requests.reduce((sum, { tokens }) => sum + tokens, 0n);
  const text = `the provision of ${provider} at ${service}`;

  assert.deepEqual(
    [seen.tokens, seen.tokensThawing, seen.sharesThawing, seen.thawingNonce, BigInt(requests.length)],
    expected === undefined
      ? [0n, 0n, 0n, 0n, 0n]
      : [
          expected.tokens,
          expected.thawing,
          expected.shares,
          expected.nonce,
          BigInt(expected.requests.length),
        ],
    text,
  );
  assert.ok(seen.tokensThawing <= seen.tokens, `${text}: what thaws is part of it`);
  assert.ok(seen.tokensThawing <= seen.sharesThawing, `${text}: a share is worth at most a token`);
  assert.ok(worth <= seen.tokensThawing, `${text}: requests are worth at most what thaws`);
}
