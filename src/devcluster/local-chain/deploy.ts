import { getAddress } from 'ethers';
import { epochRewards } from '../../chain/contracts/generated/epoch-rewards.ts';
import { minerRegistry, type Terms } from '../../chain/contracts/generated/miner-registry.ts';
import { stakeManager } from '../../chain/contracts/generated/stake-manager.ts';
import { testToken } from '../../chain/contracts/generated/test-token.ts';
import type { Clock } from '../../time/clock.ts';
import { bytecode } from './generated/bytecode.ts';
import type { JsonRpc } from './json-rpc.ts';
import { receiptOf } from './transact.ts';

/** Who may do what: addresses, all of which the node may sign for or not. */
export interface NetworkRoles {
  /** Sets terms, grants roles, ends a pause. */
  readonly governor: string;
  /** Pauses, vetoes reward roots. */
  readonly guardian: string;
  /** Slashes. */
  readonly slasher: string;
  /** Posts reward roots. */
  readonly poster: string;
}

/** The figures of a network. Times in seconds, amounts in the smallest unit of the token. */
export interface NetworkParameters {
  readonly maxThawingPeriod: bigint;
  readonly terms: Terms;
  readonly epochLength: bigint;
  readonly challengeDelay: bigint;
}

/** Addresses (EIP-55) of the reference contracts on a chain. */
export interface NetworkAddresses {
  readonly token: string;
  readonly stakeManager: string;
  readonly minerRegistry: string;
  readonly epochRewards: string;
}

/** How the deployment is paid and mined. */
export interface Deployment {
  readonly rpc: JsonRpc;
  /** An account that the node signs for. It pays, and has no role unless `roles` give it one. */
  readonly from: string;
  readonly roles: NetworkRoles;
  readonly parameters: NetworkParameters;
  readonly clock?: Clock;
}

/**
 * Deploys the reference contracts in the order in which they need each other. On a local chain only: the token refuses others.
 * @throws Error when a transaction fails, with the contract's name
 */
export async function deployNetwork(deployment: Deployment): Promise<NetworkAddresses> {
  const { roles, parameters } = deployment;
  const { governor, guardian, slasher, poster } = roles;
  const { maxThawingPeriod, terms, epochLength, challengeDelay } = parameters;
  const deploy = (name: string, data: string): Promise<string> => create(deployment, name, data);
  const token = await deploy('TestToken', testToken.create.encode(bytecode.TestToken));
  const manager = await deploy(
    'StakeManager',
    stakeManager.create.encode(bytecode.StakeManager, token, maxThawingPeriod, governor, guardian),
  );
  const registry = await deploy(
    'MinerRegistry',
    minerRegistry.create.encode(bytecode.MinerRegistry, manager, terms, governor, guardian, slasher),
  );
  const rewards = await deploy(
    'EpochRewards',
    epochRewards.create.encode(
      bytecode.EpochRewards,
      registry,
      epochLength,
      challengeDelay,
      governor,
      guardian,
      poster,
    ),
  );
  return { token, stakeManager: manager, minerRegistry: registry, epochRewards: rewards };
}

async function create(deployment: Deployment, name: string, data: string): Promise<string> {
  const { rpc, from, clock } = deployment;
  const failed = (error: unknown): never => {
    // The node estimates the gas first, and so finds out that the constructor reverts.
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${name} could not be deployed: ${why}`, { cause: error });
  };
  const hash = await rpc.call<string>('eth_sendTransaction', { from, data }).catch(failed);
  const receipt = await receiptOf(rpc, hash, clock).catch(failed);
  if (receipt.status !== '0x1') {
    throw new Error(`${name} could not be deployed: its constructor reverted (transaction ${hash}).`);
  }
  return getAddress(receipt.contractAddress);
}
