import { findCondition } from '../../api/conditions.ts';
import type { Immutable } from '../../api/kube-object.ts';
import type { Reason } from '../../api/reasons.ts';
import type { StakeAccount } from '../../api/stake-account.ts';
import { type Entry, canBeRetried, holdsIntent, isLive } from '../../chain/engine/entry.ts';
import type { HoldReason } from '../../chain/engine/plan.ts';
import { CLAIM, type Shortage } from '../../chain/protocols/protocol.ts';
import { rfc3339 } from '../../time/clock.ts';
import type { Obstacle, SeenAccount } from './standing.ts';
import { tokens } from './token-text.ts';

/** What keeps an account from being as it is wanted, or what it is when nothing does. */
export interface Verdict {
  readonly reason: Reason;
  readonly message: string;
  readonly ready: boolean;
  readonly progress: 'none' | 'reconciling' | 'stalled';
}

/** The first question that objects explains the account. */
export function verdictOf(account: Immutable<StakeAccount>, seen: SeenAccount, now: number): Verdict {
  const isLeaving = account.metadata.deletionTimestamp !== undefined;
  return (
    setAside(account, seen) ??
    notAsWanted(account, seen, now) ??
    (isLeaving ? withdrawing(seen) : asWanted(seen))
  );
}

/** Why nothing is done for the account, whatever is wanted. */
function setAside({ spec }: Immutable<StakeAccount>, seen: SeenAccount): Verdict | undefined {
  if (seen.obstacle !== undefined) {
    return verdict(seen.obstacle);
  }
  if (seen.problems.length > 0) {
    return stalled('PoolNotUnderstood', seen.problems.join('; '));
  }
  if (spec.mode === 'Observe') {
    return {
      reason: 'Observed',
      message: 'nothing is sent: spec.mode is Observe',
      ready: true,
      progress: 'none',
    };
  }
  return spec.suspend || seen.dryRun ? suspended(spec.suspend, seen) : undefined;
}

function notAsWanted(account: Immutable<StakeAccount>, seen: SeenAccount, now: number): Verdict | undefined {
  const signer = signerProblem(seen);
  return (
    (signer && verdict(signer)) ??
    failed(seen) ??
    held(account, seen, now) ??
    short(seen) ??
    paused(seen) ??
    underWay(seen)
  );
}

function asWanted(seen: SeenAccount): Verdict {
  const message = `${tokens(seen, seen.state.provisioned)} are provisioned for ${seen.goal.registered} miners`;
  return { reason: 'AsWanted', message, ready: true, progress: 'none' };
}

/** Nothing can be sent now, and something is staked still. */
function withdrawing(seen: SeenAccount): Verdict {
  const { state, goal } = seen;
  const next = Math.min(...state.thaws.map(({ dueAt }) => dueAt));
  const due = Number.isFinite(next) ? `; the next can be taken out at ${rfc3339(next)}` : '';
  const others =
    goal.foreign === 0
      ? ''
      : `; ${goal.foreign} miners of others on the same account need ${tokens(seen, goal.needed)} of it: take them off, or set spec.deletionPolicy to Retain`;
  const message = `${tokens(seen, state.thawing)} thaw, ${tokens(seen, state.provisioned)} are provisioned${due}${others}`;
  return { reason: 'Withdrawing', message, ready: false, progress: 'reconciling' };
}

function verdict({ reason, message, isStalled }: Obstacle): Verdict {
  return { reason, message, ready: false, progress: isStalled ? 'stalled' : 'reconciling' };
}

function stalled(reason: Reason, message: string): Verdict {
  return { reason, message, ready: false, progress: 'stalled' };
}

function suspended(byUser: boolean, seen: SeenAccount): Verdict {
  const { plan, entries } = seen;
  const planned = plan.moves.map(({ kind, key }) => `${kind} ${key}`).join(', ');
  const open = entries.filter(isLive).length;
  const why = byUser ? 'spec.suspend is true' : 'the operator runs with --dry-run';
  const wouldBe = planned === '' ? 'nothing is to be sent' : `it would send: ${planned}`;
  const stillOpen = open === 0 ? '' : `; ${open} transactions that were sent before are watched`;
  return {
    reason: 'Suspended',
    message: `${why}; ${wouldBe}${stillOpen}`,
    ready: planned === '' && !isWanting(seen),
    progress: 'none',
  };
}

/** Whether something of what is wanted is not so, be it possible now or not. */
function isWanting({ goal: { desired }, state }: SeenAccount): boolean {
  return desired.register.length + desired.deregister.length > 0 || state.provisioned < desired.provisioned;
}

export function signerProblem({ signer }: SeenAccount): Obstacle | undefined {
  if (signer?.kind === 'none') {
    return { reason: 'SignerMisconfigured', message: 'spec.signer is not set', isStalled: true };
  }
  return signer?.kind === 'problem' ? { ...signer, isStalled: true } : undefined;
}

