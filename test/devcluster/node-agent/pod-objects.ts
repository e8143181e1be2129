import type { Container, Pod, PodSpec, PodStatus } from '../../../src/api/builtin.ts';
import type { ContainerRecord } from '../../../src/devcluster/node-agent/container-record.ts';

/** A pod as the API server serves it, with the parts a test speaks of. */
export function podOf(spec: Partial<PodSpec> = {}, status?: PodStatus): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'miner-0',
      namespace: 'mines',
      uid: 'uid-1',
      resourceVersion: '1',
      creationTimestamp: '2026-01-01T00:00:00Z',
      labels: { app: 'miner', tier: 'gpu' },
      annotations: { note: 'two words' },
    },
    spec: { containers: [container()], nodeName: 'rack-a', ...spec },
    ...(status === undefined ? {} : { status }),
  };
}

export function container(fields: Partial<Container> = {}): Container {
  return { name: 'main', image: 'busybox', ...fields };
}

export function record(fields: Partial<ContainerRecord> = {}): ContainerRecord {
  return {
    name: 'main',
    image: 'busybox',
    kind: 'main',
    state: { waiting: { reason: 'ContainerCreating' } },
    restartCount: 0,
    started: false,
    ready: false,
    ...fields,
  };
}

const startedAt = '2026-01-01T00:00:00Z';

export const running: Partial<ContainerRecord> = {
  state: { running: { startedAt } },
  started: true,
  ready: true,
};

export function ended(exitCode: number): Partial<ContainerRecord> {
  const reason = exitCode === 0 ? 'Completed' : 'Error';
  return { state: { terminated: { exitCode, reason, startedAt, finishedAt: startedAt } } };
}
