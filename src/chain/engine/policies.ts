import { includedFrom } from '../fees/fees.ts';
import { authoriseReplacement } from './authorise.ts';
import {
  type Entry,
  feesOf,
  holdsIntent,
  isIntended,
  isLive,
  lastAttempt,
  nonceOf,
  wantsCancel,
} from './entry.ts';
import { hasExpired, noOpIntent } from './intent.ts';
import type { AttemptCause } from '../../api/chain-transaction/spec.ts';
import type { Hold, Step } from './plan.ts';
import { statusToRecord } from './recorded-status.ts';
import { roomOf } from './room.ts';
import { type Placed, type Scope, unexplainedNonces } from './scope.ts';
import { SPEND_MEMORY_MS } from './spending.ts';

/** What a policy has to say: what to do, and what to tell. */
export interface Advice {
  readonly steps?: readonly Step[];
  readonly holds?: readonly Hold[];
}

/** One question about the account, answered with what to do. Pure. */
export type Policy = (scope: Scope) => Advice;

/** In the order in which their steps are done: know, send what is signed, repair, and only then begin something new. */
export const policies: readonly Policy[] = [
  recordWhatHappened,
  sendWhatIsSigned,
  sendAgainWhatWasFinal,
  cancelWhatIsOfNoUse,
  raiseWhatIsStuck,
  fillGaps,
  enterIntents,
  pruneHistory,
];

/** Every live entry whose place on chain is another than its status says. */
export function recordWhatHappened({ placed, view, policy, now }: Scope): Advice {
  const terms = {
    finalNumber: view.finalNumber,
    headNumber: view.head.number,
    confirmations: policy.confirmations,
    now,
  };
  const live = placed.filter(({ entry }) => isLive(entry));
  return {
    steps: live.flatMap(({ entry, standing }): Step[] => {
      const status = statusToRecord(entry, standing, terms);
      return status === undefined ? [] : [{ kind: 'record', entry, status }];
    }),
    holds: live.filter(({ standing }) => standing.kind === 'disputed').map(({ entry }) => disputed(entry)),
  };
}

function disputed(entry: Entry): Hold {
  return {
    reason: 'NonceDisputed',
    explanation: `the node counts nonce ${nonceOf(entry)} as used, and shows neither our transaction nor another: it waits until a final block shows one. If it stays so, use an endpoint with the state of older blocks`,
    intentId: entry.spec.intent.id,
  };
}

/**
 * What no block includes and the node does not have: never sent because somebody was killed in between, forgotten by a full mempool, or
 * gone with a reorganised block. Also what is disputed: the node may be mistaken, and sending what is included already does nothing.
 */
export function sendWhatIsSigned({ placed, view, policy }: Scope): Advice {
  if (policy.suspended) {
    return {};
  }
  return {
    steps: placed
      .filter(({ entry, standing }) => isLive(entry) && ['waiting', 'disputed'].includes(standing.kind))
      .map(({ entry }) => ({ entry, hash: lastAttempt(entry).hash }))
      .filter(({ hash }) => !view.pending.has(hash))
      .map(({ entry, hash }) => ({ kind: 'broadcast', entry, hash })),
  };
}

/**
 * A block that counted as final is gone after all: the same transaction is sent again, so that its nonce is used for the same. Where it
 * was another's, whose place the intent has long left, nothing is done at that nonce.
 */
export function sendAgainWhatWasFinal(scope: Scope): Advice {
  const { placed, view, policy } = scope;
  if (policy.suspended) {
    return {};
  }
  const freed = placed
    .filter(({ entry, standing }) => !isLive(entry) && standing.kind === 'waiting')
    .slice(0, policy.window);
  const sent = freed.flatMap(({ entry }): Step[] => {
    const last = lastAttempt(entry);
    const hash = entry.status?.inclusion?.hash ?? (isIntended(last) ? undefined : last.hash);
    return hash === undefined || view.pending.has(hash) ? [] : [{ kind: 'broadcast', entry, hash }];
  });
  const replaced = advise(freed, scope, (entry) =>
    entry.status?.inclusion === undefined && isIntended(lastAttempt(entry)) ? 'Gap' : undefined,
  );
  return { steps: [...sent, ...(replaced.steps ?? [])], holds: replaced.holds ?? [] };
}

/** A transaction that does nothing takes the nonce, where that is what is wanted. */
export function cancelWhatIsOfNoUse(scope: Scope): Advice {
  return advise(
    scope.waiting.filter(({ entry }) => isIntended(lastAttempt(entry))),
    scope,
    (entry) => reasonToCancel(entry, scope),
  );
}

function reasonToCancel(entry: Entry, { now, refused }: Scope): AttemptCause | undefined {
  if (wantsCancel(entry)) {
    return 'Requested';
  }
  if (hasExpired(entry.spec.intent, now)) {
    return 'Expired';
  }
  return refused.has(lastAttempt(entry).hash) ? 'Refused' : undefined;
}

/**
 * What has waited for too many blocks gets higher fees: the first in line, and whatever offers less than the market asks. Those behind
 * wait for the first, not for fees.
 */
