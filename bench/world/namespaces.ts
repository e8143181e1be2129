import { Pods } from '../../src/api/builtin.ts';
import { isNotFound } from '../../src/kube/errors.ts';
import type { KubeObject, ResourceType } from '../../src/api/kube-object.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { resourcePath, withQuery } from '../../src/kube/path.ts';
import type { Transport } from '../../src/kube/transport.ts';
import { sleep, systemClock } from '../../src/time/clock.ts';
import { named, Namespaces, ServiceAccounts } from './access.ts';

const LOOK_EVERY_MS = 100;

/** Makes a namespace in which pods are admitted: its default service account is there. */
export async function makeNamespace(client: KubeClient, name: string): Promise<void> {
  await client.create(Namespaces, named({ name }, Namespaces));
  for (;;) {
    try {
      await client.get(ServiceAccounts, { namespace: name, name: 'default' });
      return;
    } catch (error) {
      if (!isNotFound(error)) {
        throw error;
      }
      await sleep(systemClock, LOOK_EVERY_MS);
    }
  }
}

/** Deletes the owners of a kind in the namespace, then its pods, and waits until they are gone. */
export async function clearNamespace(
  { transport, client }: { readonly transport: Transport; readonly client: KubeClient },
  namespace: string,
  owners: ResourceType<KubeObject>,
): Promise<void> {
  await deleteAll(transport, owners, namespace);
  // Who makes pods must have seen that their owner is gone before they go.
  await sleep(systemClock, 500);
  for (let left = 1; left > 0;) {
    await deleteAll(transport, Pods, namespace);
    await sleep(systemClock, LOOK_EVERY_MS);
    const { items } = await client.list(Pods, { namespace, limit: 1 });
    left = items.length;
  }
}

async function deleteAll(
  transport: Transport,
  type: ResourceType<KubeObject>,
  namespace: string,
): Promise<void> {
  const query = { gracePeriodSeconds: '0', propagationPolicy: 'Background' };
  const answer = await transport.request({
    method: 'DELETE',
    path: withQuery(resourcePath(type, { namespace }), query),
  });
  // A large collection outlasts the server's own time limit: the next call goes on.
  if (answer.status >= 300 && answer.status !== 504) {
    throw new Error(`cannot delete the ${type.plural} of ${namespace}: ${answer.status} ${answer.body}`);
  }
}
