import { AmountError, MAX_UINT256, tokenUnits, wei } from './amount.ts';
import type { TokenUnits, Wei } from './amount.ts';

/** As the API writes amounts. Finer than 10^-18 no coin or token of our networks goes. */
const PATTERN = /^(\d+)(?:\.(\d{1,18}))?$/;

const ETH_DECIMALS = 18;
const GWEI_DECIMALS = 9;

/** 2^256 - 1 has 78 digits. Nobody writes more, and what is longer is not looked at: no text makes a number of a million digits. */
const MAX_CHARACTERS = 100;

/**
 * Reads an amount such as '12.5' of a token with so many decimals. Exact: nothing is rounded.
 * @param decimals of the token, 0 to 18
 * @throws AmountError
 */
export function parseTokens(text: string, decimals: number): TokenUnits {
  return tokenUnits(parseDecimal(text, decimals));
}

/** Reads an amount of the chain's coin, such as '0.05'. @throws AmountError */
export function parseEth(text: string): Wei {
  return wei(parseDecimal(text, ETH_DECIMALS));
}

/** Reads a price of gas in gwei (10^-9 of the coin), such as '1.5'. @throws AmountError */
export function parseGwei(text: string): Wei {
  return wei(parseDecimal(text, GWEI_DECIMALS));
}

/** Reads a whole number of wei. @throws AmountError */
export function parseWei(text: string): Wei {
  return wei(parseDecimal(text, 0));
}

/** The shortest decimal text of the amount, such as '12.5': without an exponent and without zeros at the end. */
export function formatTokens(amount: TokenUnits, decimals: number): string {
  return formatDecimal(amount, decimals);
}

/** Wei as an amount of the chain's coin, such as '0.05'. */
export function formatEth(amount: Wei): string {
  return formatDecimal(amount, ETH_DECIMALS);
}

/** Wei as gwei, such as '1.5'. */
export function formatGwei(amount: Wei): string {
  return formatDecimal(amount, GWEI_DECIMALS);
}

/**
 * The amount as a floating-point number, for metrics only: from 2^53 units on it is rounded.
 * @param decimals 18 for wei as the coin
 */
export function approximate(amount: TokenUnits | Wei, decimals: number): number {
  return Number(formatDecimal(amount, decimals));
}

function parseDecimal(text: string, decimals: number): bigint {
  checkDecimals(decimals);
  const match = text.length > MAX_CHARACTERS ? null : PATTERN.exec(text);
  if (match === null) {
    throw new AmountError(`${quoted(text)} is not an amount: ${objection(text)}`);
  }
  const [, whole = '', fraction = ''] = match;
  if (fraction.length > decimals) {
    const allowed = decimals === 0 ? 'a whole number' : `at most ${decimals} digits after the point`;
    throw new AmountError(`${quoted(text)} is too fine: ${allowed} is what this amount can have`);
  }
  const units = BigInt(whole + fraction.padEnd(decimals, '0'));
  if (units > MAX_UINT256) {
    throw new AmountError(
      `${quoted(text)} is too large: an amount must be below 2^256 of its smallest units (10^-${decimals})`,
    );
  }
  return units;
}

/** The first thing that is wrong with it, and what is right. */
function objection(text: string): string {
  if (text.length > MAX_CHARACTERS) {
    return `it has ${text.length} characters, and an amount has at most ${MAX_CHARACTERS}`;
  }
  if (text.startsWith('-')) {
    return 'it must not be negative';
  }
  if (/^[\d.]+e[+-]?\d+$/i.test(text)) {
    return "it must be written without an exponent, such as '1000' instead of '1e3'";
  }
  if (/^\d+\.\d{19,}$/.test(text)) {
    return 'it must have at most 18 digits after the point';
  }
  return "it must be digits with at most 18 more after a point, such as '12' or '0.5'";
}

function formatDecimal(amount: bigint, decimals: number): string {
  checkDecimals(decimals);
  const digits = String(amount).padStart(decimals + 1, '0');
  const point = digits.length - decimals;
  const fraction = digits.slice(point).replace(/0+$/, '');
  return fraction === '' ? digits.slice(0, point) : `${digits.slice(0, point)}.${fraction}`;
}

function checkDecimals(decimals: number): void {
  if (!Number.isInteger(decimals) || decimals < 0 || decimals > ETH_DECIMALS) {
    throw new AmountError(`a token of ${decimals} decimals is not supported: it must have from 0 to 18`);
  }
}

function quoted(text: string): string {
  return `'${text.length > 40 ? `${text.slice(0, 40)}…` : text}'`;
}
