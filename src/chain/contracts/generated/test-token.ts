// Written by npm run generate:contracts from contracts/TestToken.sol. Do not edit.
import { abiOf, contractConstructor, contractError, contractEvent, contractRead, contractWrite } from '../binding.ts';

export const testTokenAbi = [
  {"inputs":[],"stateMutability":"nonpayable","type":"constructor"},
  {"inputs":[],"name":"ECDSAInvalidSignature","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"length","type":"uint256"}],"name":"ECDSAInvalidSignatureLength","type":"error"},
  {"inputs":[{"internalType":"bytes32","name":"s","type":"bytes32"}],"name":"ECDSAInvalidSignatureS","type":"error"},
  {"inputs":[{"internalType":"address","name":"spender","type":"address"},{"internalType":"uint256","name":"allowance","type":"uint256"},{"internalType":"uint256","name":"needed","type":"uint256"}],"name":"ERC20InsufficientAllowance","type":"error"},
  {"inputs":[{"internalType":"address","name":"sender","type":"address"},{"internalType":"uint256","name":"balance","type":"uint256"},{"internalType":"uint256","name":"needed","type":"uint256"}],"name":"ERC20InsufficientBalance","type":"error"},
  {"inputs":[{"internalType":"address","name":"approver","type":"address"}],"name":"ERC20InvalidApprover","type":"error"},
  {"inputs":[{"internalType":"address","name":"receiver","type":"address"}],"name":"ERC20InvalidReceiver","type":"error"},
  {"inputs":[{"internalType":"address","name":"sender","type":"address"}],"name":"ERC20InvalidSender","type":"error"},
  {"inputs":[{"internalType":"address","name":"spender","type":"address"}],"name":"ERC20InvalidSpender","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"deadline","type":"uint256"}],"name":"ERC2612ExpiredSignature","type":"error"},
  {"inputs":[{"internalType":"address","name":"signer","type":"address"},{"internalType":"address","name":"owner","type":"address"}],"name":"ERC2612InvalidSigner","type":"error"},
  {"inputs":[{"internalType":"address","name":"account","type":"address"},{"internalType":"uint256","name":"currentNonce","type":"uint256"}],"name":"InvalidAccountNonce","type":"error"},
  {"inputs":[],"name":"InvalidShortString","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"chainId","type":"uint256"}],"name":"NotALocalChain","type":"error"},
  {"inputs":[{"internalType":"string","name":"str","type":"string"}],"name":"StringTooLong","type":"error"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"owner","type":"address"},{"indexed":true,"internalType":"address","name":"spender","type":"address"},{"indexed":false,"internalType":"uint256","name":"value","type":"uint256"}],"name":"Approval","type":"event"},
  {"anonymous":false,"inputs":[],"name":"EIP712DomainChanged","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"from","type":"address"},{"indexed":true,"internalType":"address","name":"to","type":"address"},{"indexed":false,"internalType":"uint256","name":"value","type":"uint256"}],"name":"Transfer","type":"event"},
  {"inputs":[],"name":"DOMAIN_SEPARATOR","outputs":[{"internalType":"bytes32","name":"","type":"bytes32"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"owner","type":"address"},{"internalType":"address","name":"spender","type":"address"}],"name":"allowance","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"spender","type":"address"},{"internalType":"uint256","name":"value","type":"uint256"}],"name":"approve","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"account","type":"address"}],"name":"balanceOf","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"value","type":"uint256"}],"name":"burn","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"account","type":"address"},{"internalType":"uint256","name":"value","type":"uint256"}],"name":"burnFrom","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"decimals","outputs":[{"internalType":"uint8","name":"","type":"uint8"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"eip712Domain","outputs":[{"internalType":"bytes1","name":"fields","type":"bytes1"},{"internalType":"string","name":"name","type":"string"},{"internalType":"string","name":"version","type":"string"},{"internalType":"uint256","name":"chainId","type":"uint256"},{"internalType":"address","name":"verifyingContract","type":"address"},{"internalType":"bytes32","name":"salt","type":"bytes32"},{"internalType":"uint256[]","name":"extensions","type":"uint256[]"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"to","type":"address"},{"internalType":"uint256","name":"amount","type":"uint256"}],"name":"mint","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"name","outputs":[{"internalType":"string","name":"","type":"string"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"owner","type":"address"}],"name":"nonces","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"owner","type":"address"},{"internalType":"address","name":"spender","type":"address"},{"internalType":"uint256","name":"value","type":"uint256"},{"internalType":"uint256","name":"deadline","type":"uint256"},{"internalType":"uint8","name":"v","type":"uint8"},{"internalType":"bytes32","name":"r","type":"bytes32"},{"internalType":"bytes32","name":"s","type":"bytes32"}],"name":"permit","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"symbol","outputs":[{"internalType":"string","name":"","type":"string"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"totalSupply","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"to","type":"address"},{"internalType":"uint256","name":"value","type":"uint256"}],"name":"transfer","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"from","type":"address"},{"internalType":"address","name":"to","type":"address"},{"internalType":"uint256","name":"value","type":"uint256"}],"name":"transferFrom","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"nonpayable","type":"function"},
] as const;

