// Written by npm run generate:contracts from contracts/local/Multicall3.sol. Do not edit.
import { abiOf, contractConstructor, contractError, contractRead, contractWrite } from '../binding.ts';

export const multicall3Abi = [
  {"inputs":[{"internalType":"uint256","name":"index","type":"uint256"},{"internalType":"bytes","name":"returnData","type":"bytes"}],"name":"CallFailed","type":"error"},
  {"inputs":[{"components":[{"internalType":"address","name":"target","type":"address"},{"internalType":"bool","name":"allowFailure","type":"bool"},{"internalType":"bytes","name":"callData","type":"bytes"}],"internalType":"struct Multicall3.Call3[]","name":"calls","type":"tuple[]"}],"name":"aggregate3","outputs":[{"components":[{"internalType":"bool","name":"success","type":"bool"},{"internalType":"bytes","name":"returnData","type":"bytes"}],"internalType":"struct Multicall3.Result[]","name":"results","type":"tuple[]"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"getBlockNumber","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"account","type":"address"}],"name":"getEthBalance","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
] as const;

const abi = abiOf(multicall3Abi);

/** One of many calls. */
export interface Call3 {
  /** what is called */
  readonly target: string;
  /** whether the others stand when this one reverts */
  readonly allowFailure: boolean;
  /** selector and arguments */
  readonly callData: string;
}

/** What a call came to. */
export interface Result {
  /** false when it reverted */
  readonly success: boolean;
  /** what it returned, or why it reverted */
  readonly returnData: string;
}

/**
 * Multicall3
 * Many calls in one, all in the same block. On a local chain it stands where nearly every other chain has Multicall3 (github.com/mds1/multicall3), and answers in the same way as far as the operator asks. It holds nothing, and takes no coin.
 */
export const multicall3 = {
  name: 'Multicall3',
  create: contractConstructor<[]>(abi),
  reads: {
    /** The number of the block. */
    getBlockNumber: contractRead<[], bigint>(abi, 'getBlockNumber()'),
    /**
     * What an account holds of the chain's own coin, in wei.
     * @param account whose
     */
    getEthBalance: contractRead<[account: string], bigint>(abi, 'getEthBalance(address)'),
  },
  writes: {
    /**
     * Makes all calls in their order.
     * @param calls what to call
     * @returns results in the order of the calls
     */
    aggregate3: contractWrite<[calls: readonly Call3[]], readonly Result[]>(abi, 'aggregate3((address,bool,bytes)[])'),
  },
  events: {
  },
  errors: {
    /** A call reverted that was not allowed to. */
    CallFailed: contractError<{ readonly index: bigint; readonly returnData: string }>(abi, 'CallFailed(uint256,bytes)'),
  },
} as const;
