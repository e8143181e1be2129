import type { ControllerRevision } from '../../api/builtin.ts';
import type { Immutable } from '../../api/kube-object.ts';
import type { PodOrder } from './pod.ts';
import type { Replica } from './replica.ts';
import type { Scope } from './scope.ts';

/** Why a pod is removed. */
export type RemovalCause =
  | 'scaleDown'
  | 'suspend'
  | 'update'
  | 'surgeOver'
  | 'failed'
  | 'lost'
  /** The ordinal has its pod, or its place, elsewhere. */
  | 'stray'
  /** A place that costs less. */
  | 'moved'
  /** It may not be where it is any more. */
  | 'misplaced'
  /** The pool is being deleted, and nobody else deletes what it has in other clusters. */
  | 'deleted';

/** One thing to do about one ordinal. */
export type Step =
  | { readonly kind: 'create'; readonly order: PodOrder }
  | { readonly kind: 'remove'; readonly replica: Replica; readonly cause: RemovalCause }
  /** Removes and creates again under the same name, at once: the pod has ended or its node is gone. */
  | {
      readonly kind: 'replace';
      readonly replica: Replica;
      readonly cause: RemovalCause;
      readonly order: PodOrder;
    };

/** What should be done now. The status is derived afterwards, from the scope and what came of it (status.ts). */
export interface Plan {
  readonly scope: Scope;
  /** Number of the revision to record before any pod is made from it; undefined when it is recorded already. */
  readonly newRevisionNumber: number | undefined;
  readonly obsoleteRevisions: readonly Immutable<ControllerRevision>[];
  readonly steps: readonly Step[];
  /** The pool is being deleted, and nothing of it is left anywhere that nobody else deletes: its finalizer may go. */
  readonly releases: boolean;
  /** Milliseconds from now after which to look again even if nothing changes. */
  readonly againMs: number | undefined;
}
