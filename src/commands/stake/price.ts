import type { Wei } from '../../chain/amounts/amount.ts';
import { type Purse, authoriseEntry } from '../../chain/engine/authorise.ts';
import type { ChainView } from '../../chain/engine/chain-view.ts';
import { decide } from '../../chain/engine/decide.ts';
import { type Entry, canBeRetried, holdsIntent, isLive, nonceOf } from '../../chain/engine/entry.ts';
import type { WantedIntent } from '../../chain/engine/intent.ts';
import type { Simulator } from '../../chain/engine/ports.ts';
import type { Move } from '../../chain/protocols/protocol.ts';
import { type Grounds, intentFor, intentsOf } from '../../controllers/stakeaccount/intentions.ts';

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
  readonly purse: Purse & { readonly view: ChainView };
  readonly grounds: Grounds;
}

/** Asks a node what a move would take. Sends nothing, and throws nothing. */
export async function priceOf(move: Move, parts: PriceParts): Promise<Price> {
  const { simulator, purse, grounds } = parts;
  const intent = intentFor(move, grounds, purse.entries);
  const waiting = obstacleOf(move, intent, parts);
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

/** What the account's transactions have against it, by the very rules of planner and engine, but for suspension: the notes say that. */
function obstacleOf(move: Move, intent: WantedIntent, { purse, grounds }: PriceParts): string | undefined {
  const { entries, view, policy, now } = purse;
  const holder = entries.find((entry) => holdsIntent(entry) && entry.spec.intent.id === intent.id);
  if (holder !== undefined) {
    return held(holder);
  }
  const intents = intentsOf([move], grounds, entries, view);
  if (intents.length === 0) {
    return unsettled(entries, grounds);
  }
  const { address, chainId } = grounds;
  const { steps, holds } = decide({
    account: { name: '', namespace: '', address },
    chainId,
    intents,
    entries,
    view,
    policy: { ...policy, suspended: false },
    refused: new Map(),
    now,
  });
  const isBegun = steps.some((step) => step.kind === 'enter' && step.intent.id === intent.id);
  return isBegun
    ? undefined
    : (holds.find(({ intentId }) => intentId === undefined || intentId === intent.id)?.explanation ??
        unsettled(entries, grounds));
}

/** Another transaction is to end first. */
function unsettled(entries: readonly Entry[], { nonce }: Grounds): string {
  const waiting = entries.find((entry) => nonceOf(entry) >= nonce);
  const open = waiting ?? entries.find(isLive);
  const until = waiting === undefined ? 'whose block is not final' : 'which no block includes yet';
  return open === undefined ? 'waits for another transaction' : `waits for ${open.metadata.name}, ${until}`;
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