const abi = abiOf(testTokenAbi);

/**
 * Test token
 * A token that anybody may mint, for local chains only. 18 decimals.
 */
export const testToken = {
  name: 'TestToken',
  create: contractConstructor<[]>(abi),
  reads: {
    DOMAIN_SEPARATOR: contractRead<[], string>(abi, 'DOMAIN_SEPARATOR()'),
    allowance: contractRead<[owner: string, spender: string], bigint>(abi, 'allowance(address,address)'),
    balanceOf: contractRead<[account: string], bigint>(abi, 'balanceOf(address)'),
    decimals: contractRead<[], bigint>(abi, 'decimals()'),
    eip712Domain: contractRead<[], { readonly fields: string; readonly name: string; readonly version: string; readonly chainId: bigint; readonly verifyingContract: string; readonly salt: string; readonly extensions: readonly bigint[] }>(abi, 'eip712Domain()'),
    name: contractRead<[], string>(abi, 'name()'),
    nonces: contractRead<[owner: string], bigint>(abi, 'nonces(address)'),
    symbol: contractRead<[], string>(abi, 'symbol()'),
    totalSupply: contractRead<[], bigint>(abi, 'totalSupply()'),
  },
  writes: {
    approve: contractWrite<[spender: string, value: bigint], boolean>(abi, 'approve(address,uint256)'),
    burn: contractWrite<[value: bigint], undefined>(abi, 'burn(uint256)'),
    burnFrom: contractWrite<[account: string, value: bigint], undefined>(abi, 'burnFrom(address,uint256)'),
    /**
     * Makes new tokens out of nothing. Open to everybody.
     * @param to who gets them
     * @param amount how many, in the smallest unit of the token (10^-18)
     */
    mint: contractWrite<[to: string, amount: bigint], undefined>(abi, 'mint(address,uint256)'),
    permit: contractWrite<[owner: string, spender: string, value: bigint, deadline: bigint, v: bigint, r: string, s: string], undefined>(abi, 'permit(address,address,uint256,uint256,uint8,bytes32,bytes32)'),
    transfer: contractWrite<[to: string, value: bigint], boolean>(abi, 'transfer(address,uint256)'),
    transferFrom: contractWrite<[from: string, to: string, value: bigint], boolean>(abi, 'transferFrom(address,address,uint256)'),
  },
  events: {
    Approval: contractEvent<{ readonly owner: string; readonly spender: string; readonly value: bigint }, 'owner' | 'spender'>(abi, 'Approval(address,address,uint256)'),
    EIP712DomainChanged: contractEvent<{}, never>(abi, 'EIP712DomainChanged()'),
    Transfer: contractEvent<{ readonly from: string; readonly to: string; readonly value: bigint }, 'from' | 'to'>(abi, 'Transfer(address,address,uint256)'),
  },
  errors: {
    ECDSAInvalidSignature: contractError<{}>(abi, 'ECDSAInvalidSignature()'),
    ECDSAInvalidSignatureLength: contractError<{ readonly length: bigint }>(abi, 'ECDSAInvalidSignatureLength(uint256)'),
    ECDSAInvalidSignatureS: contractError<{ readonly s: string }>(abi, 'ECDSAInvalidSignatureS(bytes32)'),
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
    ERC2612ExpiredSignature: contractError<{ readonly deadline: bigint }>(abi, 'ERC2612ExpiredSignature(uint256)'),
    ERC2612InvalidSigner: contractError<{ readonly signer: string; readonly owner: string }>(abi, 'ERC2612InvalidSigner(address,address)'),
    InvalidAccountNonce: contractError<{ readonly account: string; readonly currentNonce: bigint }>(abi, 'InvalidAccountNonce(address,uint256)'),
    InvalidShortString: contractError<{}>(abi, 'InvalidShortString()'),
    /**
     * The contract was to be deployed on a chain that is not a local one.
     * @param chainId the id of that chain
     */
    NotALocalChain: contractError<{ readonly chainId: bigint }>(abi, 'NotALocalChain(uint256)'),
    StringTooLong: contractError<{ readonly str: string }>(abi, 'StringTooLong(string)'),
  },
} as const;
