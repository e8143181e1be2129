/*
 * Call data and answers of `aggregate3((address target, bool allowFailure, bytes callData)[]) returns ((bool success, bytes returnData)[])`
 * in the encoding of the Solidity ABI. By hand, because ethers copies all that is left of an answer for each item of it: seconds for some
 * thousand calls.
 */

/** One call of many. */
export interface AggregatedCall {
  readonly target: string;
  readonly allowFailure: boolean;
  /** In hex, with 0x. */
  readonly callData: string;
}

/** What one of many calls came to. */
export interface CallResult {
  /** False when the contract reverted: then `data` is the reason. Calls of what is no contract succeed with '0x'. */
  readonly success: boolean;
  /** In hex. */
  readonly data: string;
}

// The first four bytes of keccak256('aggregate3((address,bool,bytes)[])').
const SELECTOR = '0x82ad56cb';
const WORD_BYTES = 32;
const WORD_DIGITS = 64;

/** Call data of aggregate3. */
export function encodeAggregate3(calls: readonly AggregatedCall[]): string {
  const items = calls.map(encodedItem);
  let offset = calls.length * WORD_BYTES;
  const offsets = items.map((item) => {
    const at = offset;
    offset += item.length / 2;
    return word(at);
  });
  return [SELECTOR, word(WORD_BYTES), word(calls.length), ...offsets, ...items].join('');
}

/** @throws RangeError for what is no answer of aggregate3 */
export function decodeAggregate3(answer: string): CallResult[] {
  const digits = answer.slice(2);
  const list = numberAt(digits, 0);
  const count = numberAt(digits, list);
  const items = list + WORD_BYTES;
  if (count * WORD_BYTES > digits.length / 2) {
    throw new RangeError(`an answer of ${digits.length / 2} bytes cannot hold ${count} results`);
  }
  return Array.from({ length: count }, (_, index) => {
    const item = items + numberAt(digits, items + index * WORD_BYTES);
    const bytes = item + numberAt(digits, item + WORD_BYTES);
    const length = numberAt(digits, bytes);
    return {
      success: numberAt(digits, item) !== 0,
      data: `0x${sliceOf(digits, bytes + WORD_BYTES, length)}`,
    };
  });
}

function encodedItem({ target, allowFailure, callData }: AggregatedCall): string {
  const data = callData.slice(2);
  const padded = data.padEnd(Math.ceil(data.length / WORD_DIGITS) * WORD_DIGITS, '0');
  const address = target.slice(2).toLowerCase().padStart(WORD_DIGITS, '0');
  return [address, word(allowFailure ? 1 : 0), word(3 * WORD_BYTES), word(data.length / 2), padded].join('');
}

function word(value: number): string {
  return value.toString(16).padStart(WORD_DIGITS, '0');
}

/** @param at in bytes @throws RangeError */
function numberAt(digits: string, at: number): number {
  const value = Number(`0x${sliceOf(digits, at, WORD_BYTES)}`);
  if (!Number.isSafeInteger(value)) {
    throw new RangeError('an offset or a length is beyond any answer');
  }
  return value;
}

/** @param at in bytes @throws RangeError */
function sliceOf(digits: string, at: number, length: number): string {
  if ((at + length) * 2 > digits.length) {
    throw new RangeError('the answer ends too early');
  }
  return digits.slice(at * 2, (at + length) * 2);
}
