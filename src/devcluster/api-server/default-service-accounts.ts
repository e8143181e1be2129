import { randomUUID } from 'node:crypto';
import { rfc3339, type Clock } from '../../time/clock.ts';
import type { Store } from './storage/store.ts';

/**
 * Gives every namespace the service account `default`, which pods run as when they name none, as a controller of the real
 * control plane does. Returns the way to end it.
 */
export function startDefaultServiceAccounts(store: Store, clock: Clock): () => void {
  const accounts = store.collection('serviceaccounts');
  const create = (namespace: string): void => {
    if (accounts.get(`${namespace}/default`) === undefined) {
      accounts.put({
        kind: 'ServiceAccount',
        apiVersion: 'v1',
        metadata: {
          name: 'default',
          namespace,
          uid: randomUUID(),
          creationTimestamp: rfc3339(clock.now()),
        },
      });
    }
  };
  const namespaces = store.collection('namespaces');
  const due = new Set<NodeJS.Immediate>();
  for (const { name } of namespaces.records()) {
    create(name);
  }
  const stop = namespaces.listen(({ previous, current }) => {
    if (previous !== undefined || current === undefined) {
      return;
    }
    // A listener must not write: others have not been told of the namespace yet.
    const immediate = setImmediate(() => {
      due.delete(immediate);
      if (namespaces.get(current.key) !== undefined) {
        create(current.name);
      }
    });
    due.add(immediate);
  });
  return () => {
    stop();
    due.forEach((immediate) => clearImmediate(immediate));
  };
}
