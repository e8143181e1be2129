import assert from 'node:assert/strict';
import type { TransactionRequest, Wallet } from 'ethers';
import type { Script } from '../../support/scripted-api-server.ts';
import { answerJson } from './rpc-server.ts';

/** What a remote signer is asked. */
export interface Ask {
  readonly id: number;
  readonly method: string;
  readonly params: readonly [Record<string, string>];
}

/**
 * A remote signer: signs what it is asked.
 * @param change what it signs in place of what it was asked
 * @param wrap how it answers: web3signer with the raw transaction, clef with more
 */
export function signingScript(
  wallet: Wallet,
  change: TransactionRequest = {},
  wrap: (raw: string) => unknown = (raw) => raw,
): Script {
  return async (request, response) => {
    const { id, method, params } = JSON.parse(request.body) as Ask;
    assert.equal(method, 'eth_signTransaction');
    const [{ from, gas, ...fields }] = params;
    assert.equal(from, wallet.address);
    const raw = await wallet.signTransaction({
      type: 2,
      gasLimit: gas!,
      ...fields,
      nonce: Number(fields['nonce']),
      ...change,
    });
    answerJson(response, { jsonrpc: '2.0', id, result: wrap(raw) });
  };
}
