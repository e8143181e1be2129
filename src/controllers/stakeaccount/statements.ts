import { type Statement, condition, findCondition } from '../../api/conditions.ts';
import type { Immutable } from '../../api/kube-object.ts';
import type { Reason } from '../../api/reasons.ts';
import type { StakeAccount } from '../../api/stake-account.ts';
import type { Entry } from '../../chain/engine/entry.ts';
import type { Epoch } from '../../chain/protocols/protocol.ts';
import { rfc3339 } from '../../time/clock.ts';
import { rewardsKnown } from '../rewards/statement.ts';
import type { Obstacle, SeenAccount, Standing } from './standing.ts';
import { tokens } from './token-text.ts';
import { type Verdict, signerProblem, verdictOf } from './verdict.ts';

/** The conditions of an account, each stated once. @param now milliseconds since 1970 */
export function statements(
  account: Immutable<StakeAccount>,
  standing: Standing,
  now: number,
): readonly Statement[] {
  if (standing.kind === 'unread') {
    return [...readiness(standing.obstacle), ...standingOnes(account)];
  }
  return [
    ...readiness(verdictOf(account, standing, now)),
    stakeSufficient(standing),
    ...signerReady(account, standing),
    ...dutiesDone(account, standing, now),
    ...rewardsKnown(standing.rewards),
  ];
}

function readiness(verdict: Verdict | Obstacle): readonly Statement[] {
  const { reason, message } = verdict;
  const { ready, progress } =
    'progress' in verdict
      ? verdict
      : ({ ready: false, progress: verdict.isStalled ? 'stalled' : 'reconciling' } as const);
  return [
    condition('Ready', ready, reason, message),
    ...(progress === 'reconciling' ? [condition('Reconciling', true, reason, message)] : []),
    ...(progress === 'stalled' ? [condition('Stalled', true, reason, message)] : []),
  ];
}

/** Of an account that cannot be read, what was said last stays. */
function standingOnes(account: Immutable<StakeAccount>): readonly Statement[] {
  return ['StakeSufficient', 'SignerReady', 'DutiesDone', 'RewardsKnown'].flatMap((type) =>
    standingOne(account, type),
  );
}

function standingOne({ status }: Immutable<StakeAccount>, type: string): readonly Statement[] {
  const stated = findCondition(status?.conditions, type);
  return stated === undefined ? [] : [{ ...stated, reason: stated.reason as Reason }];
}

function stakeSufficient(seen: SeenAccount): Statement {
  const { provisioned } = seen.state;
  const { needed } = seen.goal;
  const numbers = `${tokens(seen, provisioned)} are provisioned, and the replicas of its pools need ${tokens(seen, needed)}`;
  return provisioned >= needed
    ? condition('StakeSufficient', true, 'StakeSufficient', numbers)
    : condition('StakeSufficient', false, 'StakeInsufficient', numbers);
}

/** At rest the key is not looked at: what was said last stays. */
function signerReady(account: Immutable<StakeAccount>, seen: SeenAccount): readonly Statement[] {
  const { spec } = account;
  if (spec.mode === 'Observe') {
    return [];
  }
  if (seen.signer === undefined) {
    return standingOne(account, 'SignerReady');
  }
  const problem = signerProblem(seen);
  return [
    problem === undefined
      ? condition('SignerReady', true, 'SignerReady', `it signs for ${spec.address}`)
      : condition('SignerReady', false, problem.reason, problem.message),
  ];
}

/** Only where there are duties. */
function dutiesDone({ spec }: Immutable<StakeAccount>, seen: SeenAccount, now: number): readonly Statement[] {
  const { epoch } = seen.network.facts;
  if (
    epoch === undefined ||
    spec.mode === 'Observe' ||
    !seen.goal.desired.checksIn ||
    seen.state.miners === 0
  ) {
    return [];
  }
  if (seen.state.checkedIn) {
    return [condition('DutiesDone', true, 'CheckedIn', `the duty of epoch ${epoch.number} is done`)];
  }
  return [missedDuty(seen.entries, epoch) ?? openDuty(epoch, now)];
}

function openDuty(epoch: Epoch, now: number): Statement {
  const isLate = now - epoch.startsAt > (epoch.endsAt - epoch.startsAt) / 2;
  const message = `the duty of epoch ${epoch.number} is to be done by ${rfc3339(epoch.endsAt)}`;
  return condition('DutiesDone', isLate ? 'False' : 'Unknown', isLate ? 'DutyLate' : 'DutyOpen', message);
}

/** Said of the epoch before, until the duty of this one is done. */
function missedDuty(entries: readonly Entry[], epoch: Epoch): Statement | undefined {
  const missed = entries.find((entry) => isMissedDuty(entry, epoch.startsAt));
  if (missed === undefined) {
    return undefined;
  }
  const { status, metadata } = missed;
  const why = status?.revertReason === undefined ? '' : `: ${status.revertReason}`;
  const message = `the duty of epoch ${epoch.number - 1} was not done: ChainTransaction ${metadata.name} ended ${status?.outcome ?? ''}${why}; that of epoch ${epoch.number} is to be done by ${rfc3339(epoch.endsAt)}`;
  return condition('DutiesDone', false, 'DutyMissed', message);
}

/** Sent for the epoch that ended then, and ended otherwise than it should. Until it has ended nobody knows. */
function isMissedDuty({ spec, status }: Entry, endedAt: number): boolean {
  const { urgency, expiryTime } = spec.intent;
  const isOfIt = urgency === 'Essential' && expiryTime !== undefined && Date.parse(expiryTime) === endedAt;
  return isOfIt && status?.outcome !== undefined && status.outcome !== 'Confirmed';
}
