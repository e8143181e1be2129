import { Secrets } from '../../api/builtin.ts';
import type { KubeconfigSource } from '../../api/cluster-connection.ts';
import type { Immutable } from '../../api/kube-object.ts';
import { encodedEntry } from '../../api/secret-key.ts';
import type { KubeClient } from '../../kube/client.ts';
import { isNotFound } from '../../kube/errors.ts';
import type { Away } from './cluster-view.ts';

/** What a look at the Secret gave. `unreadable`: nobody knows what is in it, which says nothing against what was. */
export type SecretLook =
  | { readonly kind: 'text'; readonly text: string; readonly source: string }
  | (Away & { readonly isUnreadable: boolean });

/**
 * Reads the kubeconfig out of its Secret, by name and with nothing kept of it.
 * @param client of the cluster in which Headframe runs
 * @param namespace in which Headframe runs
 */
export async function readKubeconfig(
  client: KubeClient,
  namespace: string,
  { secretRef: { name, key } }: Immutable<KubeconfigSource>,
): Promise<SecretLook> {
  const source = `key ${key} of Secret ${namespace}/${name}`;
  let data: Record<string, string> | undefined;
  try {
    ({ data } = await client.get(Secrets, { namespace, name }));
  } catch (error) {
    return isNotFound(error)
      ? missing(`there is no Secret ${namespace}/${name}`)
      : unreadable(`Secret ${namespace}/${name} cannot be read: ${(error as Error).message}`);
  }
  const encoded = encodedEntry(data, key);
  return encoded === undefined
    ? missing(`there is no ${source}`)
    : { kind: 'text', text: Buffer.from(encoded, 'base64').toString('utf8'), source };
}

function missing(message: string): SecretLook {
  return { kind: 'away', reason: 'SecretNotFound', message, isUnreadable: false };
}

function unreadable(message: string): SecretLook {
  return { kind: 'away', reason: 'SecretUnreadable', message, isUnreadable: true };
}
