import { ApiError, isExpired } from './errors.ts';
import { WatchSilentError } from './watch-stream.ts';

/** Why everything is listed again: a label of headframe_watch_relists_total. */
export type RelistReason = 'start' | 'expired' | 'failing';

/** Where a reflector stood when it failed. */
export interface Standing {
  /** It was waiting for a first, complete list (streamed or paged). */
  readonly listing: boolean;
  /** The list was to come as a stream. */
  readonly streamed: boolean;
  /** How often in a row it has failed from this same resourceVersion, this time included. */
  readonly failuresInARow: number;
}

/** What to do about a failure, besides waiting. */
export type Remedy =
  /** The same again. */
  | { readonly kind: 'retry' }
  /** The resourceVersion is of no use: list again. */
  | { readonly kind: 'relist'; readonly reason: RelistReason }
  /** Ask for the list in pages: this once, or always because the server does not stream lists. */
  | { readonly kind: 'page'; readonly always: boolean };

/** The stream ended although the server did not say that the initial list was complete. */
export class IncompleteListError extends Error {
  override readonly name = 'IncompleteListError';
}

/** A watch that the server ended within its first second. */
export class ShortWatchError extends Error {
  override readonly name = 'ShortWatchError';
}

/** A resourceVersion that a restored or confused server cannot serve must not be tried for ever. */
const DISTRUST_AFTER = 5;

/**
 * What a failure says about how to go on. Nothing is terminal: a missing CRD may come, a forbidden list may be allowed.
 */
export function remedyFor(error: unknown, { listing, streamed, failuresInARow }: Standing): Remedy {
  if (listing) {
    return streamed ? remedyForStream(error) : { kind: 'retry' };
  }
  if (isExpired(error)) {
    return { kind: 'relist', reason: 'expired' };
  }
  const refused = error instanceof ApiError && (error.code === 400 || error.code === 422);
  return refused || (failuresInARow >= DISTRUST_AFTER && blamesVersion(error))
    ? { kind: 'relist', reason: 'failing' }
    : { kind: 'retry' };
}

function remedyForStream(error: unknown): Remedy {
  if (error instanceof ApiError && (error.code === 400 || error.code === 422)) {
    return { kind: 'page', always: true };
  }
  const neverEnded = error instanceof IncompleteListError || error instanceof WatchSilentError;
  return neverEnded ? { kind: 'page', always: false } : { kind: 'retry' };
}

/** Not for a server that is away, or that refuses the whole resource: there the resourceVersion is not to blame. */
function blamesVersion(error: unknown): boolean {
  if (error instanceof ApiError) {
    return error.code > 0 && ![401, 403, 404, 429].includes(error.code);
  }
  return true;
}
