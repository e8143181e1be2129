import { toUtf8String } from 'ethers';
import { ProtocolMismatch } from '../protocol.ts';
import type { Token } from '../protocol.ts';
import { question } from './ask.ts';
import type { Ask } from './ask.ts';
import { erc20 } from './erc20.ts';

/** With more digits the amounts of the API would not hold them. */
const MAX_DECIMALS = 18;
const MAX_SYMBOL = 32;
/** A bytes32, in hex with 0x. */
const WORD_LENGTH = 66;

/** What the token says of itself. @throws ProtocolMismatch */
export async function askToken(ask: Ask, address: string): Promise<Token> {
  const at = { contract: erc20.name, to: address };
  const symbolQuestion = { ...question(at, erc20.reads.symbol), decode: symbolText };
  const [symbol, decimals] = await Promise.all([
    // ERC-20 leaves it to the token whether it has one.
    ask(symbolQuestion).catch(withoutSymbol),
    ask(question(at, erc20.reads.decimals)),
  ]);
  if (decimals > MAX_DECIMALS) {
    throw new ProtocolMismatch(
      `the token ${address} has ${decimals} decimals: only tokens with ${MAX_DECIMALS} or fewer can be staked`,
    );
  }
  return { address, symbol, decimals: Number(decimals) };
}

function withoutSymbol(error: unknown): string {
  if (error instanceof ProtocolMismatch) {
    return '';
  }
  throw error;
}

/** Tokens that are older than the standard have a bytes32 for it, such as MKR. Whatever it is, it is short and can be printed. */
function symbolText(data: string): string {
  const text =
    data.length === WORD_LENGTH
      ? toUtf8String(data.replace(/(00)+$/, ''))
      : erc20.reads.symbol.decodeOutput(data);
  return text.replace(/\p{C}/gu, '').slice(0, MAX_SYMBOL);
}
