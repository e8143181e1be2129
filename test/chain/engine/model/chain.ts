import { createHash } from 'node:crypto';
import { wei } from '../../../../src/chain/amounts/amount.ts';
import type { InclusionReceipt } from '../../../../src/chain/engine/chain-view.ts';
import type { BroadcastAnswer } from '../../../../src/chain/engine/ports.ts';

/*
 * A chain with one account, small enough to be run ten thousand times. It is as unkind as real ones may be: reorganised blocks lose
 * their transactions, or give them back, or an old transaction that everybody had forgotten turns up in their place.
 */

/** A transaction as the chain sees it. */
export interface ModelTransaction {
  readonly hash: string;
  readonly nonce: number;
  /** The id of the intent whose effect it has; undefined when it does nothing. */
  readonly effect: string | undefined;
  readonly reverts: boolean;
  readonly gasLimit: bigint;
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
}

interface ModelBlock {
  readonly number: number;
  readonly hash: string;
  readonly transactions: readonly {
    readonly tx: ModelTransaction;
    /** As it was sent: in another block it may fare otherwise. */
    readonly sent: ModelTransaction;
    readonly price: bigint;
  }[];
}

/** How a raw transaction is written here: JSON in hexadecimal digits. */
export function encode(transaction: object): { raw: string; hash: string } {
  const bytes = Buffer.from(JSON.stringify(transaction));
  return {
    raw: `0x${bytes.toString('hex')}`,
    hash: `0x${createHash('sha256').update(bytes).digest('hex')}`,
  };
}

export function decode(raw: string): ModelTransaction {
  const bytes = Buffer.from(raw.slice(2), 'hex');
  const fields = JSON.parse(bytes.toString()) as Record<string, string>;
  return {
    hash: encode(fields).hash,
    nonce: Number(fields['nonce']),
    effect: fields['effect'],
    reverts: fields['reverts'] === 'true',
    gasLimit: BigInt(fields['gasLimit'] ?? 0),
    maxFeePerGas: BigInt(fields['maxFeePerGas'] ?? 0),
    maxPriorityFeePerGas: BigInt(fields['maxPriorityFeePerGas'] ?? 0),
  };
}

export interface ModelChain {
  baseFee: bigint;
  readonly head: () => ModelBlock;
  readonly nonce: () => number;
  readonly inBlocks: () => readonly ModelTransaction[];
  readonly receipt: (hash: string) => InclusionReceipt | undefined;
  readonly isPending: (hash: string) => boolean;
  /** Who used a nonce, and in which block. */
  readonly userOf: (nonce: number) => { hash: string; blockNumber: number } | undefined;
  readonly send: (raw: string) => BroadcastAnswer;
  readonly mine: () => void;
  /** Takes the last blocks away and puts as many others in their place. `fate` says what becomes of their transactions. */
  readonly reorganise: (depth: number, fate: 'lost' | 'returned') => void;
  readonly dropAll: () => void;
  /** Anything that was ever sent may turn up again, `which` of them. */
  readonly gossip: (which: number) => void;
  /** Wei that the blocks up to now have cost the account in all. */
  readonly spent: () => bigint;
}

/** @param refuses whether a contract refuses what is included now */
export function modelChain(refuses: () => boolean = () => false): ModelChain {
  const blocks: ModelBlock[] = [{ number: 0, hash: hashOf('genesis'), transactions: [] }];
  const mempool = new Map<number, ModelTransaction>();
  const everSent: string[] = [];
  let count = 0;

  const head = (): ModelBlock => blocks.at(-1)!;
  const included = (): { tx: ModelTransaction; price: bigint; block: ModelBlock }[] =>
    blocks.flatMap((block) => block.transactions.map((each) => ({ ...each, block })));
  const nonce = (): number => included().length;

  const chain: ModelChain = {
    baseFee: 10n,
    head,
    nonce,
    inBlocks: () => included().map(({ tx }) => tx),
    receipt(hash) {
      const found = included().find(({ tx }) => tx.hash === hash);
      return found === undefined
        ? undefined
        : {
            hash,
            blockNumber: found.block.number,
            blockHash: found.block.hash,
            succeeded: !found.tx.reverts,
            gasUsed: found.tx.gasLimit,
            effectiveGasPriceWei: wei(found.price),
          };
    },
    isPending: (hash) => [...mempool.values()].some((tx) => tx.hash === hash),
    userOf(wanted) {
      const found = included().find(({ tx }) => tx.nonce === wanted);
      return found && { hash: found.tx.hash, blockNumber: found.block.number };
    },
    send(raw) {
      const tx = decode(raw);
      if (!everSent.includes(raw)) {
        everSent.push(raw);
      }
      if (tx.nonce < nonce()) {
        return { kind: 'nonceTooLow', text: 'nonce too low' };
      }
      const there = mempool.get(tx.nonce);
      if (there?.hash === tx.hash) {
        return { kind: 'alreadyKnown', text: 'already known' };
      }
      if (
        there !== undefined &&
        !(
          raised(there.maxFeePerGas, tx.maxFeePerGas) &&
          raised(there.maxPriorityFeePerGas, tx.maxPriorityFeePerGas)
        )
      ) {
        return { kind: 'replacementUnderpriced', text: 'replacement transaction underpriced' };
      }
      mempool.set(tx.nonce, tx);
      return { kind: 'sent' };
    },
    mine() {
      const transactions = [];
      for (let next = nonce(); ; next++) {
        const tx = mempool.get(next);
        if (tx === undefined || tx.maxFeePerGas < chain.baseFee) {
          break;
        }
        mempool.delete(next);
        const included = { ...tx, reverts: tx.reverts || (tx.effect !== undefined && refuses()) };
        const tip = smaller(tx.maxPriorityFeePerGas, tx.maxFeePerGas - chain.baseFee);
        transactions.push({ tx: included, sent: tx, price: chain.baseFee + tip });
      }
      const { number } = head();
      blocks.push({ number: number + 1, hash: hashOf(`${number + 1} ${count++}`), transactions });
    },
    reorganise(depth, fate) {
      const gone = blocks.splice(Math.max(1, blocks.length - depth));
      if (fate === 'returned') {
        for (const { sent: tx } of gone.flatMap(({ transactions }) => transactions)) {
          if (!mempool.has(tx.nonce)) {
            mempool.set(tx.nonce, tx);
          }
        }
      }
      for (const { number } of gone) {
        blocks.push({ number, hash: hashOf(`${number} ${count++}`), transactions: [] });
      }
    },
    dropAll: () => mempool.clear(),
    gossip(which) {
      const raw = everSent[which % Math.max(1, everSent.length)];
      if (raw !== undefined) {
        chain.send(raw);
      }
    },
    spent: () => included().reduce((sum, { tx, price }) => sum + tx.gasLimit * price, 0n),
  };
  return chain;
}

/** geth's rule: 10 % more. */
function raised(before: bigint, after: bigint): boolean {
  return after * 100n >= before * 110n;
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function hashOf(text: string): string {
  return `0x${createHash('sha256').update(text).digest('hex')}`;
}
