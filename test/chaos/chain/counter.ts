import { type WantedIntent, intentId } from '../../../src/chain/engine/intent.ts';
import { anvilAccount } from '../../support/anvil-account.ts';
import { type Anvil, CHAIN_ID } from './anvil.ts';

/*
 * A contract that counts how often it was called with each id: slot[id] += 1. Written as bytes, so that nothing needs a compiler:
 * PUSH1 4 CALLDATALOAD DUP1 SLOAD PUSH1 1 ADD SWAP1 SSTORE STOP, behind code that returns it.
 */
const RUNTIME = '6004358054600101905500';
const CREATION = `0x600b600a5f39600b5ff3${RUNTIME}`;

/** The selector is nothing to the contract; the signer's allow-list wants one. */
export const SELECTOR = '0xc0047e50';

/** The keys of anvil's accounts. */
export function testKeys(count: number): { readonly key: string; readonly address: string }[] {
  return Array.from({ length: count }, (_, index) => anvilAccount(index));
}

/** Puts the contract on the chain, from an account that nothing else uses. @returns its address */
export async function deployCounter(anvil: Anvil, from: string): Promise<string> {
  const hash = await anvil.rpc('eth_sendTransaction', { from, data: CREATION, gas: '0x30000' });
  await anvil.rpc('evm_mine');
  const receipt = (await anvil.rpc('eth_getTransactionReceipt', hash)) as { contractAddress: string };
  return receipt.contractAddress;
}

/** The effects that an account is to have: each counts one id up by one. */
export function countIntents(account: string, contract: string, count: number): WantedIntent[] {
  return Array.from({ length: count }, (_, index) => {
    const id = intentId({ chainId: CHAIN_ID, account, contract, kind: 'Count', key: String(index) });
    return {
      id,
      kind: 'Count',
      to: contract,
      data: `${SELECTOR}${id.slice(2)}`,
      valueWei: '0',
      // Some of them are duties, which may pay more.
      ...(index % 3 === 0
        ? {
            urgency: 'Essential' as const,
            availableTime: '2026-01-01T00:00:00Z',
            dueTime: '2026-01-01T01:00:00Z',
          }
        : { urgency: 'Optional' as const }),
    };
  });
}

/** How often the contract was called with an id, on the chain as it is now. */
export async function countOf(anvil: Anvil, contract: string, id: string): Promise<number> {
  return Number(await anvil.rpc('eth_getStorageAt', contract, id, 'latest'));
}

/** What the accounts have, in wei. */
export function balancesOf(
  anvil: Anvil,
  accounts: readonly { readonly address: string }[],
): Promise<bigint[]> {
  return Promise.all(
    accounts.map(async ({ address }) => BigInt(String(await anvil.rpc('eth_getBalance', address, 'latest')))),
  );
}
