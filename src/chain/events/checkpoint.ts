import type { ChainEvent } from './chain-event.ts';
import { FIRST_RANGE } from './scan-range.ts';
import type { ScanRange } from './scan-range.ts';

/** A block up to which, itself included, the chain was scanned. */
export interface Checkpoint {
  readonly number: number;
  readonly hash: string;
}

/** So far back a reorg is followed. Deeper ones end at what was final. */
export const MAX_WALK_BACK = 128;

/**
 * How far the scan of some contracts has come. Plain JSON: store it together with whatever was counted of its final events, in one write,
 * and each is counted once.
 */
export interface ScanState {
  /**
   * Blocks that ends of ranges have been, oldest first; the last is where the scan stands. Those within {@link MAX_WALK_BACK} blocks
   * that are not final yet, and one that was final: there every walk back ends.
   */
  readonly trail: readonly Checkpoint[];
  /** Events of blocks that are not final, oldest first. */
  readonly pending: readonly ChainEvent[];
  /** Up to this block, itself included, events have been given out as final. A walk back may go further; they are not given out again. */
  readonly finalTo: number;
  readonly range: ScanRange;
}

/** The state before anything was scanned. The block must be final: the scan begins behind it. */
export function scanFrom(block: Checkpoint): ScanState {
  return {
    trail: [{ number: block.number, hash: block.hash }],
    pending: [],
    finalTo: block.number,
    range: FIRST_RANGE,
  };
}

/** Where the scan stands. */
export function tip({ trail }: ScanState): Checkpoint | undefined {
  return trail.at(-1);
}

/** Back to a block that is still part of the chain; all that was found behind it is forgotten. */
export function rewound(state: ScanState, to: Checkpoint): ScanState {
  return {
    ...state,
    trail: state.trail.filter(({ number }) => number <= to.number),
    pending: state.pending.filter(({ blockNumber }) => blockNumber <= to.number),
  };
}

/** On to the end of a range, with its events. */
export function advanced(
  state: ScanState,
  to: Checkpoint,
  events: readonly ChainEvent[],
  range: ScanRange,
): ScanState {
  return {
    ...state,
    trail: [...state.trail, { number: to.number, hash: to.hash }],
    pending: [...state.pending, ...events.filter(({ blockNumber }) => blockNumber > state.finalTo)],
    range,
  };
}

/**
 * Takes out the events that are final, once and for ever, and what the trail needs no longer.
 * @param finalNumber the number of the latest final block
 */
export function finalised(
  state: ScanState,
  finalNumber: number,
): { readonly state: ScanState; readonly events: readonly ChainEvent[] } {
  const events = state.pending.filter(({ blockNumber }) => blockNumber <= finalNumber);
  const pending = state.pending.filter(({ blockNumber }) => blockNumber > finalNumber);
  const trail = trimmed(state.trail, finalNumber);
  const finalTo = Math.max(state.finalTo, Math.min(finalNumber, tip(state)?.number ?? 0));
  return { state: { trail, pending, finalTo, range: state.range }, events };
}

/** Keeps the latest final one, and behind it those that a walk back may reach. */
function trimmed(trail: readonly Checkpoint[], finalNumber: number): Checkpoint[] {
  const last = trail.at(-1)?.number ?? 0;
  const anchor = trail.findLast(({ number }) => number <= finalNumber) ?? trail[0];
  const reachable = trail.filter(
    (each) => each !== anchor && each.number > finalNumber && last - each.number < MAX_WALK_BACK,
  );
  return anchor === undefined ? reachable : [anchor, ...reachable];
}
