import { Secrets } from '../../api/builtin.ts';
import type { Immutable } from '../../api/kube-object.ts';
import type { Reason } from '../../api/reasons.ts';
import { type SecretKey, encodedEntry } from '../../api/secret-key.ts';
import type { KubeClient } from '../../kube/client.ts';
import { isNotFound } from '../../kube/errors.ts';

/** Why an endpoint cannot be connected to. The message has nothing of a Secret but its name and key. */
export interface SecretProblem {
  readonly reason: Reason;
  readonly message: string;
  /** Nobody knows what is in the Secret, which says nothing against what was. */
  readonly isUnreadable: boolean;
}

/** The text of an entry, or why there is none. */
export type SecretEntry = { readonly text: string; readonly source: string } | SecretProblem;

/** Reads entries of Secrets by name, each Secret once, with nothing kept. */
export type ReadEntry = (key: Immutable<SecretKey>) => Promise<SecretEntry>;

/**
 * @param client of the cluster in which Headframe runs
 * @param namespace in which Headframe runs
 */
export function entryReader(client: KubeClient, namespace: string): ReadEntry {
  type Data = Readonly<Record<string, string>> | SecretProblem;
  const known = new Map<string, Promise<Data>>();

  async function read(name: string): Promise<Data> {
    try {
      return (await client.get(Secrets, { namespace, name })).data ?? {};
    } catch (error) {
      return isNotFound(error)
        ? missing(`there is no Secret ${namespace}/${name}: create it`)
        : {
            reason: 'NetworkSecretUnreadable',
            message: `Secret ${namespace}/${name} cannot be read: ${(error as Error).message}`,
            isUnreadable: true,
          };
    }
  }

  return async ({ name, key }) => {
    const reading = known.get(name) ?? read(name);
    known.set(name, reading);
    const data = await reading;
    if (isProblem(data)) {
      return data;
    }
    const source = `key ${key} of Secret ${namespace}/${name}`;
    const text = Buffer.from(encodedEntry(data, key) ?? '', 'base64')
      .toString('utf8')
      .trim();
    return text === '' ? missing(`there is no ${source}, or it is empty: set it`) : { text, source };
  };
}

export function isProblem(value: object): value is SecretProblem {
  return typeof (value as Partial<SecretProblem>).isUnreadable === 'boolean';
}

function missing(message: string): SecretProblem {
  return { reason: 'NetworkSecretMissing', message, isUnreadable: false };
}
