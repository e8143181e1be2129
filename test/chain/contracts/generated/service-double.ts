// Written by npm run generate:contracts from contracts/testing/ServiceDouble.sol. Do not edit.
import { abiOf, contractConstructor, contractRead, contractWrite } from '../../../../src/chain/contracts/binding.ts';

export const serviceDoubleAbi = [
  {"inputs":[{"internalType":"address","name":"target","type":"address"},{"internalType":"bytes","name":"data","type":"bytes"}],"name":"act","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"provider","type":"address"}],"name":"requiredStake","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"provider","type":"address"},{"internalType":"uint256","name":"tokens","type":"uint256"}],"name":"setRequired","outputs":[],"stateMutability":"nonpayable","type":"function"},
] as const;

const abi = abiOf(serviceDoubleAbi);

/**
 * Service double
 * For tests: a service that requires what it is told to, and calls what it is told to.
 */
export const serviceDouble = {
  name: 'ServiceDouble',
  create: contractConstructor<[]>(abi),
  reads: {
    /** What must stay provisioned, and not thaw, for what the provider runs at this service. Must be cheap: every thaw asks for it. */
    requiredStake: contractRead<[provider: string], bigint>(abi, 'requiredStake(address)'),
  },
  writes: {
    /** Calls `target` as this service. */
    act: contractWrite<[target: string, data: string], undefined>(abi, 'act(address,bytes)'),
    /** Sets what the provider's miners need here. */
    setRequired: contractWrite<[provider: string, tokens: bigint], undefined>(abi, 'setRequired(address,uint256)'),
  },
  events: {
  },
  errors: {
  },
} as const;
