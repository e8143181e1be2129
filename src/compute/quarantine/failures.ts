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
  /** Whether it is enough by itself, and how ever long ago it began: the node is being reported as broken. */
  readonly isStanding: boolean;
}

/** An XID error of a GPU, as DCGM tells it. */
export interface XidError {
  readonly node: string;
  /** UUID of the GPU. */
  readonly gpu: string;
  readonly code: number;
  /** When it was first seen, in milliseconds since 1970: DCGM shows the last one until the driver is loaded anew. */
  readonly since: number;
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
  return { node: nodeName, id: pod.metadata.uid, at, what: reason, isStanding: false };
}

/** NVIDIA/k8s-device-plugin: errors of applications, after which the GPU is still healthy. */
const applicationXids: ReadonlySet<number> = new Set([13, 31, 43, 45, 68, 109]);

/** Undefined for an error that an application makes: the node is not to blame. */
export function xidFailureOf({ node, gpu, code, since }: XidError): NodeFailure | undefined {
  return applicationXids.has(code)
    ? undefined
    : { node, id: `xid-${code}/${gpu}`.slice(0, 128), at: since, what: `XID ${code}`, isStanding: false };
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
    isStanding: true,
  };
}
