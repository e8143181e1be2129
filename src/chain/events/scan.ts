import { RpcError, nodeErrorKind } from '../rpc/rpc-error.ts';
import { eventKey } from './chain-event.ts';
import type { ChainEvent } from './chain-event.ts';
import { MAX_WALK_BACK, advanced, finalised, rewound, tip } from './checkpoint.ts';
import type { Checkpoint, ScanState } from './checkpoint.ts';
import type { EventSource } from './event-source.ts';
import { afterQuery, afterTooMuch, suggestedBlocks } from './scan-range.ts';

/** What one step of a scan came to. */
export interface ScanStep {
  readonly state: ScanState;
  /** Events that have become final with this step, oldest first. Each comes once, if the state is stored with what is made of it. */
  readonly events: readonly ChainEvent[];
  /** How many blocks were undone and have to be scanned again; 0 without a reorg. */
  readonly undone: number;
  /** Whether there is more to be scanned at once. */
  readonly more: boolean;
}

/** What had been final is no longer part of the chain, as this node tells it: it serves another chain, or one that was reset. */
export class FinalBlockLostError extends Error {
  override readonly name = 'FinalBlockLostError';
}

/**
 * One step: finds out whether the chain is still the one that was scanned, walks back if not, else scans one range more. Pure apart from
 * the source: stopped anywhere and begun again from the stored state, it finds the same events.
 * @param headLag so many of the latest blocks are left for later; 0 for none
 * @throws RpcError, FinalBlockLostError
 */
export async function scanStep(source: EventSource, state: ScanState, headLag = 0): Promise<ScanStep> {
  // First of all: what is final now is still part of the chain whenever that is found to be the one that was scanned.
  const finalNumber = (await source.finalNumber()) ?? -1;
  const head = await source.blockAt('latest');
  const at = tip(state);
  if (head === undefined || at === undefined) {
    return idle(state);
  }
  // A node that is behind, or was set back, is asked only about what it has.
  const common = await commonAncestor(source, state, head.number);
  if (common !== at) {
    return common === undefined
      ? idle(state)
      : { state: rewound(state, common), events: [], undone: at.number - common.number, more: true };
  }
  const furthest = Math.min(head.number - headLag, at.number + state.range.blocks);
  // A range that ends where the chain is final leaves a block there to which a walk back can go, and no further.
  const end = at.number < finalNumber ? Math.min(furthest, finalNumber) : furthest;
  return end <= at.number
    ? withFinal(state, finalNumber)
    : scanRange(source, state, { at, end, finalNumber });
}

/**
 * The latest block of the trail that is still part of the chain. Undefined when nothing is known to be wrong: the node's head is below
 * the trail, and all of the trail that it has agrees.
 */
async function commonAncestor(
  source: EventSource,
  { trail }: ScanState,
  head: number,
): Promise<Checkpoint | undefined> {
  const last = trail.at(-1);
  const known = trail.filter(({ number }) => number <= head);
  for (const checkpoint of known.toReversed()) {
    const block = await source.blockAt(checkpoint.number);
    if (block === undefined) {
      // Behind one address there are several nodes, and this one does not have what the other had.
      return undefined;
    }
    if (block.hash === checkpoint.hash) {
      return checkpoint === known.at(-1) && checkpoint !== last ? undefined : checkpoint;
    }
  }
  if (known.length === 0) {
    return undefined;
  }
  const [first] = known;
  throw new FinalBlockLostError(
    `block ${first?.number ?? 0} was final, or ${MAX_WALK_BACK} blocks deep, and is no part of the chain that the node tells: it serves another chain, or one that was reset`,
  );
}

interface Range {
  /** The block that it begins behind. */
  readonly at: Checkpoint;
  readonly end: number;
  readonly finalNumber: number;
}

async function scanRange(source: EventSource, state: ScanState, range: Range): Promise<ScanStep> {
  const { at, end, finalNumber } = range;
  const asked = end - at.number;
  const before = await source.blockAt(end);
  if (before === undefined) {
    return idle(state);
  }
  let found: ChainEvent[];
  try {
    found = await source.events(at.number + 1, end);
  } catch (error) {
    if (!isTooMuch(error) || asked === 1) {
      throw error;
    }
    const smaller = afterTooMuch(asked, suggestedBlocks((error as RpcError).message));
    return { ...idle({ ...state, range: smaller }), more: true };
  }
  // The chain may have changed while it was read. First the older block, then the newer one: when both are the same as before, nothing
  // between them was another at any time.
  const [older, newer] = [await source.blockAt(at.number), await source.blockAt(end)];
  const isSame = older?.hash === at.hash && newer?.hash === before.hash;
  if (!isSame || found.some((event) => event.blockNumber === end && event.blockHash !== before.hash)) {
    return idle(state);
  }
  const next = advanced(state, before, inOrder(found), afterQuery(state.range, asked));
  return { ...withFinal(next, finalNumber), more: asked >= state.range.blocks || end === finalNumber };
}

/** Nothing was learnt. */
function idle(state: ScanState): ScanStep {
  return { state, events: [], undone: 0, more: false };
}

/** The state has been seen to agree with the chain: what of it was final before that is so for ever. */
function withFinal(state: ScanState, finalNumber: number): ScanStep {
  return { ...finalised(state, finalNumber), undone: 0, more: false };
}

function inOrder(events: readonly ChainEvent[]): ChainEvent[] {
  const unique = new Map(events.map((event) => [eventKey(event), event]));
  return [...unique.values()].sort((a, b) => a.blockNumber - b.blockNumber || a.logIndex - b.logIndex);
}

/** Fewer blocks might do. A timeout is taken for too much work, as long as there is more than one block to ask for. */
function isTooMuch(error: unknown): boolean {
  return (
    nodeErrorKind(error) === 'rangeTooLarge' ||
    (error instanceof RpcError && (error.kind === 'TooLarge' || error.kind === 'Timeout'))
  );
}
