import type { Immutable, KubeObject } from '../api/kube-object.ts';
import type { Reason } from '../api/reasons.ts';

/** What to tell the user about an object. */
export interface EventDetails {
  type: 'Normal' | 'Warning';
  reason: Reason;
  /** What the controller did or tried, as an UpperCamelCase verb: `CreatePods`. */
  action: string;
  /** At most 1024 characters are kept. */
  note: string;
  related?: Immutable<KubeObject>;
}

/** Tells users what happened. Never throws, never waits: events are best effort, aggregated, and dropped when too many. */
export interface EventRecorder {
  record(regarding: Immutable<KubeObject>, details: EventDetails): void;
}
