import { MULTICALL3_ADDRESS } from '../../chain/reads/multicall.ts';
import { bytecode } from './generated/bytecode.ts';
import type { JsonRpc } from './json-rpc.ts';

/**
 * Puts Multicall3 where it is on nearly every chain. Costs no transaction: blocks and nonces stay as they are.
 * @param rpc of an anvil
 */
export async function putMulticall3(rpc: JsonRpc): Promise<void> {
  // A creation that is called, not sent, returns the code that would stand on chain.
  const code = await rpc.call<string>('eth_call', { data: bytecode.Multicall3 }, 'latest');
  await rpc.call('anvil_setCode', MULTICALL3_ADDRESS, code);
}
