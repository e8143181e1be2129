import type { Wei } from '../../chain/amounts/amount.ts';
import { type Purse, authoriseEntry } from '../../chain/engine/authorise.ts';
import { type Entry, canBeRetried, holdsIntent, isLive, nonceOf } from '../../chain/engine/entry.ts';
import type { WantedIntent } from '../../chain/engine/intent.ts';
import type { Simulator } from '../../chain/engine/ports.ts';
import type { Move } from '../../chain/protocols/protocol.ts';
import { type Grounds, intentFor } from '../../controllers/stakeaccount/intentions.ts';

/** What a move would cost, and why it would not be sent. */
export interface Price {
  /** Units of gas, as the node estimates them, with the margin that the operator adds. */
  readonly gasLimit?: number;
  /** The most that it may ever cost, with all replacements. */
  readonly maxCostWei?: Wei;
  /** Why it would not be sent now. */
  readonly obstacle?: string;
}

/** What prices are worked out with. */
export interface PriceParts {
  readonly simulator: Pick<Simulator, 'simulate'>;
  readonly purse: Purse;
  readonly grounds: Grounds;
}

/** Asks a node what a move would take. Sends nothing, and throws nothing. */
export async function priceOf(move: Move, { simulator, purse, grounds }: PriceParts): Promise<Price> {
  const { entries } = purse;
  const intent = intentFor(move, grounds, entries);
  const waiting = obstacleOf(move, intent, { entries, nonce: grounds.nonce });
  const because = waiting === undefined ? {} : { obstacle: waiting };
  const simulation = await simulator.simulate(intent);
  if (simulation.kind !== 'possible') {
    return { obstacle: waiting ?? simulation.explanation };
  }
  const { gasLimit } = simulation;
  const authorisation = authoriseEntry(purse, intent, gasLimit);
  return authorisation.kind === 'granted'
    ? { gasLimit, maxCostWei: authorisation.maxCostWei, ...because }
    : { gasLimit, obstacle: waiting ?? authorisation.hold.explanation };
}

/** What the account's transactions have against it: see intentsOf, and the engine's rule that the same is not tried again. */
function obstacleOf(
  { duty }: Move,
  { id }: WantedIntent,
  { entries, nonce }: { readonly entries: readonly Entry[]; readonly nonce: number },
): string | undefined {
  const holder = entries.find((entry) => holdsIntent(entry) && entry.spec.intent.id === id);
  if (holder !== undefined) {
    return held(holder);
  }
  const open = duty === undefined ? entries.find((entry) => nonceOf(entry) >= nonce) : undefined;
  return open && `waits for ${open.metadata.name}, which no block includes yet`;
}

function held(entry: Entry): string {
  const { metadata, status } = entry;
  if (isLive(entry)) {
    return `is under way: ${metadata.name}`;
  }
  const why = status?.revertReason === undefined ? '' : ` (${status.revertReason})`;
  const more = canBeRetried(entry) ? `: headframe tx retry ${metadata.name}` : '';
  return `${metadata.name} ended ${status?.outcome ?? ''}${why}${more}`;
}
