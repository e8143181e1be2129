import { epochRewards } from '../../../src/chain/contracts/generated/epoch-rewards.ts';
import { minerRegistry } from '../../../src/chain/contracts/generated/miner-registry.ts';
import { stakeManager } from '../../../src/chain/contracts/generated/stake-manager.ts';
import { testToken } from '../../../src/chain/contracts/generated/test-token.ts';
import {
  deployNetwork,
  type NetworkAddresses,
  type NetworkParameters,
} from '../../../src/devcluster/local-chain/deploy.ts';
import { bytecode } from '../../../src/devcluster/local-chain/generated/bytecode.ts';
import { startTracedChain, type TracedChain } from './traced-chain.ts';

/** Addresses of everybody in a test. The last ones have no role. */
export interface People {
  readonly deployer: string;
  readonly governor: string;
  readonly guardian: string;
  readonly slasher: string;
  readonly poster: string;
  /** A provider. */
  readonly alice: string;
  /** Another one. */
  readonly bob: string;
  /** Alice's operator at the registry, once she says so. */
  readonly operator: string;
  /** Stands for a service that is no contract. */
  readonly service: string;
  readonly stranger: string;
}

/** The reference contracts on a traced chain, and people with tokens that StakeManager and EpochRewards may take. */
export interface Network extends TracedChain {
  readonly at: NetworkAddresses;
  readonly who: People;
}

export const DAY = 86_400n;

/** A V100 equivalent takes 100 tokens, a miner 10 besides; thaws take a day at least, epochs an hour, vetoes ten minutes. */
export const parameters: NetworkParameters = {
  maxThawingPeriod: 28n * DAY,
  terms: { stakePerUnit: 100n, stakePerMiner: 10n, minThawingPeriod: DAY, minVerifierCut: 100_000n },
  epochLength: 3600n,
  challengeDelay: 600n,
};

/** What everybody has at first. */
export const PURSE = 10n ** 30n;

export async function startNetwork(): Promise<Network> {
  const traced = await startTracedChain();
  const [deployer, governor, guardian, slasher, poster, alice, bob, operator, service, stranger] = traced
    .chain.accounts as [string, string, string, string, string, string, string, string, string, string];
  const who = { deployer, governor, guardian, slasher, poster, alice, bob, operator, service, stranger };
  const at = await deployNetwork({ rpc: traced.chain.rpc, from: deployer, roles: who, parameters });
  const contracts = [
    [at.token, testToken, bytecode.TestToken],
    [at.stakeManager, stakeManager, bytecode.StakeManager],
    [at.minerRegistry, minerRegistry, bytecode.MinerRegistry],
    [at.epochRewards, epochRewards, bytecode.EpochRewards],
  ] as const;
  for (const [address, contract, code] of contracts) {
    traced.coverage.watch(address, contract);
    traced.coverage.watchCreation(code, contract);
  }
  for (const person of Object.values(who)) {
    await traced.send(person, at.token, testToken.writes.mint, person, PURSE);
    for (const spender of [at.stakeManager, at.epochRewards]) {
      await traced.send(person, at.token, testToken.writes.approve, spender, 2n ** 256n - 1n);
    }
  }
  return { ...traced, at, who };
}

/** Runs every test of a mocha suite on the same state of the chain: what `prepare` left. Nothing of it is left after the suite. */
export function onFreshState(
  network: () => Network,
  prepare: () => Promise<unknown> = () => Promise.resolve(),
): void {
  let original = '';
  let prepared = '';
  before(async () => {
    original = await network().snapshot();
    await prepare();
    prepared = await network().snapshot();
  });
  beforeEach(async () => {
    // A snapshot is used up when it is restored.
    await network().restore(prepared);
    prepared = await network().snapshot();
  });
  after(() => network().restore(original));
}

/** Alice has 1000 provisioned to the registry, at the least terms that it takes, and an operator there. */
export async function provisionToRegistry({ who, at, send }: Network): Promise<void> {
  const { stake, provision, setOperator } = stakeManager.writes;
  await send(who.alice, at.stakeManager, stake, 2000n);
  await send(who.alice, at.stakeManager, provision, who.alice, at.minerRegistry, 1000n, 100_000n, DAY);
  await send(who.alice, at.stakeManager, setOperator, at.minerRegistry, who.operator, true);
}
