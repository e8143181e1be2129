import { bytes, quantity, smallQuantity, toQuantity } from '../rpc/hex.ts';
import type { ChainReader } from '../rpc/chain-reader.ts';
import type { NonceUser } from './chain-view.ts';
import { understood } from './understood.ts';

/** A nonce whose use is not explained, and a block in which it was not used yet. */
export interface Doubt {
  readonly nonce: number;
  readonly sinceBlock: number;
}

interface Search {
  readonly address: string;
  readonly doubtful: readonly Doubt[];
  readonly finalNumber: number;
}

/** Who used the nonces, as far as final blocks show it. What cannot be found is left open. */
export async function findUsers(
  reader: ChainReader,
  { address, doubtful, finalNumber }: Search,
): Promise<ReadonlyMap<number, NonceUser>> {
  const users = new Map<number, NonceUser>();
  for (const { nonce, sinceBlock } of doubtful) {
    const blockNumber = await blockOfUse(reader, address, { nonce, sinceBlock, finalNumber });
    const hash =
      blockNumber === undefined ? undefined : await userIn(reader, blockNumber, { address, nonce });
    if (blockNumber !== undefined && hash !== undefined) {
      users.set(nonce, { hash, blockNumber });
    }
  }
  return users;
}

/** Far back enough for any entry that is asked about, near enough for nodes that keep the state of some blocks only (geth: 128). */
const MAX_BLOCKS_BACK = 120;

/** The first block, up to the final one, after which the nonce is used: found by halving. Undefined when the node does not know. */
async function blockOfUse(
  reader: ChainReader,
  address: string,
  { nonce, sinceBlock, finalNumber }: Doubt & { readonly finalNumber: number },
): Promise<number | undefined> {
  const isUsedAt = async (block: number): Promise<boolean | undefined> => {
    const [answer] = await reader.requestAll([
      { method: 'eth_getTransactionCount', params: [address, toQuantity(block)] },
    ]);
    return answer === undefined || 'error' in answer
      ? undefined
      : understood(reader, () => smallQuantity(answer.result, 'the nonce')) > nonce;
  };
  if (finalNumber < 0 || (await isUsedAt(finalNumber)) !== true) {
    return undefined;
  }
  let unused = Number.isFinite(sinceBlock)
    ? Math.max(sinceBlock, finalNumber - MAX_BLOCKS_BACK)
    : finalNumber - MAX_BLOCKS_BACK;
  let used = finalNumber;
  unused = Math.max(-1, Math.min(unused, finalNumber - 1));
  while (used - unused > 1) {
    const middle = Math.floor((used + unused) / 2);
    const isUsed = await isUsedAt(middle);
    if (isUsed === undefined) {
      return undefined;
    }
    if (isUsed) {
      used = middle;
    } else {
      unused = middle;
    }
  }
  return used;
}

/** The transaction of the account with that nonce in the block. */
async function userIn(
  reader: ChainReader,
  block: number,
  { address, nonce }: { readonly address: string; readonly nonce: number },
): Promise<string | undefined> {
  const [answer] = await reader.requestAll([
    { method: 'eth_getBlockByNumber', params: [toQuantity(block), true] },
  ]);
  if (
    answer === undefined ||
    'error' in answer ||
    typeof answer.result !== 'object' ||
    answer.result === null
  ) {
    return undefined;
  }
  const { transactions } = answer.result as { transactions?: unknown };
  const found = (Array.isArray(transactions) ? (transactions as unknown[]) : []).find((each) => {
    const { from, nonce: used } = (each ?? {}) as { from?: unknown; nonce?: unknown };
    return (
      typeof from === 'string' &&
      from.toLowerCase() === address.toLowerCase() &&
      understood(reader, () => quantity(used, 'the nonce')) === BigInt(nonce)
    );
  });
  return found === undefined
    ? undefined
    : understood(reader, () => bytes((found as { hash?: unknown }).hash, 'the hash of the transaction', 32));
}
