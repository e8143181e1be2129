import type { KubeClient } from './client.ts';

/** A write was not sent because this process may not lead any more. */
export class FencedError extends Error {
  override readonly name = 'FencedError';
}

/**
 * A client that sends no write unless `mayWrite` says so at that very moment. A process that was frozen while somebody else took the
 * lease wakes up in the middle of a reconcile, before any timer of its own has fired: its next write ends here.
 */
export function fencedClient(client: KubeClient, mayWrite: () => boolean): KubeClient {
  async function fenced<T>(write: () => Promise<T>): Promise<T> {
    if (!mayWrite()) {
      throw new FencedError('not written: this process does not hold the lease');
    }
    return write();
  }
  return {
    get: (type, key) => client.get(type, key),
    list: (type, options) => client.list(type, options),
    readPod: (pod, port, limits) => client.readPod(pod, port, limits),
    create: (type, manifest) => fenced(() => client.create(type, manifest)),
    replace: (type, manifest) => fenced(() => client.replace(type, manifest)),
    delete: (type, key, options) => fenced(() => client.delete(type, key, options)),
    apply: (type, manifest, options) => fenced(() => client.apply(type, manifest, options)),
    mergePatch: (type, key, patch) => fenced(() => client.mergePatch(type, key, patch)),
    patchStatus: (type, object, status) => fenced(() => client.patchStatus(type, object, status)),
  };
}
