import type { Pod } from '../../api/builtin.ts';
import type { Immutable } from '../../api/kube-object.ts';
import { findCondition } from '../../api/conditions.ts';
import type { Reason } from '../../api/reasons.ts';
import type { EventDetails } from '../../kube/event-recorder.ts';
import type { Verdict } from './gates.ts';
import type { Outcome } from './outcome.ts';
import type { Plan, Step } from './plan.ts';
import { plural } from './plural.ts';
import { endOf } from './replica.ts';
import { stakeVerdict } from './stake-verdict.ts';

/** Verdicts that users should also find in the events when they begin. */
const announced: Partial<Record<Reason, EventDetails['type']>> = {
  Suspended: 'Normal',
  NoMatchingGPUs: 'Warning',
  NoPlace: 'Warning',
  ClusterUnreachable: 'Warning',
  InsufficientGPUs: 'Warning',
  PodNameConflict: 'Warning',
  PodCreationFailed: 'Warning',
};

/** The same of stake: also a pool that is not ready for another reason says them, and one that is ready all the same. */
const announcedOfStake: Partial<Record<Reason, EventDetails['type']>> = {
  AccountMissing: 'Warning',
  StakeInsufficient: 'Warning',
  MinersUnregistered: 'Normal',
  StakeSufficient: 'Normal',
};

/** What to tell the user about one reconcile: what was done, and what began to stand in the way. Pure. */
export function eventsOf(plan: Plan, outcome: Outcome, verdict: Verdict): readonly EventDetails[] {
  const deleted = new Set(outcome.deleted);
  return [
    ...plan.steps.flatMap((step) => replacementEvent(step, deleted) ?? []),
    ...countEvents(plan, outcome),
    ...verdictEvents(plan, verdict),
    ...stakeEvents(plan),
  ];
}

function replacementEvent(step: Step, deleted: ReadonlySet<string>): EventDetails | undefined {
  if (step.kind !== 'replace' || !deleted.has(step.replica.pod.metadata.name)) {
    return undefined;
  }
  const { pod } = step.replica;
  return step.cause === 'lost'
    ? {
        type: 'Warning',
        reason: 'NodeLost',
        action: 'ReplacePod',
        note: `replaced ${pod.metadata.name}: its node '${pod.spec.nodeName ?? ''}' was not ready for longer than nodeLostGraceSeconds`,
        related: pod,
      }
    : {
        type: 'Warning',
        reason: 'PodReplaced',
        action: 'ReplacePod',
        note: `replaced ${pod.metadata.name} (${howItEnded(pod)})`,
        related: pod,
      };
}

/** `Evicted`, or `Error, exit code 1, after 12 seconds`. */
function howItEnded(pod: Immutable<Pod>): string {
  const ended = pod.status?.containerStatuses?.flatMap(({ state }) => state?.terminated ?? [])[0];
  if (ended === undefined) {
    return pod.status?.reason ?? pod.status?.phase ?? 'ended';
  }
  const seconds = Math.round(endOf(pod).ranMs / 1000);
  return `${ended.reason ?? 'ended'}, exit code ${ended.exitCode}, after ${plural(seconds, 'second')}`;
}

function countEvents(plan: Plan, { created, deleted }: Outcome): EventDetails[] {
  const replaced = new Set(
    plan.steps.flatMap((step) => (step.kind === 'replace' ? [step.replica.pod.metadata.name] : [])),
  );
  const made = created.filter((name) => !replaced.has(name));
  const gone = deleted.filter((name) => !replaced.has(name));
  return [
    made.length === 0 ? undefined : count('PodsCreated', 'CreatePods', `created ${list(made)}`),
    gone.length === 0 ? undefined : count('PodsDeleted', 'DeletePods', `deleted ${list(gone)}`),
  ].filter((event) => event !== undefined);
}

function verdictEvents({ scope }: Plan, verdict: Verdict): EventDetails[] {
  const conditions = scope.pool.status?.conditions ?? [];
  const before = conditions.find((condition) => condition.type === 'Ready')?.reason;
  const type = announced[verdict.reason];
  const events: EventDetails[] = [];
  if (before === 'Suspended' && verdict.reason !== 'Suspended') {
    events.push(
      count('Resumed', 'ResumePool', `spec.suspend is false: ${plural(scope.wanted, 'replica')} wanted`),
    );
  }
  if (type !== undefined && before !== verdict.reason) {
    events.push({ type, reason: verdict.reason, action: 'Reconcile', note: verdict.message });
  }
  return events;
}

function stakeEvents({ scope }: Plan): EventDetails[] {
  const now = stakeVerdict(scope);
  const before = findCondition(scope.pool.status?.conditions, 'StakeSufficient')?.reason;
  if (now === undefined || before === now.reason) {
    return [];
  }
  const type = announcedOfStake[now.reason];
  return type === undefined ? [] : [{ type, reason: now.reason, action: 'Reconcile', note: now.message }];
}

function count(reason: Reason, action: string, note: string): EventDetails {
  return { type: 'Normal', reason, action, note };
}

/** `a, b and c`, or the first and the number of the rest when there are many. */
function list(names: readonly string[]): string {
  const shown = names.slice(0, 8).join(', ');
  return names.length > 8 ? `${names.length} pods: ${shown}, …` : shown;
}
