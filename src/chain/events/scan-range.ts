/** How many blocks are asked for at once. Immutable; stored with the checkpoint. */
export interface ScanRange {
  /** Blocks of the next query, at least 1. */
  readonly blocks: number;
  /** Queries in a row that went well at this size. */
  readonly successes: number;
}

/** What most providers take (Infura, Alchemy, QuickNode: 2000 to 10 000). */
export const FIRST_RANGE: ScanRange = { blocks: 2000, successes: 0 };

/** More would gain nothing: the answers have a limit too. */
const MOST_BLOCKS = 100_000;

/** After so many queries that went well, a larger one is tried. */
const SUCCESSES_TO_GROW = 5;

/** @param asked how many blocks the query had: a short one at the head of the chain proves nothing about longer ones */
export function afterQuery(range: ScanRange, asked: number): ScanRange {
  if (asked < range.blocks) {
    return range;
  }
  const successes = range.successes + 1;
  return successes < SUCCESSES_TO_GROW
    ? { ...range, successes }
    : { blocks: Math.min(MOST_BLOCKS, Math.ceil(range.blocks * 1.25)), successes: 0 };
}

/**
 * A smaller range, after a query was too much.
 * @param asked how many blocks the query had
 * @param suggested by the node; taken only where it is less: some suggest the very range that they refuse
 */
export function afterTooMuch(asked: number, suggested?: number): ScanRange {
  const half = Math.max(1, Math.floor(asked / 2));
  const blocks = suggested !== undefined && suggested >= 1 && suggested < asked ? suggested : half;
  return { blocks, successes: 0 };
}

const hints: readonly RegExp[] = [
  // Alchemy, Infura: '... this block range should work: [0x1, 0x2]'; reth: 'retry with the range 1-2'.
  /range (?:should work:? *)?\[(0x[0-9a-f]+|\d+), *(0x[0-9a-f]+|\d+)\]/i,
  /retry with the range (\d+) ?- ?(\d+)/i,
];

const limits: readonly RegExp[] = [
  // 'limited to a 10,000 range', 'limited to 0 - 10000 blocks range', 'exceeds limit of 10000', 'max block range = 5000',
  // 'exceed maximum block range: 5000', 'maximum is set to 2048', 'up to a 500 block range', 'bigger than range limit 2000'
  /limited to (?:an? |0 ?- ?)?(\d[\d,]*)/i,
  /exceeds (?:the )?(?:max(?:imum)? )?limit (?:of )?(\d[\d,]*)/i,
  /max(?:imum)?(?: allowed)?(?: block)? range(?: is|:| =|=| of)? ?(\d[\d,]*)/i,
  /maximum is set to (\d[\d,]*)/i,
  /up to (?:an? )?(\d[\d,]*) blocks?/i,
  /range limit (?:is |of )?(\d[\d,]*)/i,
];

/** How many blocks the node says that it would take; undefined where it does not say, or says nothing that can be. */
export function suggestedBlocks(message: string): number | undefined {
  for (const pattern of hints) {
    const [, from, to] = pattern.exec(message) ?? [];
    if (from !== undefined && to !== undefined) {
      return usable(Number(to) - Number(from) + 1);
    }
  }
  for (const pattern of limits) {
    const [, limit] = pattern.exec(message) ?? [];
    if (limit !== undefined) {
      return usable(Number(limit.replaceAll(',', '')));
    }
  }
  return undefined;
}

function usable(blocks: number): number | undefined {
  return Number.isSafeInteger(blocks) && blocks >= 1 ? blocks : undefined;
}
