import { Transaction } from 'ethers';
import type { Anvil } from './anvil.ts';
import type { WireAnswer } from './rpc-fault.ts';
import {
  type MempoolRules,
  type Offer,
  REFUSALS,
  type RefusalKind,
  type SenderState,
  refusalOf,
} from './strict-mempool.ts';

/** A strict mempool in front of anvil's, which takes almost anything. */
export interface MempoolGate {
  /** Sends a signed transaction on, or refuses it. One at a time, so that what is decided on is what is there. */
  send(raw: string): Promise<Omit<WireAnswer, 'id'>>;
  /** What it goes by from now on. */
  setRules(rules: MempoolRules): void;
  /** How often it has refused, and why. */
  readonly refusals: Readonly<Record<RefusalKind, number>>;
}

/** geth's code for whatever its pool refuses. */
const INVALID = -32000;

export function mempoolGate(anvil: Anvil, start: MempoolRules): MempoolGate {
  const refusals = Object.fromEntries(REFUSALS.map((kind) => [kind, 0])) as Record<RefusalKind, number>;
  let rules = start;
  let last: Promise<unknown> = Promise.resolve();

  async function offered(raw: string): Promise<Omit<WireAnswer, 'id'>> {
    const { from, hash, nonce, maxFeePerGas, maxPriorityFeePerGas } = Transaction.from(raw);
    if (from === null || hash === null || maxFeePerGas === null || maxPriorityFeePerGas === null) {
      return { error: { code: INVALID, message: 'transaction type not supported' } };
    }
    const offer = { hash, nonce, maxFeePerGas, maxPriorityFeePerGas };
    const refusal = refusalOf(offer, await stateOf(anvil, from), rules);
    if (refusal === undefined) {
      return anvil.ask('eth_sendRawTransaction', raw);
    }
    refusals[refusal.kind]++;
    return { error: { code: INVALID, message: refusal.message } };
  }

  return {
    refusals,
    setRules(next) {
      rules = next;
    },
    send(raw) {
      const sent = last.then(() => offered(raw));
      last = sent.catch(() => undefined);
      return sent;
    },
  };
}

/** By sender in small letters, then by nonce. */
type PoolContent = Readonly<Record<'pending' | 'queued', Readonly<Record<string, PoolOfSender | undefined>>>>;
type PoolOfSender = Readonly<
  Record<string, { hash: string; nonce: string; maxFeePerGas: string; maxPriorityFeePerGas: string }>
>;

async function stateOf(anvil: Anvil, sender: string): Promise<SenderState> {
  const nonce = Number(await anvil.rpc('eth_getTransactionCount', sender, 'latest'));
  const { pending, queued } = (await anvil.rpc('txpool_content')) as PoolContent;
  const address = sender.toLowerCase();
  const waiting = [pending[address], queued[address]].flatMap((pool) => Object.values(pool ?? {}));
  return { nonce, waiting: waiting.map(offerOf) };
}

function offerOf(held: PoolOfSender[string]): Offer {
  return {
    hash: held.hash,
    nonce: Number(held.nonce),
    maxFeePerGas: BigInt(held.maxFeePerGas),
    maxPriorityFeePerGas: BigInt(held.maxPriorityFeePerGas),
  };
}
