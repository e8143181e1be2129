import type { ContractRead } from '../../contracts/binding.ts';
import type { CallResult } from '../../reads/aggregate3.ts';
import { multicall } from '../../reads/multicall.ts';

import type { ChainReader } from '../../rpc/chain-reader.ts';
import { ProtocolMismatch } from '../protocol.ts';

/** What is asked of a contract. */
export interface Question<Output> {
  /** What the contract should be, such as 'MinerRegistry'. */
  readonly contract: string;
  readonly to: string;
  /** Such as `terms()`. */
  readonly signature: string;
  /** Call data. */
  readonly data: string;
  /** Throws on what is no answer to it. */
  readonly decode: (data: string) => Output;
}

/**
 * Asks contracts at the reader's block. Questions that are asked without waiting in between go together, in few `eth_call`s.
 * @throws ProtocolMismatch when the contract is none of its kind; RpcError, MulticallError
 */
export type Ask = <Output>(question: Question<Output>) => Promise<Output>;

/** How questions are sent. */
export interface AskOptions {
  /** Address of the Multicall3. */
  readonly multicall3: string;
  /** Questions in one `eth_call`. */
  readonly chunk: number;
}

interface Waiting {
  readonly data: string;
  readonly to: string;
  readonly resolve: (result: CallResult) => void;
  readonly reject: (error: unknown) => void;
}

/** A question to a contract at an address. */
export function question<Args extends readonly unknown[], Output>(
  at: { readonly contract: string; readonly to: string },
  read: ContractRead<Args, Output>,
  ...args: Args
): Question<Output> {
  const decode = (data: string): Output => read.decodeOutput(data);
  return { ...at, signature: read.signature, data: read.encode(...args), decode };
}

/** Asks at the block of the reader. */
export function asker(reader: ChainReader, options: AskOptions): Ask {
  let waiting: Waiting[] = [];
  // Asked once for each address, so that what is told of a wrong contract is the first question it refuses, every time.
  const codes = new Map<string, Promise<string>>();

  function codeAt(address: string): Promise<string> {
    const code = codes.get(address) ?? reader.code(address);
    codes.set(address, code);
    return code;
  }

  function send(): void {
    const sent = waiting;
    waiting = [];
    multicall(reader, sent, options).then(
      ({ results }) => results.forEach((result, index) => sent[index]?.resolve(result)),
      (error: unknown) => sent.forEach(({ reject }) => reject(error)),
    );
  }

  return async (asked) => {
    const result = await new Promise<CallResult>((resolve, reject) => {
      if (waiting.length === 0) {
        queueMicrotask(send);
      }
      waiting.push({ data: asked.data, to: asked.to, resolve, reject });
    });
    return answerTo(asked, result, codeAt);
  };
}

async function answerTo<Output>(
  asked: Question<Output>,
  { success, data }: CallResult,
  codeAt: (address: string) => Promise<string>,
): Promise<Output> {
  if (success) {
    try {
      return asked.decode(data);
    } catch {
      // What is wrong is said below.
    }
  }
  return Promise.reject(await mismatch(asked, success, codeAt));
}

async function mismatch(
  { contract, to, signature }: Question<unknown>,
  success: boolean,
  codeAt: (address: string) => Promise<string>,
): Promise<ProtocolMismatch> {
  if ((await codeAt(to)) === '0x') {
    return new ProtocolMismatch(
      `there is no contract at ${to}, where the ${contract} should be: check its address, and that the chain is the right one`,
    );
  }
  const how = success ? `its answer to ${signature} cannot be read` : `it refuses ${signature}`;
  return new ProtocolMismatch(`the contract at ${to} is no ${contract}: ${how}; check its address`);
}
