import type { Node, Pod } from '../../src/api/builtin.ts';
import { API_VERSION, labels } from '../../src/api/group.ts';
import type { MinerPool, MinerPoolSpec } from '../../src/api/miner-pool.ts';

/** The moment that tests call now, in milliseconds since 1970. */
export const NOW = Date.UTC(2026, 0, 1, 12);

/** RFC 3339 of `seconds` before {@link NOW}. */
export function ago(seconds: number): string {
  return new Date(NOW - seconds * 1000).toISOString();
}

/** A pool as the API server would serve it, defaults filled in. */
export function minerPool(
  spec: Partial<MinerPoolSpec> = {},
  metadata: Partial<MinerPool['metadata']> = {},
): MinerPool {
  return {
    apiVersion: API_VERSION,
    kind: 'MinerPool',
    metadata: {
      name: 'pool',
      namespace: 'default',
      uid: 'pool-uid',
      resourceVersion: '1',
      generation: 1,
      creationTimestamp: ago(3600),
      ...metadata,
    },
    spec: {
      replicas: 3,
      gpus: { vendor: 'NVIDIA', countPerReplica: 1, models: [] },
      template: { spec: { containers: [{ name: 'miner', image: 'miner:1' }] } },
      updateStrategy: {
        type: 'RollingUpdate',
        rollingUpdate: { maxUnavailable: 1, maxSurge: 0, partition: 0 },
      },
      suspend: false,
      idle: { belowPercent: 5, forSeconds: 1800 },
      nodeLostGraceSeconds: 60,
      minReadySeconds: 0,
      priority: 0,
      revisionHistoryLimit: 10,
      ...spec,
    },
  };
}

/** What makes test pods differ. */
export interface PodOptions {
  ordinal: number;
  revision: string;
  /** Unbound when absent. */
  node?: string;
  phase?: NonNullable<NonNullable<Pod['status']>['phase']>;
  /** Seconds before NOW at which it became ready; not ready when absent. */
  readyFor?: number;
  /** Deletion has begun. */
  terminating?: boolean;
  attempt?: number;
  /** An update made it above the wanted number. */
  surge?: boolean;
  /** GPUs that it asks for. Default 1. */
  gpus?: number;
  /** When the container ended, and how long it had run, in seconds. */
  ended?: { agoSeconds: number; ranSeconds: number };
}

/** A pod of {@link minerPool}. */
export function poolPod(options: PodOptions): Pod {
  const { ordinal, revision, node, readyFor } = options;
  const name = `pool-${ordinal}`;
  const attempt =
    options.attempt === undefined ? {} : { 'headframe.dev/restart-attempt': String(options.attempt) };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'default',
      uid: `${name}-uid`,
      resourceVersion: '1',
      creationTimestamp: ago(1800),
      labels: { [labels.pool]: 'pool', [labels.revision]: revision },
      annotations: { ...attempt, ...(options.surge === true ? { 'headframe.dev/surge': 'true' } : {}) },
      ...(options.terminating === true ? { deletionTimestamp: ago(1) } : {}),
      ownerReferences: [
        { apiVersion: API_VERSION, kind: 'MinerPool', name: 'pool', uid: 'pool-uid', controller: true },
      ],
    },
    spec: {
      containers: [{ name: 'miner', resources: { limits: { 'nvidia.com/gpu': String(options.gpus ?? 1) } } }],
      ...(node === undefined ? {} : { nodeName: node }),
    },
    status: {
      phase: options.phase ?? (node === undefined ? 'Pending' : 'Running'),
      conditions: [
        readyFor === undefined
          ? { type: 'Ready', status: 'False', lastTransitionTime: ago(1700) }
          : { type: 'Ready', status: 'True', lastTransitionTime: ago(readyFor) },
      ],
      ...endedContainer(options.ended),
    },
  };
}

function endedContainer(ended: PodOptions['ended']): Pick<NonNullable<Pod['status']>, 'containerStatuses'> {
  if (ended === undefined) {
    return {};
  }
  const terminated = {
    exitCode: 1,
    reason: 'Error',
    startedAt: ago(ended.agoSeconds + ended.ranSeconds),
    finishedAt: ago(ended.agoSeconds),
  };
  const status = {
    name: 'miner',
    ready: false,
    restartCount: 0,
    image: '',
    imageID: '',
    state: { terminated },
  };
  return { containerStatuses: [status] };
}

/** A ready node with eight H100s unless told otherwise. */
export function gpuNode(
  name: string,
  options: {
    labels?: Record<string, string>;
    gpus?: number;
    resource?: string;
    ready?: boolean;
    cordoned?: boolean;
  } = {},
): Node {
  const { ready = true, cordoned = false, gpus = 8, resource = 'nvidia.com/gpu' } = options;
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      uid: `${name}-uid`,
      resourceVersion: '1',
      creationTimestamp: ago(86_400),
      labels: options.labels ?? {
        'nvidia.com/gpu.product': 'NVIDIA-H100-80GB-HBM3',
        'nvidia.com/gpu.memory': '81559',
      },
    },
    spec: { unschedulable: cordoned },
    status: {
      allocatable: { cpu: '64', [resource]: String(gpus) },
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: ago(120) }],
    },
  };
}
