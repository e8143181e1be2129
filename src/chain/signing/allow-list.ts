import { wei } from '../amounts/amount.ts';
import type { Wei } from '../amounts/amount.ts';
import { formatEth } from '../amounts/decimal.ts';
import type { UnsignedTransaction } from './transaction.ts';

/** A function of a contract that an account may call. */
export interface AllowedCall {
  readonly to: string;
  /** The first four bytes of the data, such as '0xa9059cbb'. */
  readonly selector: string;
  /** The address that its first argument must be. Default any. */
  readonly firstAddress?: string;
  /** The most of the coin that may go along, in wei. Default none. */
  readonly maxValueWei?: Wei;
}

/**
 * What is wrong with a transaction, for people; undefined when the account may send it. Besides what is listed an account may send
 * nothing to itself, without data: so a nonce that is not needed is used up.
 * @param address of the account
 */
export function objectionTo(
  { to, data, valueWei }: Pick<UnsignedTransaction, 'to' | 'data' | 'valueWei'>,
  allowed: readonly AllowedCall[],
  address: string,
): string | undefined {
  if (same(to, address) && data === '0x' && valueWei === 0n) {
    return undefined;
  }
  const selector = data.slice(0, 10).toLowerCase();
  const call = allowed.find((each) => same(each.to, to) && same(each.selector, selector));
  if (call === undefined) {
    const list = allowed.map((each) => `${each.selector} of ${each.to}`).join(', ');
    const what = data === '0x' ? `a transfer to ${to}` : `${selector} of ${to}`;
    return `${what} is not allowed; allowed is ${list === '' ? 'nothing' : list}`;
  }
  if (call.firstAddress !== undefined && !same(data.slice(10, 74), argumentOf(call.firstAddress))) {
    return `the first argument of ${selector} of ${to} must be ${call.firstAddress}`;
  }
  const most = call.maxValueWei ?? wei(0n);
  return valueWei > most
    ? `${formatEth(valueWei)} of the coin may not go along with ${selector} of ${to}; allowed is at most ${formatEth(most)}`
    : undefined;
}

/** An address as call data has it: 32 bytes in hex, without 0x. */
function argumentOf(address: string): string {
  return address.slice(2).padStart(64, '0');
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
