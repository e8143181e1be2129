import { randomUUID } from 'node:crypto';
import { rfc3339, type Clock } from '../../time/clock.ts';
import type { Store } from './storage/store.ts';

const NAMES = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];

/** The namespaces that every cluster starts with. */
export function createDefaultNamespaces(store: Store, clock: Clock): void {
  for (const name of NAMES) {
    store.collection('namespaces').put({
      kind: 'Namespace',
      apiVersion: 'v1',
      metadata: {
        name,
        uid: randomUUID(),
        creationTimestamp: rfc3339(clock.now()),
        labels: { 'kubernetes.io/metadata.name': name },
      },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    });
  }
}
