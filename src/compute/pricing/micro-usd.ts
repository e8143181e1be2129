/*
 * Money of the price tables, exactly: whole millionths of a US dollar. No price is ever a float. What is worked out from two amounts
 * is rounded to the nearest millionth once, halves up; what is shown to people, to the nearest cent, halves up.
 */

declare const unit: unique symbol;

/** An amount of at least 0, in millionths of a US dollar. */
export type MicroUsd = bigint & { readonly [unit]: 'micro-USD' };

const DECIMAL = /^(\d{1,9})(?:\.(\d{1,6}))?$/;

const MICROS_PER_CENT = 10_000n;
const MICROS_PER_DOLLAR = 1_000_000n;

/**
 * Reads US dollars as a decimal string, such as `0.40`.
 * @throws PriceError for anything else: negative amounts, exponents, more digits than are exact
 */
export function parseUsd(text: string): MicroUsd {
  const [, whole, fraction = ''] = DECIMAL.exec(text) ?? [];
  if (whole === undefined) {
    throw new PriceError(
      `'${text}' must be US dollars of at least 0, with at most 9 digits before and 6 after the point, such as '0.40'`,
    );
  }
  return microUsd(BigInt(whole) * MICROS_PER_DOLLAR + BigInt(fraction.padEnd(6, '0')));
}

/** Thrown for what is not a price; the message says what is allowed. */
export class PriceError extends Error {
  override readonly name = 'PriceError';
}

/**
 * An amount that is known to be whole millionths.
 * @throws PriceError when it is negative
 */
export function microUsd(amount: bigint): MicroUsd {
  if (amount < 0n) {
    throw new PriceError(`${amount} millionths of a US dollar must be at least 0`);
  }
  return amount as MicroUsd;
}

/** The exact amount as a decimal string without trailing zeros: `3.16608`, `0.4`, `2`. */
export function formatUsd(amount: MicroUsd): string {
  const fraction = String(amount % MICROS_PER_DOLLAR)
    .padStart(6, '0')
    .replace(/0+$/, '');
  const whole = String(amount / MICROS_PER_DOLLAR);
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

/** The amount for people, to the nearest cent, halves up: `3.17`. */
export function formatUsdCents(amount: MicroUsd): string {
  const cents = String(divideHalfUp(amount, MICROS_PER_CENT)).padStart(3, '0');
  return `${cents.slice(0, -2)}.${cents.slice(-2)}`;
}

/** `amount` x `numerator` / `denominator`, to the nearest millionth, halves up. */
export function scaleUsd(amount: MicroUsd, numerator: bigint, denominator: bigint): MicroUsd {
  return microUsd(divideHalfUp(amount * numerator, denominator));
}

function divideHalfUp(amount: bigint, by: bigint): bigint {
  return (2n * amount + by) / (2n * by);
}
