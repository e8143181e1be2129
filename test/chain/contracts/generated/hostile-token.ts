// Written by npm run generate:contracts from contracts/testing/HostileToken.sol. Do not edit.
import { abiOf, contractConstructor, contractError, contractEvent, contractRead, contractWrite } from '../../../../src/chain/contracts/binding.ts';

export const hostileTokenAbi = [
  {"inputs":[],"stateMutability":"nonpayable","type":"constructor"},
  {"inputs":[{"internalType":"address","name":"spender","type":"address"},{"internalType":"uint256","name":"allowance","type":"uint256"},{"internalType":"uint256","name":"needed","type":"uint256"}],"name":"ERC20InsufficientAllowance","type":"error"},
  {"inputs":[{"internalType":"address","name":"sender","type":"address"},{"internalType":"uint256","name":"balance","type":"uint256"},{"internalType":"uint256","name":"needed","type":"uint256"}],"name":"ERC20InsufficientBalance","type":"error"},
  {"inputs":[{"internalType":"address","name":"approver","type":"address"}],"name":"ERC20InvalidApprover","type":"error"},
  {"inputs":[{"internalType":"address","name":"receiver","type":"address"}],"name":"ERC20InvalidReceiver","type":"error"},
  {"inputs":[{"internalType":"address","name":"sender","type":"address"}],"name":"ERC20InvalidSender","type":"error"},
  {"inputs":[{"internalType":"address","name":"spender","type":"address"}],"name":"ERC20InvalidSpender","type":"error"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"owner","type":"address"},{"indexed":true,"internalType":"address","name":"spender","type":"address"},{"indexed":false,"internalType":"uint256","name":"value","type":"uint256"}],"name":"Approval","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"from","type":"address"},{"indexed":true,"internalType":"address","name":"to","type":"address"},{"indexed":false,"internalType":"uint256","name":"value","type":"uint256"}],"name":"Transfer","type":"event"},
  {"inputs":[{"internalType":"address","name":"owner","type":"address"},{"internalType":"address","name":"spender","type":"address"}],"name":"allowance","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"spender","type":"address"},{"internalType":"uint256","name":"amount","type":"uint256"}],"name":"approve","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"account","type":"address"}],"name":"balanceOf","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"value","type":"uint256"}],"name":"burn","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"account","type":"address"},{"internalType":"uint256","name":"value","type":"uint256"}],"name":"burnFrom","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"target","type":"address"},{"internalType":"bytes","name":"data","type":"bytes"}],"name":"callBack","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"decimals","outputs":[{"internalType":"uint8","name":"","type":"uint8"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"bool","name":"lies","type":"bool"}],"name":"lie","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"to","type":"address"},{"internalType":"uint256","name":"amount","type":"uint256"}],"name":"mint","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"name","outputs":[{"internalType":"string","name":"","type":"string"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"symbol","outputs":[{"internalType":"string","name":"","type":"string"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"totalSupply","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"to","type":"address"},{"internalType":"uint256","name":"amount","type":"uint256"}],"name":"transfer","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"from","type":"address"},{"internalType":"address","name":"to","type":"address"},{"internalType":"uint256","name":"amount","type":"uint256"}],"name":"transferFrom","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"nonpayable","type":"function"},
] as const;

const abi = abiOf(hostileTokenAbi);

/**
 * Hostile token
 * For tests: a token that calls back while it moves, or that says it moved and did not.
 */
export const hostileToken = {
  name: 'HostileToken',
  create: contractConstructor<[]>(abi),
  reads: {
    allowance: contractRead<[owner: string, spender: string], bigint>(abi, 'allowance(address,address)'),
    balanceOf: contractRead<[account: string], bigint>(abi, 'balanceOf(address)'),
    decimals: contractRead<[], bigint>(abi, 'decimals()'),
    name: contractRead<[], string>(abi, 'name()'),
    symbol: contractRead<[], string>(abi, 'symbol()'),
    totalSupply: contractRead<[], bigint>(abi, 'totalSupply()'),
  },
  writes: {
    approve: contractWrite<[spender: string, amount: bigint], boolean>(abi, 'approve(address,uint256)'),
    burn: contractWrite<[value: bigint], undefined>(abi, 'burn(uint256)'),
    burnFrom: contractWrite<[account: string, value: bigint], undefined>(abi, 'burnFrom(address,uint256)'),
    /** From now on every move calls `target`, unless it is zero. */
    callBack: contractWrite<[target: string, data: string], undefined>(abi, 'callBack(address,bytes)'),
    /** From now on transfers return false and move nothing. */
    lie: contractWrite<[lies: boolean], undefined>(abi, 'lie(bool)'),
    mint: contractWrite<[to: string, amount: bigint], undefined>(abi, 'mint(address,uint256)'),
    transfer: contractWrite<[to: string, amount: bigint], boolean>(abi, 'transfer(address,uint256)'),
    transferFrom: contractWrite<[from: string, to: string, amount: bigint], boolean>(abi, 'transferFrom(address,address,uint256)'),
  },
  events: {
    Approval: contractEvent<{ readonly owner: string; readonly spender: string; readonly value: bigint }, 'owner' | 'spender'>(abi, 'Approval(address,address,uint256)'),
    Transfer: contractEvent<{ readonly from: string; readonly to: string; readonly value: bigint }, 'from' | 'to'>(abi, 'Transfer(address,address,uint256)'),
  },
  errors: {
    /**
     * @param spender Address that may be allowed to operate on tokens without being their owner.
     * @param allowance Amount of tokens a `spender` is allowed to operate with.
     * @param needed Minimum amount required to perform a transfer.
     */
    ERC20InsufficientAllowance: contractError<{ readonly spender: string; readonly allowance: bigint; readonly needed: bigint }>(abi, 'ERC20InsufficientAllowance(address,uint256,uint256)'),
    /**
     * @param sender Address whose tokens are being transferred.
     * @param balance Current balance for the interacting account.
     * @param needed Minimum amount required to perform a transfer.
     */
    ERC20InsufficientBalance: contractError<{ readonly sender: string; readonly balance: bigint; readonly needed: bigint }>(abi, 'ERC20InsufficientBalance(address,uint256,uint256)'),
    /** @param approver Address initiating an approval operation. */
    ERC20InvalidApprover: contractError<{ readonly approver: string }>(abi, 'ERC20InvalidApprover(address)'),
    /** @param receiver Address to which tokens are being transferred. */
    ERC20InvalidReceiver: contractError<{ readonly receiver: string }>(abi, 'ERC20InvalidReceiver(address)'),
    /** @param sender Address whose tokens are being transferred. */
    ERC20InvalidSender: contractError<{ readonly sender: string }>(abi, 'ERC20InvalidSender(address)'),
    /** @param spender Address that may be allowed to operate on tokens without being their owner. */
    ERC20InvalidSpender: contractError<{ readonly spender: string }>(abi, 'ERC20InvalidSpender(address)'),
  },
} as const;
