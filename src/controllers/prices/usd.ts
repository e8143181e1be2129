import { AmountError } from '../../chain/amounts/amount.ts';

/** Millionths of a US dollar: exact, and as fine as prices are written. */
export type MicroUsd = bigint;

const DECIMALS = 6;

/** Digits before the point of what a status can hold. */
const MAX_WHOLE_DIGITS = 9;

const PATTERN = /^(\d{1,30})(?:\.(\d{1,40}))?$/;

/**
 * Reads a price such as '1.25'. What is finer than a millionth is cut off.
 * @throws AmountError for what is no price, and for one of a billion US dollars or more
 */
export function parseUsd(text: string): MicroUsd {
  const match = PATTERN.exec(text);
  const [, whole = '', fraction = ''] = match ?? [];
  if (match === null || whole.replace(/^0+/, '').length > MAX_WHOLE_DIGITS) {
    throw new AmountError('a price must be US dollars below 10^9 as a decimal without an exponent');
  }
  return BigInt(whole + fraction.slice(0, DECIMALS).padEnd(DECIMALS, '0'));
}

/** The shortest text of it, such as '1.25'. */
export function formatUsd(price: MicroUsd): string {
  const digits = String(price).padStart(DECIMALS + 1, '0');
  const fraction = digits.slice(-DECIMALS).replace(/0+$/, '');
  const whole = digits.slice(0, -DECIMALS);
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

/** Whether a price is off another by more than so many percent of that. */
export function deviates(price: MicroUsd, from: MicroUsd, percent: number): boolean {
  const off = price > from ? price - from : from - price;
  return off * 100n > from * BigInt(percent);
}
