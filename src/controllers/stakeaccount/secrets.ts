import { type Secret, Secrets } from '../../api/builtin.ts';
import type { Immutable } from '../../api/kube-object.ts';
import { type SecretKey, encodedEntry } from '../../api/secret-key.ts';
import type { KubeClient } from '../../kube/client.ts';
import { isForbidden, isNotFound } from '../../kube/errors.ts';

/** A Secret, or an entry of it, is not there or may not be read. The message names both, and never what is in them. */
export class SecretProblem extends Error {
  override readonly name = 'SecretProblem';
}

/** Reads Secrets of one namespace, each once however many entries are asked for. Made anew for each look. */
export interface SignerSecrets {
  /** Which versions of these Secrets there are now: the same text while nobody has written them. @throws as {@link bytes} */
  version(names: readonly string[]): Promise<string>;
  /** The bytes of an entry. @throws SecretProblem; ApiError when the server cannot be asked */
  bytes(from: Immutable<SecretKey>): Promise<Buffer>;
}

export function signerSecrets(client: KubeClient, namespace: string): SignerSecrets {
  const known = new Map<string, Promise<Secret>>();

  async function read(name: string): Promise<Secret> {
    try {
      return await client.get(Secrets, { namespace, name });
    } catch (error) {
      if (isNotFound(error)) {
        throw new SecretProblem(`there is no Secret ${namespace}/${name}`);
      }
      if (isForbidden(error)) {
        throw new SecretProblem(
          `Secret ${namespace}/${name} may not be read: allow it with rbac.stakeAccountNamespaces of the chart, or a Role of your own`,
        );
      }
      throw error;
    }
  }

  function once(name: string): Promise<Secret> {
    const reading = known.get(name) ?? read(name);
    known.set(name, reading);
    return reading;
  }

  return {
    async version(names) {
      const secrets = await Promise.all(names.map(once));
      return JSON.stringify(secrets.map(({ metadata }) => [metadata.uid, metadata.resourceVersion]));
    },
    async bytes({ name, key }) {
      const { data } = await once(name);
      const encoded = encodedEntry(data, key);
      if (encoded === undefined) {
        throw new SecretProblem(`Secret ${namespace}/${name} has nothing under the key '${key}'`);
      }
      return Buffer.from(encoded, 'base64');
    },
  };
}
