import type { KubeClient } from '../../../src/kube/client.ts';

/** A client that counts what it writes to objects of the engine. */
export function countingClient(client: KubeClient): { client: KubeClient; writes: () => number } {
  let writes = 0;
  const counted: KubeClient = {
    ...client,
    create: (type, manifest) => {
      writes += type.kind === 'ChainTransaction' ? 1 : 0;
      return client.create(type, manifest);
    },
    mergePatch: (type, key, patch) => {
      writes++;
      return client.mergePatch(type, key, patch);
    },
    patchStatus: (type, object, status) => {
      writes++;
      return client.patchStatus(type, object, status);
    },
    delete: (type, key, options) => {
      writes++;
      return client.delete(type, key, options);
    },
  };
  return { client: counted, writes: () => writes };
}
