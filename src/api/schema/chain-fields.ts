import * as z from 'zod';
import { celRules } from './kind.ts';

/*
 * The field types of what stands on a chain. Every schema here is a property's: its description says what the field means.
 */

/** Digits of 2^256 - 1. */
const MAX_WEI_DIGITS = 78;

/** A whole number of wei as a decimal string: an integer of JSON would be rounded. */
export function weiAmount(): z.ZodString {
  return z
    .string()
    .max(MAX_WEI_DIGITS)
    .meta(
      celRules({
        rule: "self.matches('^(0|[1-9][0-9]*)$')",
        message: "must be a whole number of wei in decimal digits, such as '1500000000'",
      }),
    );
}

/** The address of an account or contract, with or without the capital letters of its checksum. */
export function address(): z.ZodString {
  return z
    .string()
    .max(42)
    .meta(
      celRules({
        rule: "self.matches('^0x[0-9a-fA-F]{40}$')",
        message: 'must be an address: 0x and 40 hexadecimal digits',
      }),
    );
}

/** A hash of 32 bytes: of a transaction, a block, or an intent. */
export function hash(): z.ZodString {
  return z
    .string()
    .max(66)
    .meta(
      celRules({
        rule: "self.matches('^0x[0-9a-f]{64}$')",
        message: 'must be a hash: 0x and 64 hexadecimal digits in lower case',
      }),
    );
}

/** Bytes in hexadecimal digits, at most so many. */
export function hexBytes(maxBytes: number): z.ZodString {
  return z
    .string()
    .max(2 + 2 * maxBytes)
    .meta(
      celRules({
        rule: "self.matches('^0x([0-9a-f]{2})*$')",
        message: `must be 0x and two lower-case hexadecimal digits for each byte, at most ${maxBytes} of them`,
      }),
    );
}

/** Digits before the point of what a contract can hold, of a token of 18 decimals. */
const MAX_WHOLE_DIGITS = 60;

function decimalAmount(decimals: number, of: string): z.ZodString {
  return z
    .string()
    .max(MAX_WHOLE_DIGITS + 1 + decimals)
    .meta(
      celRules({
        rule: `self.matches('^[0-9]{1,${MAX_WHOLE_DIGITS}}([.][0-9]{1,${decimals}})?$')`,
        message: `must be ${of} of at least 0 as a decimal, with at most ${decimals} digits after the point and no exponent, such as '12.5'`,
      }),
    );
}

/** An amount of a network's token, as a decimal string. How many digits after the point the token has is known only on chain. */
export function tokenAmount(): z.ZodString {
  return decimalAmount(18, 'an amount of the token');
}

/** An amount of the chain's coin, as a decimal string. */
export function coinAmount(): z.ZodString {
  return decimalAmount(18, 'an amount of the chain’s coin');
}

/** A price of gas, in gwei. */
export function gwei(): z.ZodString {
  return decimalAmount(9, 'an amount of gwei');
}
