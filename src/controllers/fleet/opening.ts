import type { ComputeCluster } from '../../api/compute-cluster.ts';
import type { Immutable } from '../../api/kube-object.ts';
import type { Reason } from '../../api/reasons.ts';
import type { InventoryLine } from '../../compute/inventory.ts';
import { openState } from '../../compute/schedule/open-state.ts';

/** Whether guests may use a cluster now, and why. */
export interface Opening {
  readonly isOpen: boolean;
  readonly reason: Reason;
  readonly message: string;
  /** When the schedule opens or closes next, in milliseconds since 1970; undefined when it never does. */
  readonly changesAt: number | undefined;
}

/** What the answer depends on. */
export interface OpeningGrounds {
  readonly spec: Immutable<ComputeCluster['spec']>;
  readonly lines: readonly InventoryLine[];
  /** Whether there is no schedule, or one that can be followed. */
  readonly isFollowable: boolean;
}

/** The first of schedule and onlyWhenIdle that objects closes the cluster. A schedule that cannot be followed does, too. */
export function openingOf({ spec, lines, isFollowable }: OpeningGrounds, now: number): Opening {
  if (!isFollowable) {
    return closed('ScheduleInvalid', 'spec.schedule cannot be followed', undefined);
  }
  const { open, changesAt } =
    spec.schedule === undefined ? { open: true, changesAt: undefined } : openState(spec.schedule, now);
  if (!open) {
    const until = changesAt === undefined ? 'it never opens' : `it opens at ${time(changesAt)}`;
    return closed('OutsideSchedule', until, changesAt);
  }
  const heldByOwner = lines.reduce((sum, { allocated, guests }) => sum + allocated - guests, 0);
  if (spec.onlyWhenIdle && heldByOwner > 0) {
    const message = `${heldByOwner} GPUs are held by pods that are not Headframe’s, and spec.onlyWhenIdle is true`;
    return closed('OwnerBusy', message, changesAt);
  }
  return {
    isOpen: true,
    reason: spec.schedule === undefined ? 'AlwaysOpen' : 'InsideSchedule',
    message: changesAt === undefined ? '' : `it closes at ${time(changesAt)}`,
    changesAt,
  };
}

function closed(reason: Reason, message: string, changesAt: number | undefined): Opening {
  return { isOpen: false, reason, message, changesAt };
}

/** RFC 3339, to the second, as Kubernetes writes times. */
function time(moment: number): string {
  return new Date(moment).toISOString().replace(/\.\d+Z$/, 'Z');
}