export function raiseWhatIsStuck(scope: Scope): Advice {
  const { policy, view, waiting } = scope;
  const asked = includedFrom(view.market);
  const isStuck = ({ entry }: Placed, index: number): boolean => {
    const last = lastAttempt(entry);
    const waited = view.head.number - last.signedBlock;
    const offersEnough = feesOf(last).maxFeePerGas >= asked;
    // What the node does not have is sent again first.
    const patience = offersEnough && !view.pending.has(last.hash) ? 3 : 1;
    return (
      waited >= policy.replaceAfterBlocks * patience &&
      (index === 0 || !offersEnough) &&
      reasonToCancelNow(entry, scope) === undefined
    );
  };
  return advise(waiting.filter(isStuck), scope, (entry) => {
    const last = lastAttempt(entry);
    return isIntended(last) && last.cause !== 'Gap' ? 'Fees' : last.cause;
  });
}

/** Undefined also for what is cancelled already: then its cancelling is what is raised. */
function reasonToCancelNow(entry: Entry, scope: Scope): AttemptCause | undefined {
  return isIntended(lastAttempt(entry)) ? reasonToCancel(entry, scope) : undefined;
}

function advise(
  stuck: readonly Placed[],
  scope: Scope,
  causeOf: (entry: Entry) => AttemptCause | undefined,
): Advice {
  if (scope.policy.suspended) {
    return {};
  }
  const steps: Step[] = [];
  const holds: Hold[] = [];
  for (const { entry } of stuck) {
    const cause = causeOf(entry);
    if (cause === undefined) {
      continue;
    }
    const authorisation = authoriseReplacement(scope, entry, cause);
    if (authorisation.kind === 'held') {
      holds.push(authorisation.hold);
    } else {
      steps.push({ kind: 'replace', entry, cause, fees: authorisation.fees });
    }
  }
  return { steps, holds };
}

/**
 * Nonces that nothing reserves below one that is reserved: nothing above them can be included. They come from nonces that others used
 * and a reorganisation gave back, from deleted objects, and from nodes that counted wrongly.
 */
export function fillGaps({ placed, view, policy, chainId, account, nextNonce }: Scope): Advice {
  if (policy.suspended) {
    return {};
  }
  const reserved = new Set(placed.map(({ entry }) => nonceOf(entry)));
  const ended = placed.filter(({ entry }) => !isLive(entry)).map(({ entry }) => nonceOf(entry));
  const from = Math.max(view.nonce, Math.max(-1, ...ended) + 1);
  const gaps: number[] = [];
  for (let nonce = from; nonce < nextNonce && gaps.length < policy.window; nonce++) {
    if (!reserved.has(nonce)) {
      gaps.push(nonce);
    }
  }
  return {
    steps: gaps.map((nonce) => ({
      kind: 'enter',
      intent: noOpIntent(chainId, account.address, nonce),
      nonce,
      cause: 'Gap',
    })),
  };
}

/** The next intents that nothing holds, as many as may wait at a time. */
export function enterIntents(scope: Scope): Advice {
  const { intents, entries, nextNonce, now } = scope;
  const heldIds = new Set(entries.filter(holdsIntent).map(({ spec }) => spec.intent.id));
  const open = intents.filter(({ id }, index) => {
    return !heldIds.has(id) && intents.findIndex((other) => other.id === id) === index;
  });
  const wanted = open.filter((intent) => !hasExpired(intent, now));
  const expired = open.filter((intent) => hasExpired(intent, now)).map(tooLate);
  if (wanted.length === 0) {
    return { holds: expired };
  }
  const hold = reasonToWait(scope);
  if (hold !== undefined) {
    return { holds: [...expired, hold] };
  }
  const room = roomOf(scope);
  return {
    holds: expired,
    // More than there is room for: what cannot be sent now gives way to the next.
    steps: wanted
      .filter((intent) => room(intent) > 0)
      .map((intent) => ({ kind: 'enter', intent, nonce: nextNonce, cause: 'First' })),
  };
}

function tooLate({ id, expiryTime }: { readonly id: string; readonly expiryTime?: string }): Hold {
  return {
    reason: 'Expired',
    explanation: `it is of no use any more since ${expiryTime ?? ''}`,
    intentId: id,
  };
}

/** Why nothing new is begun at all. */
function reasonToWait({ policy, entries, view }: Scope): Hold | undefined {
  if (policy.suspended) {
    return { reason: 'Suspended', explanation: 'the account is suspended: nothing is signed or sent' };
  }
  const unexplained = unexplainedNonces({ entries, view });
  if (unexplained > 0 && !view.users.has(view.nonce - 1)) {
    return {
      reason: 'NonceDisputed',
      explanation: `the node counts ${unexplained} nonces below ${view.nonce} as used, and no final block shows by what: nothing is sent after them yet`,
    };
  }
  return undefined;
}

/**
 * What ended so long ago that the spend cap has forgotten it. The last ones are kept: they say which nonces and which place in the
 * sequence come next. The lowest nonce goes first, so that no hole appears.
 */
export function pruneHistory({ placed, policy, now, nextSequence }: Scope): Advice {
  const old = placed.slice(0, Math.max(0, placed.length - Math.max(1, policy.historyLimit)));
  const end = old.findIndex(
    ({ entry }) => isLive(entry) || !isOld(entry, now) || entry.spec.sequence === nextSequence - 1,
  );
  return {
    steps: (end < 0 ? old : old.slice(0, end)).map(({ entry }) => ({ kind: 'prune', entry })),
  };
}

function isOld({ status }: Entry, now: number): boolean {
  return status?.outcomeTime !== undefined && Date.parse(status.outcomeTime) + SPEND_MEMORY_MS <= now;
}