/** What the chain refused, and nobody has asked to try again, while it is still wanted: it has the same id as before. */
function failed({ entries, plan }: SeenAccount): Verdict | undefined {
  const since = Math.max(
    -1,
    ...entries.filter(({ status }) => status?.outcome === 'Confirmed').map(({ spec }) => spec.sequence),
  );
  const wanted = entries
    .toSorted((a, b) => b.spec.sequence - a.spec.sequence)
    .find(
      (entry) =>
        entry.spec.sequence > since &&
        entry.spec.intent.kind !== CLAIM &&
        canBeRetried(entry) &&
        holdsIntent(entry) &&
        plan.moves.some(
          ({ kind, data }) => kind === entry.spec.intent.kind && data === entry.spec.intent.data,
        ),
    );
  return wanted && stalled('TransactionFailed', failure(wanted));
}

function failure({ metadata, spec, status }: Entry): string {
  const why = status?.revertReason === undefined ? '' : `: ${status.revertReason}`;
  return `${spec.intent.kind} (ChainTransaction ${metadata.name}) ended ${status?.outcome ?? ''}${why}; it is tried again when something else succeeds, or after: headframe tx retry ${metadata.name}`;
}

const reasonOfHold: Readonly<Record<HoldReason, Reason>> = {
  FeesAboveLimit: 'FeesAboveLimit',
  SpendCapReached: 'SpendCapReached',
  InsufficientFunds: 'InsufficientCoin',
  WouldRevert: 'WouldRevert',
  SignerRefused: 'SignerRefused',
  Expired: 'DutyMissed',
  TooManyAttempts: 'TransactionStuck',
  NonceDisputed: 'NonceDisputed',
  NodeUnavailable: 'NodeUnavailable',
  Suspended: 'Suspended',
};

/** A claim that waits for cheaper gas keeps nothing from being as it is wanted. */
function held(
  { status }: Immutable<StakeAccount>,
  { holds, plan }: SeenAccount,
  now: number,
): Verdict | undefined {
  if (plan.moves.length > 0 && plan.moves.every(({ kind }) => kind === CLAIM)) {
    return undefined;
  }
  const hold = holds.find(({ reason }) => reason !== 'Expired');
  if (hold === undefined) {
    return undefined;
  }
  const until =
    hold.notBefore === undefined || hold.notBefore <= now ? '' : `; not before ${rfc3339(hold.notBefore)}`;
  const message = unlessOnlyNumbersDiffer(`${hold.explanation}${until}`, status);
  return { reason: reasonOfHold[hold.reason], message, ready: false, progress: 'reconciling' };
}

/** Fees and balances differ at every look: a message that says the same with other numbers is not written again. */
function unlessOnlyNumbersDiffer(message: string, status: Immutable<StakeAccount>['status']): string {
  const before = findCondition(status?.conditions, 'Ready')?.message;
  const words = (text: string): string => text.replace(/\d[\d.:TZ-]*/g, '#');
  return before !== undefined && words(before) === words(message) ? before : message;
}

function short(seen: SeenAccount): Verdict | undefined {
  const [shortage] = seen.plan.shortages;
  if (shortage === undefined || seen.entries.some(isLive)) {
    return undefined;
  }
  return { ...shortageText(seen, shortage), ready: false, progress: 'stalled' };
}

function shortageText(seen: SeenAccount, shortage: Shortage): { reason: Reason; message: string } {
  switch (shortage.kind) {
    case 'Tokens':
      return {
        reason: 'InsufficientTokens',
        message: `${tokens(seen, shortage.needed)} more are to be staked, and the account holds ${tokens(seen, shortage.held)}: send tokens to it`,
      };
    case 'Cap':
      return {
        reason: 'StakeCapReached',
        message: `${tokens(seen, shortage.needed)} are wanted, and spec.stake.max allows ${tokens(seen, shortage.allowed)}`,
      };
  }
}

function paused(seen: SeenAccount): Verdict | undefined {
  const { paused: contracts } = seen.network.facts;
  return contracts.length > 0 && seen.plan.moves.length === 0 && isWanting(seen)
    ? {
        reason: 'ContractsPaused',
        message: `${contracts.join(', ')} of the network is paused, and refuses everything until its governor ends that`,
        ready: false,
        progress: 'reconciling',
      }
    : undefined;
}

function underWay({ entries, plan, goal }: SeenAccount): Verdict | undefined {
  const open = entries
    .filter(isLive)
    .map(({ spec }) => spec.intent.kind)
    .filter(isWaitedFor);
  const next = plan.moves.map(({ kind }) => kind).filter(isWaitedFor);
  const { register, deregister } = goal.desired;
  if (open.length + next.length + register.length + deregister.length === 0) {
    return undefined;
  }
  const parts = [
    open.length === 0 ? [] : [`${open.join(', ')} sent`],
    next.length === 0 ? [] : [`${next.join(', ')} to be sent`],
    register.length === 0 ? [] : [`${register.length} miners to be registered`],
    deregister.length === 0 ? [] : [`${deregister.length} miners to be taken off`],
  ];
  return {
    reason: 'TransactionsUnderWay',
    message: parts.flat().join('; '),
    ready: false,
    progress: 'reconciling',
  };
}

/** A claim changes nothing of the stake. */
function isWaitedFor(kind: string): boolean {
  return kind !== CLAIM;
}
