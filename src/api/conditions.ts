import type { Condition, Immutable } from './kube-object.ts';
import type { Reason } from './reasons.ts';

/** A condition as a controller states it: what is true of the object now. */
export interface Statement {
  readonly type: string;
  readonly status: Condition['status'];
  readonly reason: Reason;
  readonly message: string;
}

/** Longest message, in characters. metav1.Condition would take 32768; nobody reads more than this. */
const MAX_MESSAGE = 1024;

/** States one condition. The type keeps out reasons that are not in the catalogue. */
export function condition(
  type: string,
  status: Condition['status'] | boolean,
  reason: Reason,
  message = '',
): Statement {
  return { type, status: typeof status === 'boolean' ? statusOf(status) : status, reason, message };
}

/** Which object the conditions describe, and when. */
export interface Observation {
  /** The `metadata.generation` that was looked at. */
  readonly generation: number | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * The conditions to write, given those that stand in the status: exactly the stated ones, in the order that they already
 * have (new ones at the end), so that an unchanged state gives an equal list. `lastTransitionTime` moves only when
 * `status` changes. A condition that is no longer stated is dropped.
 */
export function setConditions(
  previous: readonly Immutable<Condition>[] | undefined,
  stated: readonly Statement[],
  observation: Observation,
): Condition[] {
  const before = previous ?? [];
  const place = new Map(before.map(({ type }, index) => [type, index]));
  return stated
    .toSorted((a, b) => (place.get(a.type) ?? before.length) - (place.get(b.type) ?? before.length))
    .map((statement) => {
      const former = before.find(({ type }) => type === statement.type);
      return observed(former, statement, observation);
    });
}

/** The condition of that type, if the object has it. */
export function findCondition(
  conditions: readonly Immutable<Condition>[] | undefined,
  type: string,
): Immutable<Condition> | undefined {
  return conditions?.find((candidate) => candidate.type === type);
}

/** Whether the object has the condition, with status True. */
export function isTrue(conditions: readonly Immutable<Condition>[] | undefined, type: string): boolean {
  return findCondition(conditions, type)?.status === 'True';
}

function observed(
  former: Immutable<Condition> | undefined,
  { type, status, reason, message }: Statement,
  { generation, now }: Observation,
): Condition {
  return {
    type,
    status,
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    lastTransitionTime: former?.status === status ? former.lastTransitionTime : rfc3339(now),
    reason,
    message: cut(message),
  };
}

function statusOf(value: boolean): 'True' | 'False' {
  return value ? 'True' : 'False';
}

/** Whole seconds, as metav1.Time is written. */
function rfc3339(now: number): string {
  return new Date(now).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** Cuts between characters: half a surrogate pair would be an invalid string. */
function cut(message: string): string {
  if (message.length <= MAX_MESSAGE) {
    return message;
  }
  return `${message.slice(0, MAX_MESSAGE - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
