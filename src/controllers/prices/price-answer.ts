import { Pointer } from 'rfc6902';
import { AmountError } from '../../chain/amounts/amount.ts';
import { type MicroUsd, parseUsd } from './usd.ts';

/** Why there is no price. The message quotes nothing of the answer. */
export class PriceProblem extends Error {
  override readonly name = 'PriceProblem';
}

/**
 * The price in a JSON text.
 * @param pointer RFC 6901, to a number or a string of one
 * @throws PriceProblem
 */
export function priceIn(text: string, pointer: string): MicroUsd {
  const value = valueAt(text, pointer);
  if (typeof value !== 'number' && typeof value !== 'string') {
    throw new PriceProblem(`there is no number at ${pointer} of the answer`);
  }
  try {
    const price = parseUsd(typeof value === 'number' ? plain(value) : value);
    if (price > 0n) {
      return price;
    }
  } catch (error) {
    if (!(error instanceof AmountError)) {
      throw error;
    }
  }
  throw new PriceProblem(
    `what is at ${pointer} of the answer is no price: it must be at least a millionth of a US dollar, and below 10^9`,
  );
}

/** Without an exponent; JSON has no other numbers that are prices. */
function plain(value: number): string {
  return value < 1e-6 || value >= 1e21 ? '' : value.toFixed(12);
}

function valueAt(text: string, pointer: string): unknown {
  try {
    const { value } = Pointer.fromJSON(pointer).evaluate(JSON.parse(text)) as { value: unknown };
    return value;
  } catch {
    throw new PriceProblem(`the answer must be JSON with a price at ${pointer}`);
  }
}
