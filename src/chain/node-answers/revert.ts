import { Interface, isHexString } from 'ethers';
import type { ErrorDescription, Result } from 'ethers';

/** Why a contract refused a call. */
export interface RevertReason {
  /** Of a custom error its name; `Error` for a reason in words, `Panic` for a failed check of the compiler; undefined when it said nothing, or what no ABI knows. */
  readonly name: string | undefined;
  /** For a condition: 'InsufficientStake(5, 10)', or the words. */
  readonly text: string;
  /** The first four bytes of what the contract said, such as '0x08c379a0'. */
  readonly selector: string | undefined;
}

/** Solidity's own: `Error(string)` and `Panic(uint256)` are known to every Interface. */
const builtIn = new Interface([]);

/** What Solidity's compiler checks (docs.soliditylang.org, "Panic via assert and Error via require"). */
const panics = new Map<bigint, string>([
  [0x01n, 'an assertion failed'],
  [0x11n, 'an arithmetic overflow or underflow'],
  [0x12n, 'a division by zero'],
  [0x21n, 'a value that is none of its enum'],
  [0x22n, 'a storage array that is broken'],
  [0x31n, 'a pop from an empty array'],
  [0x32n, 'an index outside of its array'],
  [0x41n, 'too much memory'],
  [0x51n, 'a call of no function'],
]);

/** A condition has room for a sentence, not for what a hostile contract has to say. */
const MAX_CHARACTERS = 200;

/**
 * Explains the data that comes with a revert. Never throws, whatever the contract or the node made of it.
 * @param data bytes in hex, or undefined where the node did not tell
 * @param abis of the contracts that may have said it, the likeliest first
 */
export function decodeRevert(data: string | undefined, abis: readonly Interface[] = []): RevertReason {
  if (data === undefined || !isHexString(data) || data === '0x') {
    return { name: undefined, text: 'the contract gave no reason', selector: undefined };
  }
  const selector = data.slice(0, 10).toLowerCase();
  for (const abi of [...abis, builtIn]) {
    const found = parse(abi, data);
    if (found !== undefined) {
      return { name: found.name, text: describe(found), selector };
    }
  }
  return {
    name: undefined,
    text: `the contract gave a reason that its ABI does not know: ${selector}`,
    selector,
  };
}

/**
 * The bytes that a contract said, from where nodes put them: geth, reth and anvil in `data`, some after words, some providers deeper.
 * Undefined when there are none.
 */
export function revertData(data: unknown, depth = 0): string | undefined {
  if (typeof data === 'string') {
    return /0x(?:[0-9a-f]{2})*$/i.exec(data)?.[0];
  }
  if (typeof data !== 'object' || data === null || depth > 3) {
    return undefined;
  }
  const { data: inner, originalError, result } = data as Record<string, unknown>;
  return [inner, originalError, result]
    .map((each) => revertData(each, depth + 1))
    .find((each) => each !== undefined);
}

function parse(abi: Interface, data: string): ErrorDescription | undefined {
  try {
    const found = abi.parseError(data) ?? undefined;
    // Decoding is lazy: what does not fit the ABI shows when the values are looked at.
    found?.args.toArray(true);
    return found;
  } catch {
    return undefined;
  }
}

function describe({ name, args }: ErrorDescription): string {
  const [first] = args.toArray() as unknown[];
  if (name === 'Error' && args.length === 1 && typeof first === 'string') {
    return shortened(first);
  }
  if (name === 'Panic' && args.length === 1 && typeof first === 'bigint') {
    return `the contract stopped at ${panics.get(first) ?? 'an unknown check'} (Panic 0x${first.toString(16)})`;
  }
  return shortened(`${name}(${values(args)})`);
}

function values(args: Result): string {
  return (args.toArray(true) as unknown[]).map(valueText).join(', ');
}

function valueText(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(valueText).join(', ')}]` : String(value);
}

/** Words of a contract are a stranger's: no line breaks or other control characters come of them. */
function shortened(text: string): string {
  const plain = text.replace(/[\p{C}\p{Z}]+/gu, ' ').trim();
  return plain.length > MAX_CHARACTERS ? `${plain.slice(0, MAX_CHARACTERS)}…` : plain;
}
