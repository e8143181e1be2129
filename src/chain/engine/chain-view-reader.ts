import type { ChainReader } from '../rpc/chain-reader.ts';
import { RpcError } from '../rpc/rpc-error.ts';
import { readFeeMarket } from '../reads/fee-market.ts';
import { type FinalityRule, finalBlock } from '../reads/finality.ts';
import { receiptOf } from '../reads/receipt.ts';
import type { Outcome } from '../rpc/rpc-client.ts';
import type { ChainView, InclusionReceipt } from './chain-view.ts';
import { type Doubt, findUsers } from './nonce-users.ts';
import type { EntryQuestion, ViewReader } from './ports.ts';
import { understood } from './understood.ts';

export interface ChainViewReaderOptions {
  /** Gives a reader that is pinned to the latest block of one node, a new one each time. */
  readonly reader: () => Promise<ChainReader>;
  readonly address: string;
  readonly finality: FinalityRule;
}

/** Reads what the engine must know of an account, from one node, as of one block. */
export function chainViewReader({ reader: open, address, finality }: ChainViewReaderOptions): ViewReader {
  return {
    async read(questions, lastKnownNonce) {
      const reader = await open();
      const head = reader.block;
      const [nonce, balanceWei, market, final] = await Promise.all([
        reader.nonce(address),
        reader.balance(address),
        readFeeMarket(reader),
        finalBlock(reader, finality),
      ]);
      const finalNumber = final?.number ?? -1;
      const hashes = questions.flatMap((question) => question.hashes);
      const { receipts, pending } = await readTransactions(reader, hashes);
      const doubtful = doubtfulNonces(questions, { nonce, receipts, lastKnownNonce });
      const users = await findUsers(reader, { address, doubtful, finalNumber });
      // What was read by hash and by number belongs together only if the block is still what it was.
      const still = await reader.blockAt(head.number);
      if (still?.hash !== head.hash) {
        const { endpoint } = reader;
        throw new RpcError(
          'Malformed',
          endpoint,
          `endpoint '${endpoint}' changed its chain while it was read`,
        );
      }
      return { head, finalNumber, nonce, balanceWei, market, receipts, pending, users };
    },
  };
}

/** Receipts of blocks above the pinned one are of the future: such a transaction is still pending. */
async function readTransactions(
  reader: ChainReader,
  hashes: readonly string[],
): Promise<Pick<ChainView, 'receipts' | 'pending'>> {
  const answers = await reader.requestAll(
    hashes.flatMap((hash) => [
      { method: 'eth_getTransactionReceipt', params: [hash] },
      { method: 'eth_getTransactionByHash', params: [hash] },
    ]),
  );
  const receipts = new Map<string, InclusionReceipt>();
  const pending = new Set<string>();
  hashes.forEach((hash, index) => {
    const receipt = result(answers[2 * index], reader);
    const known = result(answers[2 * index + 1], reader);
    const read = receipt === null ? undefined : inclusion(receipt, hash, reader);
    if (read !== undefined && read.blockNumber <= reader.block.number) {
      receipts.set(hash, read);
    } else if (read !== undefined || known !== null) {
      pending.add(hash);
    }
  });
  return { receipts, pending };
}

function inclusion(answer: unknown, hash: string, reader: ChainReader): InclusionReceipt {
  return understood(reader, () => {
    const { blockNumber, blockHash, succeeded, gasUsed, effectiveGasPrice, l1Fee } = receiptOf(answer, hash);
    return {
      hash,
      blockNumber,
      blockHash,
      succeeded,
      gasUsed,
      effectiveGasPriceWei: effectiveGasPrice,
      l1FeeWei: l1Fee,
    };
  });
}

/** So many are looked into at a time: each costs some ten questions. */
const MAX_DOUBTS = 4;

function doubtfulNonces(
  questions: readonly EntryQuestion[],
  seen: Pick<ChainView, 'nonce' | 'receipts'> & { readonly lastKnownNonce: number },
): readonly Doubt[] {
  const unexplained = questions.filter(
    ({ nonce, hashes }) => nonce < seen.nonce && !hashes.some((hash) => seen.receipts.has(hash)),
  );
  const above =
    seen.lastKnownNonce >= 0 && seen.nonce > seen.lastKnownNonce + 1
      ? [{ nonce: seen.nonce - 1, sinceBlock: Math.min(...questions.map(({ sinceBlock }) => sinceBlock)) }]
      : [];
  return [...unexplained, ...above].slice(0, MAX_DOUBTS);
}

/** @throws RpcError */
function result(answer: Outcome | undefined, { endpoint }: ChainReader): unknown {
  if (answer === undefined || 'error' in answer) {
    throw (
      answer?.error ??
      new RpcError('MissingAnswer', endpoint, `endpoint '${endpoint}' left a call unanswered`)
    );
  }
  return answer.result;
}
