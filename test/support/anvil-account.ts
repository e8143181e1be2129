import { HDNodeWallet } from 'ethers';
import { canary } from './canaries.ts';

/** anvil's well-known phrase: money on every local chain, and on no other. */
const PHRASE = canary("anvil's phrase", 'test test test test test test test test test test test junk');

const root = HDNodeWallet.fromPhrase(PHRASE, '', "m/44'/60'/0'/0");

/** The account at a place of anvil's phrase. */
export function anvilAccount(index: number): { readonly address: string; readonly key: string } {
  const { address, privateKey } = root.deriveChild(index);
  return { address, key: canary(`the key of anvil's account ${index}`, privateKey) };
}
