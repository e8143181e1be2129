import { createHash } from 'node:crypto';

/** Longest name of an object. */
const MAX_NAME = 253;
/** Longest value of a label. */
const MAX_LABEL = 63;
/** Names sort as their sequence does up to 10^8. */
const SEQUENCE_DIGITS = 8;

/** Whose nonces they are. The address is part of it: with another key, or on another chain, an account has other nonces. */
export interface NonceOwner {
  /** Name of the StakeAccount. */
  readonly account: string;
  readonly chainId: number;
  readonly address: string;
}

/**
 * The name of the ChainTransaction with a sequence number: `<account>-<chain and address, hashed>-<sequence>`. An account's sequence has
 * no holes, and the API server gives each name to one: whoever creates the next has seen all before it, and decided with them in mind.
 */
export function entryName(owner: NonceOwner, sequence: number): string {
  const suffix = `${ownerHash(owner)}-${String(sequence).padStart(SEQUENCE_DIGITS, '0')}`;
  return `${bounded(owner.account, MAX_NAME - suffix.length - 1)}-${suffix}`;
}

/** The value of the label by which the ChainTransactions of an account are found. */
export function accountLabel(account: string): string {
  return bounded(account, MAX_LABEL);
}

function ownerHash({ chainId, address }: NonceOwner): string {
  return digest(`${chainId} ${address.toLowerCase()}`, 6);
}

/** A name that is too long is cut, and told from others by a hash. */
function bounded(name: string, length: number): string {
  if (name.length <= length) {
    return name;
  }
  const hash = digest(name, 10);
  return `${name.slice(0, length - hash.length - 1).replace(/[^a-z0-9]+$/, '')}-${hash}`;
}

function digest(text: string, length: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length);
}
