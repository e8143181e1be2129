import { AmountError, tokenUnits } from '../../chain/amounts/amount.ts';
import { parseWei } from '../../chain/amounts/decimal.ts';
import type { RewardClaim } from '../../chain/protocols/protocol.ts';

/** The most claims that a file may have. */
export const MAX_CLAIMS = 64;

/** A tree of 2^32 accounts. */
const MAX_SIBLINGS = 32;

/** Longer than a status can remember. */
const MAX_EPOCH = 999_999_999;

const NODE = /^0x[0-9a-f]{64}$/;

/** What was served is no list of claims. The message says what is wrong, and quotes nothing. */
export class ClaimsFileError extends Error {
  override readonly name = 'ClaimsFileError';
}

/** Reads what the server of proofs answers, the oldest epoch first. @throws ClaimsFileError */
export function parseClaims(text: string): readonly RewardClaim[] {
  const { claims } = objectOf(json(text), 'the answer');
  if (!Array.isArray(claims) || claims.length > MAX_CLAIMS) {
    throw new ClaimsFileError(`claims must be a list of at most ${MAX_CLAIMS}`);
  }
  const read = claims.map((each: unknown, index) => claimOf(each, `claims[${index}]`));
  if (new Set(read.map(({ epoch }) => epoch)).size !== read.length) {
    throw new ClaimsFileError('claims must name each epoch once');
  }
  return read.sort((a, b) => a.epoch - b.epoch);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new ClaimsFileError('the answer must be JSON');
  }
}

function objectOf(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) {
    throw new ClaimsFileError(`${name} must be an object`);
  }
  return value as Record<string, unknown>;
}

function claimOf(value: unknown, name: string): RewardClaim {
  const { epoch, amount, proof } = objectOf(value, name);
  if (typeof epoch !== 'number' || !Number.isInteger(epoch) || epoch < 0 || epoch > MAX_EPOCH) {
    throw new ClaimsFileError(`${name}.epoch must be the number of an epoch`);
  }
  if (!isProof(proof)) {
    throw new ClaimsFileError(
      `${name}.proof must be a list of at most ${MAX_SIBLINGS} times 0x and 64 hexadecimal digits in lower case`,
    );
  }
  const units = typeof amount === 'string' ? unitsOf(amount) : 0n;
  if (units === 0n) {
    throw new ClaimsFileError(`${name}.amount must be a string of digits, and more than 0`);
  }
  return { epoch, amount: tokenUnits(units), proof };
}

function isProof(value: unknown): value is string[] {
  return (
    Array.isArray(value) &&
    value.length <= MAX_SIBLINGS &&
    value.every((node) => typeof node === 'string' && NODE.test(node))
  );
}

function unitsOf(text: string): bigint {
  try {
    return parseWei(text);
  } catch (error) {
    if (error instanceof AmountError) {
      return 0n;
    }
    throw error;
  }
}
