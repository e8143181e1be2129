import type { Pod } from '../../src/api/builtin.ts';
import { API_VERSION, MANAGER, annotations, labels } from '../../src/api/group.ts';
import { ago } from './pool-objects.ts';

/** What makes pods of others than Headframe differ. */
export interface WaitingOptions {
  /** Default 1. */
  gpus?: number;
  /** Default `nvidia.com/gpu`. */
  resource?: string;
  labels?: Record<string, string>;
  /** What the scheduler says; null when it has said nothing yet. Default: that no node has enough GPUs. */
  message?: string | null;
  node?: string;
  nodeSelector?: Record<string, string>;
  terminating?: boolean;
  phase?: NonNullable<NonNullable<Pod['status']>['phase']>;
}

/** A pod of the owner of a cluster, which waits for GPUs unless told otherwise. */
export function waitingPod(name: string, options: WaitingOptions = {}): Pod {
  const { gpus = 1, resource = 'nvidia.com/gpu', node, nodeSelector } = options;
  const message =
    options.message === undefined ? `0/1 nodes are available: 1 Insufficient ${resource}.` : options.message;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'owner',
      uid: `${name}-uid`,
      resourceVersion: '1',
      creationTimestamp: ago(60),
      ...(options.labels === undefined ? {} : { labels: options.labels }),
      ...(options.terminating === true ? { deletionTimestamp: ago(1) } : {}),
    },
    spec: {
      containers: [
        { name: 'c', ...(gpus > 0 ? { resources: { limits: { [resource]: String(gpus) } } } : {}) },
      ],
      ...(node === undefined ? {} : { nodeName: node }),
      ...(nodeSelector === undefined ? {} : { nodeSelector }),
    },
    status: {
      phase: options.phase ?? 'Pending',
      conditions: message === null ? [] : [{ type: 'PodScheduled', status: 'False', message }],
    },
  };
}

/** What makes guests differ. */
export interface GuestOptions {
  /** Default 1. */
  gpus?: number;
  /** Unbound when absent. */
  node?: string | undefined;
  /** Name of its MinerPool, whose UID is `<name>-uid`. Default `pool`. */
  pool?: string;
  /** Seconds before NOW at which it was made. Default 1800. */
  ageSeconds?: number;
  /** RFC 3339. */
  leaveAt?: string;
  labels?: Record<string, string>;
  terminating?: boolean;
  graceSeconds?: number;
}

/** A pod that Headframe made for a MinerPool of its own cluster. */
export function guestPod(name: string, options: GuestOptions = {}): Pod {
  const { gpus = 1, node, pool = 'pool', ageSeconds = 1800, leaveAt, graceSeconds } = options;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'default',
      uid: `${name}-uid`,
      resourceVersion: '1',
      creationTimestamp: ago(ageSeconds),
      labels: { [labels.managedBy]: MANAGER, [labels.pool]: pool, ...options.labels },
      ...(leaveAt === undefined ? {} : { annotations: { [annotations.leaveAt]: leaveAt } }),
      ...(options.terminating === true ? { deletionTimestamp: ago(1) } : {}),
      ownerReferences: [
        { apiVersion: API_VERSION, kind: 'MinerPool', name: pool, uid: `${pool}-uid`, controller: true },
      ],
    },
    spec: {
      containers: [{ name: 'miner', resources: { limits: { 'nvidia.com/gpu': String(gpus) } } }],
      ...(node === undefined ? {} : { nodeName: node }),
      ...(graceSeconds === undefined ? {} : { terminationGracePeriodSeconds: graceSeconds }),
    },
    status: { phase: node === undefined ? 'Pending' : 'Running' },
  };
}

/** A GPU pod that its node refused. */
export function refusedPod(name: string, node: string, at: string, reason = 'UnexpectedAdmissionError'): Pod {
  const pod = waitingPod(name, { node });
  return { ...pod, status: { phase: 'Failed', reason, startTime: at } };
}
