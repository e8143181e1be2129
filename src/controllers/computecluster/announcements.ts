import { annotations } from '../../api/group.ts';
import type { QuarantineFinding } from '../../compute/quarantine/quarantine.ts';
import type { EventDetails } from '../../kube/event-recorder.ts';
import type { GivingBackFinding } from './giving-back.ts';

/** What to tell the user about guests that leave. Pure. */
export function guestEvents(
  { plan, waitingForGPUs, owedToReserve }: GivingBackFinding,
  isOpen: boolean,
): readonly EventDetails[] {
  const { notices, deletions, withdrawals } = plan;
  const atOnce = deletions.filter(({ pod }) => pod.metadata.annotations?.[annotations.leaveAt] === undefined);
  const told = notices.length + atOnce.length;
  const reasons = [
    ...(waitingForGPUs > 0 ? [`pods that are not Headframe’s wait for ${gpus(waitingForGPUs)}`] : []),
    ...(owedToReserve > 0 ? [`guests hold ${gpus(owedToReserve)} of the reserve (spec.reserve)`] : []),
  ];
  const why = isOpen ? reasons.join(', and ') : 'the cluster is closed to guests';
  return [
    ...(told === 0 ? [] : [event('GuestsLeaving', `${guests(told)} told to leave: ${why}`)]),
    ...(withdrawals.length === 0
      ? []
      : [
          event(
            'GuestsStaying',
            `${guests(withdrawals.length)} may stay: their GPUs are not needed any more`,
          ),
        ]),
  ];
}

/** What to tell the user about nodes that are left out, and those that are tried again. Pure. */
export function quarantineEvents({ entered, released }: QuarantineFinding): readonly EventDetails[] {
  return [
    ...entered.map(({ node, endTime, times, reason }): EventDetails => ({
      type: 'Warning',
      reason: 'NodeQuarantined',
      action: 'LeaveOutNode',
      note: `node ${node} is left out until ${endTime}${times === 1 ? '' : `, for the ${ordinal(times)} time in a row`}: ${reason}`,
    })),
    ...released.map(({ node }): EventDetails => ({
      type: 'Normal',
      reason: 'NodeReleased',
      action: 'TryNode',
      note: `node ${node} is tried again`,
    })),
  ];
}

function event(reason: 'GuestsLeaving' | 'GuestsStaying', note: string): EventDetails {
  return { type: 'Normal', reason, action: 'GiveBack', note };
}

function gpus(count: number): string {
  return count === 1 ? '1 GPU' : `${count} GPUs`;
}

function guests(count: number): string {
  return count === 1 ? '1 guest' : `${count} guests`;
}

/** `2nd`, `3rd`, `11th`. */
function ordinal(count: number): string {
  const rules = new Intl.PluralRules('en', { type: 'ordinal' });
  const suffixes: Partial<Record<Intl.LDMLPluralRule, string>> = { one: 'st', two: 'nd', few: 'rd' };
  return `${count}${suffixes[rules.select(count)] ?? 'th'}`;
}
