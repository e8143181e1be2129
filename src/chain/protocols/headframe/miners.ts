import { minerRegistry } from '../../contracts/generated/miner-registry.ts';
import type { Miner } from '../protocol.ts';
import { question } from './ask.ts';
import type { Ask } from './ask.ts';

/** A page costs a node 3.9 million gas, measured; geth spends up to 50 million on a call. */
const PAGE = 500;

/** All miners of an account, page by page, at one block. @throws ProtocolMismatch, RpcError, MulticallError */
export async function readMiners(ask: Ask, registry: string, address: string): Promise<readonly Miner[]> {
  const at = { contract: minerRegistry.name, to: registry };
  const { minersOf } = minerRegistry.reads;
  const miners: Miner[] = [];
  for (;;) {
    const page = await ask(question(at, minersOf, address, BigInt(miners.length), BigInt(PAGE)));
    miners.push(...page.map(({ id, milliUnits }) => ({ id, milliUnits: Number(milliUnits) })));
    if (page.length < PAGE) {
      return miners;
    }
  }
}
