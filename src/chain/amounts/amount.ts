declare const unit: unique symbol;

/** An amount of the chain's own coin, in wei (10^-18 of it). Never negative. Sums and products are plain bigints: brand them again. */
export type Wei = bigint & { readonly [unit]: 'wei' };

/** An amount of a token in its smallest unit. Never negative. How many make one token is the token's `decimals`. */
export type TokenUnits = bigint & { readonly [unit]: 'token units' };

/** What a uint256 of a contract can hold. */
export const MAX_UINT256 = 2n ** 256n - 1n;

/** Thrown for what is no amount; the message says what is allowed. */
export class AmountError extends Error {
  override readonly name = 'AmountError';
}

/** @throws AmountError when it is negative or does not fit a uint256 */
export function wei(value: bigint): Wei {
  return checked(value, 'wei') as Wei;
}

/** @throws AmountError when it is negative or does not fit a uint256 */
export function tokenUnits(value: bigint): TokenUnits {
  return checked(value, 'token units') as TokenUnits;
}

function checked(value: bigint, of: string): bigint {
  if (value < 0n || value > MAX_UINT256) {
    throw new AmountError(`${value} ${of} is not an amount: it must be from 0 to 2^256 - 1`);
  }
  return value;
}
