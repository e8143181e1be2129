import { findCondition } from '../../api/conditions.ts';
import type { Immutable } from '../../api/kube-object.ts';
import type { Reason } from '../../api/reasons.ts';
import { reasons } from '../../api/reasons.ts';
import type { StakeAccount } from '../../api/stake-account.ts';
import type { StakeAccountStatus } from '../../api/stake-account/status.ts';
import { tokenUnits } from '../../chain/amounts/amount.ts';
import { formatTokens, parseTokens } from '../../chain/amounts/decimal.ts';
import type { Entry } from '../../chain/engine/entry.ts';
import type { EventDetails } from '../../kube/event-recorder.ts';
import type { Standing } from './standing.ts';

type Status = Immutable<StakeAccountStatus>;

/** What to tell of a status that has been written. Pure. */
export function eventsOf(
  account: Immutable<StakeAccount>,
  status: Status,
  standing: Standing,
): readonly EventDetails[] {
  const before = account.status;
  return [...newTrouble(before, status), ...slashed(before, status, standing), ...missed(before, standing)];
}

/** Reasons of conditions that the catalogue also lists as events. */
function newTrouble(before: Status | undefined, { conditions }: Status): EventDetails[] {
  return ['Ready', 'StakeSufficient', 'DutiesDone', 'RewardsKnown'].flatMap((type) => {
    const now = findCondition(conditions, type);
    const former = findCondition(before?.conditions, type);
    return now !== undefined &&
      now.status !== 'True' &&
      isAnnounced(now.reason) &&
      now.reason !== former?.reason
      ? [{ type: 'Warning' as const, reason: now.reason, action: 'Reconcile', note: now.message }]
      : [];
  });
}

function isAnnounced(reason: string): reason is Reason {
  const entry = Object.hasOwn(reasons, reason) ? reasons[reason as Reason] : undefined;
  return entry !== undefined && (entry.where as readonly string[]).includes('event');
}

/** As soon as it is counted. */
function slashed(before: Status | undefined, now: Status, standing: Standing): EventDetails[] {
  if (standing.kind === 'unread' || before?.slashed === undefined || now.slashed === undefined) {
    return [];
  }
  const { decimals, symbol } = standing.network.facts.token;
  const taken = parseTokens(now.slashed.tokens, decimals) - parseTokens(before.slashed.tokens, decimals);
  if (taken <= 0n) {
    return [];
  }
  const { slashed: total, stake } = now;
  const note = `${formatTokens(tokenUnits(taken), decimals)} ${symbol} were slashed, the last in block ${total.throughBlock}: ${total.tokens} in all so far; ${stake?.provisioned ?? '0'} are left behind the miners`;
  return [{ type: 'Warning', reason: 'Slashed', action: 'Reconcile', note }];
}

function missed(before: Status | undefined, standing: Standing): EventDetails[] {
  if (standing.kind === 'unread' || before?.nextDuty === undefined) {
    return [];
  }
  const { epoch } = standing.network.facts;
  const due = Date.parse(before.nextDuty.dueTime);
  const isOver = epoch !== undefined && epoch.startsAt >= due;
  const isDone =
    before.checkedInEpoch !== undefined && epoch !== undefined && before.checkedInEpoch >= epoch.number - 1;
  const isSeenDone = isDone || standing.entries.some((entry) => didDuty(entry, due));
  return isOver && !isSeenDone
    ? [
        {
          type: 'Warning',
          reason: 'DutyMissed',
          action: 'CheckIn',
          note: `the duty that was due by ${before.nextDuty.dueTime} was not seen to be done`,
        },
      ]
    : [];
}

/** Its transaction may have succeeded after the last look at the epoch. */
function didDuty({ spec, status }: Entry, dueAt: number): boolean {
  const { urgency, expiryTime } = spec.intent;
  const isOfIt = urgency === 'Essential' && expiryTime !== undefined && Date.parse(expiryTime) === dueAt;
  return isOfIt && (status?.outcome === undefined || status.outcome === 'Confirmed');
}
