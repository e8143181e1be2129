import type { Node, Pod, ResourceList, Taint } from '../../../src/api/builtin.ts';
import type { ObjectMeta } from '../../../src/api/kube-object.ts';
import type { SchedulingSpec } from '../../../src/devcluster/cluster-controllers/scheduler/scheduling-spec.ts';

const CREATED = '2026-01-01T00:00:00Z';

export interface NodeContent {
  readonly allocatable?: ResourceList;
  readonly labels?: Record<string, string>;
  readonly taints?: Taint[];
  readonly unschedulable?: boolean;
}

/** A node of 4 cores, 8 GiB and 10 pods, unless told otherwise. */
export function nodeObject(name: string, content: NodeContent = {}): Node {
  const { allocatable = {}, labels = {}, taints = [], unschedulable = false } = content;
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      uid: `node-${name}`,
      resourceVersion: '1',
      creationTimestamp: CREATED,
      labels: { 'kubernetes.io/hostname': name, ...labels },
    },
    spec: { taints, unschedulable },
    status: { allocatable: { cpu: '4', memory: '8Gi', pods: '10', ...allocatable } },
  };
}

export interface PodContent {
  readonly requests?: ResourceList;
  readonly metadata?: Partial<ObjectMeta>;
  readonly spec?: Partial<SchedulingSpec>;
}

/** A pod of one container. Its UID is its name. */
export function podObject(name: string, { requests = {}, metadata = {}, spec = {} }: PodContent = {}): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'default',
      uid: name,
      resourceVersion: '1',
      creationTimestamp: CREATED,
      ...metadata,
    },
    spec: { containers: [{ name: 'main', resources: { requests } }], ...spec },
  };
}
