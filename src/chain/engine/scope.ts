import type { ChainView } from './chain-view.ts';
import type { EnginePolicy } from './engine-policy.ts';
import { type Entry, isLive, nonceOf } from './entry.ts';
import type { WantedIntent } from './intent.ts';
import { type Standing, standingOf } from './standing.ts';

/** What a decision is made from: one account, what is wanted of it, what is known of it, and when. */
export interface Situation {
  readonly account: { readonly name: string; readonly namespace: string; readonly address: string };
  readonly chainId: number;
  /** In the order in which they are to happen. */
  readonly intents: readonly WantedIntent[];
  /** The ChainTransactions of the account on this chain, as they are known; they may be old. */
  readonly entries: readonly Entry[];
  readonly view: ChainView;
  readonly policy: EnginePolicy;
  /** Hashes that the node said it will never take, and why. */
  readonly refused: ReadonlyMap<string, string>;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** An entry with its place on chain. */
export interface Placed {
  readonly entry: Entry;
  readonly standing: Standing;
}

/** A situation, with what all policies look at worked out. */
export interface Scope extends Situation {
  /** By nonce, the lowest first. */
  readonly placed: readonly Placed[];
  /** Those that no block includes and that have not ended. */
  readonly waiting: readonly Placed[];
  /** One above every nonce that is used or reserved. */
  readonly nextNonce: number;
  /** One above the sequence of every known entry. Whoever knows an entry too few is refused when it creates the next. */
  readonly nextSequence: number;
}

export function scopeOf(situation: Situation): Scope {
  const placed = situation.entries
    .toSorted((a, b) => nonceOf(a) - nonceOf(b))
    .map((entry) => ({ entry, standing: standingOf(entry, situation.view) }));
  return {
    ...situation,
    placed,
    waiting: placed.filter(({ entry, standing }) => isLive(entry) && standing.kind === 'waiting'),
    nextNonce: Math.max(situation.view.nonce, lastKnownNonce(situation.entries) + 1),
    nextSequence: Math.max(-1, ...situation.entries.map(({ spec }) => spec.sequence)) + 1,
  };
}

/** The highest nonce that a known entry reserves; -1 when none does. */
export function lastKnownNonce(entries: readonly Entry[]): number {
  return Math.max(-1, ...entries.map(nonceOf));
}

/**
 * Nonces that the node counts as used and nobody reserved, above the known ones. Either the entries are older than the view, and have to
 * be read again; or somebody else uses the key; or the node is mistaken. Without any entry it is the account's past.
 */
export function unexplainedNonces({ entries, view }: Pick<Situation, 'entries' | 'view'>): number {
  const last = lastKnownNonce(entries);
  return last < 0 ? 0 : Math.max(0, view.nonce - last - 1);
}
