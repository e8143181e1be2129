import type { Pod } from '../../src/api/builtin.ts';
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
