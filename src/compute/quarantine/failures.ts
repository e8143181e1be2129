import type { Node, Pod } from '../../api/builtin.ts';
import type { Immutable } from '../../api/kube-object.ts';
import { gpuResourceOf } from '../pod-gpus.ts';

/** Something that speaks against a node. */
export interface NodeFailure {
  readonly node: string;
  /** The same for the same failure, however often it is seen. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** What failed, in a word or two. */
  readonly what: string;
  /**
   * `once`: it is one of as many as are wanted. `enough`: no other is wanted. `standing`: nor does it matter how long ago it began, for the
   * node is being reported as broken.
   */
  readonly counts: 'once' | 'enough' | 'standing';
}

/**
 * A GPU pod that its node refused. kubelet, pkg/kubelet/lifecycle: `UnexpectedAdmissionError` (devices cannot be allocated),
 * `OutOf<resource>`; cm/topologymanager: `TopologyAffinityError`. Refusals for labels, processors or memory say nothing of GPUs.
 */
export function refusalOf(pod: Immutable<Pod>): NodeFailure | undefined {
  const { nodeName } = pod.spec;
  const { phase, reason = '', startTime } = pod.status ?? {};
  const resource = nodeName !== undefined && phase === 'Failed' ? gpuResourceOf(pod) : undefined;
  if (
    nodeName === undefined ||
    resource === undefined ||
    !['UnexpectedAdmissionError', 'TopologyAffinityError', `OutOf${resource}`].includes(reason)
  ) {
    return undefined;
  }
  // kubelet, pkg/kubelet/status: the start of a pod that never ran is when its first status, the refusal, was written.
  const at = Date.parse(startTime ?? pod.metadata.creationTimestamp);
  return { node: nodeName, id: pod.metadata.uid, at, what: reason, counts: 'once' };
}

/**
 * That a node is being reported as having XID errors. There is no standard condition for it; known are those of the node problem
 * detector on AKS (`XIDErrors`) and of the node monitoring agent on EKS (`AcceleratedHardwareReady`: False, for NvidiaXID...).
 */
export function reportedFailureOf({ metadata, status }: Immutable<Node>): NodeFailure | undefined {
  const condition = status?.conditions?.find(
    ({ type, status: value, reason = '' }) =>
      (type === 'XIDErrors' && value === 'True') ||
      (type === 'AcceleratedHardwareReady' && value === 'False' && reason.startsWith('NvidiaXID')),
  );
  if (condition === undefined) {
    return undefined;
  }
  const since = condition.lastTransitionTime ?? metadata.creationTimestamp;
  const what = `${condition.type}: ${condition.reason ?? condition.status}`.slice(0, 64);
  return {
    node: metadata.name,
    id: `${condition.type}/${since}`,
    at: Date.parse(since),
    what,
    counts: 'standing',
  };
}
