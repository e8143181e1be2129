import assert from 'node:assert/strict';
import fc from 'fast-check';
import { classifyNodeError } from '../../../src/chain/node-answers/node-error.ts';
import type { NodeErrorKind } from '../../../src/chain/node-answers/node-error.ts';

/** What nodes really say: geth, reth, Nethermind, Besu, Erigon, anvil, and providers in front of them. */
const table: [string, number, NodeErrorKind][] = [
  ['already known', -32000, 'alreadyKnown'],
  ['ALREADY_EXISTS: already known', -32000, 'alreadyKnown'],
  ['AlreadyKnown', -32010, 'alreadyKnown'],
  ['known transaction: 0x12', -32000, 'alreadyKnown'],
  ['Known transaction', -32602, 'alreadyKnown'],
  ['Transaction with the same hash was already imported.', -32010, 'alreadyKnown'],
  ['transaction already imported', -32003, 'alreadyKnown'],
  ['unknown transaction', -32000, 'unknown'],
  ['nonce too low', -32003, 'nonceTooLow'],
  ['nonce too low: next nonce 5, tx nonce 4', -32000, 'nonceTooLow'],
  ['Transaction nonce is too low. Try incrementing the nonce.', -32010, 'nonceTooLow'],
  ['OldNonce, Current nonce: 2, nonce of rejected tx: 1', -32010, 'nonceTooLow'],
  ['nonce too high', -32000, 'nonceTooHigh'],
  ['Nonce is too high', -32000, 'nonceTooHigh'],
  ['Transaction nonce too far in the future', -32006, 'nonceTooHigh'],
  ['transaction nonce 9 exceeds next nonce 4', -32000, 'nonceTooHigh'],
  ['nonce out of range', -32000, 'nonceTooHigh'],
  ['tx-nonce-too-high', -32000, 'nonceTooHigh'],
  ['NonceGap, Future nonce. Expected nonce: 3', -32010, 'nonceTooHigh'],
  ['replacement transaction underpriced', -32000, 'replacementUnderpriced'],
  ['Replacement transaction underpriced', -32000, 'replacementUnderpriced'],
  ['replacement fee too low', -32000, 'replacementUnderpriced'],
  ['ReplacementNotAllowed', -32010, 'replacementUnderpriced'],
  ['transaction underpriced', -32000, 'feeTooLow'],
  ['transaction underpriced: gas tip cap 1, minimum needed 1000000', -32000, 'feeTooLow'],
  ['transaction gas price below minimum: gas tip cap 0, minimum needed 1', -32000, 'feeTooLow'],
  ['max fee per gas less than block base fee', -32003, 'feeTooLow'],
  ['max fee per gas less than block base fee: address 0x1, maxFeePerGas: 1, baseFee: 7', -32000, 'feeTooLow'],
  ['Gas price below configured minimum gas price', -32009, 'feeTooLow'],
  ['FeeTooLow, MaxFeePerGas too low', -32010, 'feeTooLow'],
  ['tx fee (2.10 ether) exceeds the configured cap (1.00 ether)', -32000, 'feeTooHigh'],
  ['insufficient funds for gas * price + value', -32000, 'insufficientFunds'],
  ['Insufficient funds for gas * price + value', -32003, 'insufficientFunds'],
  ['insufficient funds for transfer', -32000, 'insufficientFunds'],
  ['Upfront cost exceeds account balance', -32004, 'insufficientFunds'],
  ['InsufficientFunds, Account balance: 0, cumulative cost: 1', -32010, 'insufficientFunds'],
  ['gas required exceeds allowance (0)', -32000, 'insufficientFunds'],
  ['intrinsic gas too low', -32000, 'badGasLimit'],
  ['intrinsic gas too low: gas 20000, minimum needed 21000', -32000, 'badGasLimit'],
  ['exceeds block gas limit', -32000, 'badGasLimit'],
  ['execution reverted', 3, 'revert'],
  ['execution reverted: nonce too low', 3, 'revert'],
  ['execution reverted: insufficient funds', -32000, 'revert'],
  ['execution reverted: custom error 0x12345678', -32000, 'revert'],
  ['VM execution error.', -32015, 'revert'],
  ['Reverted 0x08c379a0', -32015, 'revert'],
  ['anything', 3, 'revert'],
  ['invalid sender', -32000, 'badSignature'],
  ['invalid chain id for signer: have 1 want 2', -32000, 'badSignature'],
  ['txpool is full', -32000, 'mempoolFull'],
  ['query returned more than 10000 results', -32005, 'rangeTooLarge'],
  ['query returned more than 10000 results. Try with this block range [0x1, 0x2].', -32005, 'rangeTooLarge'],
  ['query timeout exceeded', -32005, 'rangeTooLarge'],
  ['range 1000000 exceeds limit of 10000', -32602, 'rangeTooLarge'],
  ['eth_getLogs is limited to a 10,000 range', -32614, 'rangeTooLarge'],
  ['block range is bigger than maxBlockRange', -32000, 'rangeTooLarge'],
  [
    'block range is larger than max block range, block range = 5120, max block range = 5000',
    -32000,
    'rangeTooLarge',
  ],
  ['exceed maximum block range: 5000', -32000, 'rangeTooLarge'],
  ['query exceeds max results 20000, retry with the range 25766988-25775072', -32602, 'rangeTooLarge'],
  ['Log response size exceeded. this block range should work: [0x0, 0x10]', -32602, 'rangeTooLarge'],
  ['requested too many blocks from 1 to 9000, maximum is set to 2048', -32000, 'rangeTooLarge'],
  ['daily request count exceeded, request rate limited', -32005, 'rateLimited'],
  ['limit exceeded', -32005, 'rateLimited'],
  ['project ID request rate exceeded', -32005, 'rateLimited'],
  ['Your app has exceeded its compute units per second capacity', 429, 'rateLimited'],
  ['Too Many Requests', -32000, 'rateLimited'],
  ['missing trie node 12 (path )', -32000, 'blockUnavailable'],
  ['header not found', -32000, 'blockUnavailable'],
  ['Resource not found', -32001, 'blockUnavailable'],
  ['hash 12 is not currently canonical', -32000, 'blockUnavailable'],
  ['Method not found', -32601, 'unsupported'],
  ['the method eth_foo does not exist/is not available', -32601, 'unsupported'],
  ['invalid argument 0: json: cannot unmarshal', -32602, 'invalidRequest'],
  ['Internal error', -32603, 'transient'],
  ['request timed out', -32000, 'transient'],
  ['Something else', -32000, 'unknown'],
  ['', 0, 'unknown'],
];

describe('what a node says', () => {
  for (const [message, code, kind] of table) {
    it(`${code} '${message}' is ${kind}`, () => assert.equal(classifyNodeError({ code, message }), kind));
  }

  it('may be anything, and long', () => {
    fc.assert(
      fc.property(fc.integer(), fc.string({ maxLength: 5000, unit: 'binary' }), (code, message) => {
        assert.equal(typeof classifyNodeError({ code, message }), 'string');
      }),
      { numRuns: 200 },
    );
  });
});
