import { getAddress } from 'ethers';

/** Thrown for what is not what a node should have said. */
export class HexError extends Error {
  override readonly name = 'HexError';
}

/** A quantity as JSON-RPC writes it: '0x' and digits without leading zeros. */
export function toQuantity(value: bigint | number): string {
  return `0x${value.toString(16)}`;
}

/** Reads a quantity of at most 256 bits; leading zeros are forgiven. @throws HexError */
export function quantity(value: unknown, what: string): bigint {
  if (typeof value !== 'string' || !/^0x[0-9a-f]{1,64}$/i.test(value)) {
    throw new HexError(`${what} is not a quantity`);
  }
  return BigInt(value);
}

/** Reads a quantity that a number holds exactly: heights and times. @throws HexError */
export function smallQuantity(value: unknown, what: string): number {
  const read = quantity(value, what);
  if (read > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new HexError(`${what} is larger than any that can be`);
  }
  return Number(read);
}

/** Reads bytes, in lower case. @param length in bytes, if it must have one @throws HexError */
export function bytes(value: unknown, what: string, length?: number): string {
  const isHex = typeof value === 'string' && /^0x(?:[0-9a-f]{2})*$/i.test(value);
  if (!isHex || (length !== undefined && value.length !== 2 + 2 * length)) {
    throw new HexError(`${what} is not ${length === undefined ? 'bytes' : `${length} bytes`} in hex`);
  }
  return value.toLowerCase();
}

/** Reads an address, with the checksum of its capitals. @throws HexError */
export function address(value: unknown, what: string): string {
  return getAddress(bytes(value, what, 20));
}
