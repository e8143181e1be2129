import { isDeepStrictEqual } from 'node:util';
import type { ChainView } from '../../chain/engine/chain-view.ts';
import { type Entry, canBeRetried, isIntended, isLive, nonceOf } from '../../chain/engine/entry.ts';
import { NO_OP, type WantedIntent, intentId } from '../../chain/engine/intent.ts';
import type { Move } from '../../chain/protocols/protocol.ts';
import { rfc3339 } from '../../time/clock.ts';

/** What moves were worked out from. */
export interface Grounds {
  readonly chainId: number;
  /** Of the account. */
  readonly address: string;
  /** How many transactions of the account the state that was read has in it. */
  readonly nonce: number;
}

/**
 * The intents behind moves, given the account's entries. While the state that the moves were worked out from lacks a transaction that
 * an entry reserves, nothing but duties is wanted: what is open may be the very thing that a move would do again. Nor while a block that
 * is not final includes one that failed, or another transaction in its place: a reorganised block may let it succeed. Duties are safe: each
 * has an id of its own for its epoch.
 *
 * An id says what is done and after which success: the same move after another one succeeded is another effect, and the same move
 * after a failure is the same one, which is not tried again before something else succeeds or somebody asks for it.
 */
export function intentsOf(
  moves: readonly Move[],
  grounds: Grounds,
  entries: readonly Entry[],
  view: Pick<ChainView, 'receipts'>,
): readonly WantedIntent[] {
  const isSettled = entries.every(
    (entry) => nonceOf(entry) < grounds.nonce && (!isLive(entry) || hasItsEffect(entry, view)),
  );
  return moves
    .filter(({ duty }) => isSettled || duty !== undefined)
    .map((move) => intentFor(move, grounds, entries));
}

/** The intent behind one move, whether it may be sent now or not. */
export function intentFor(
  move: Move,
  grounds: Pick<Grounds, 'chainId' | 'address'>,
  entries: readonly Entry[],
): WantedIntent {
  const since = lastSuccess(entries);
  const key = move.duty === undefined ? `${move.key} after ${since}` : move.key;
  const intent = intentOf(move, grounds, key);
  return { ...intent, id: failedSince(since, intent, entries)?.spec.intent.id ?? intent.id };
}

/** What came before it may have become final only after it was entered: then it has another id than it would get now. */
function failedSince(
  since: number,
  { kind, to, data }: WantedIntent,
  entries: readonly Entry[],
): Entry | undefined {
  return entries.find(
    (entry) =>
      canBeRetried(entry) &&
      entry.spec.sequence > since &&
      isDeepStrictEqual(
        [entry.spec.intent.kind, entry.spec.intent.to, entry.spec.intent.data],
        [kind, to, data],
      ),
  );
}

function intentOf(
  { kind, to, data, duty }: Move,
  { chainId, address }: Pick<Grounds, 'chainId' | 'address'>,
  key: string,
): WantedIntent {
  const intent = {
    id: intentId({ chainId, account: address, contract: to, kind, key }),
    kind,
    to,
    data,
    valueWei: '0',
  };
  return duty === undefined
    ? { ...intent, urgency: 'Optional' }
    : {
        ...intent,
        urgency: 'Essential',
        availableTime: rfc3339(duty.availableAt),
        dueTime: rfc3339(duty.dueAt),
        expiryTime: rfc3339(duty.endsAt),
      };
}

/** Whether a block includes it, and it did there what it was to do. */
function hasItsEffect({ spec }: Entry, { receipts }: Pick<ChainView, 'receipts'>): boolean {
  const included = spec.attempts.find(({ hash }) => receipts.has(hash));
  return (
    included !== undefined &&
    receipts.get(included.hash)?.succeeded === true &&
    (isIntended(included) || spec.intent.kind === NO_OP)
  );
}

/** The place in the account's sequence of the last entry that succeeded; -1 when none has that is remembered. */
function lastSuccess(entries: readonly Entry[]): number {
  return Math.max(
    -1,
    ...entries.filter(({ status }) => status?.outcome === 'Confirmed').map(({ spec }) => spec.sequence),
  );
}
