import type { ChainTransaction } from '../../../../src/api/chain-transaction.ts';
import type { KubeClient } from '../../../../src/kube/client.ts';
import { ApiError } from '../../../../src/kube/errors.ts';

/** The ChainTransactions of an API server, and how often they were written. */
export interface ModelStore {
  readonly objects: Map<string, ChainTransaction>;
  /** As far as the outbox uses it. Each verb stops at `turn` before it acts and again before it answers. */
  client(turn: () => Promise<void>): KubeClient;
  writes(): number;
}

export function modelStore(now: () => number): ModelStore {
  const objects = new Map<string, ChainTransaction>();
  let version = 0;
  let writes = 0;

  const put = (object: ChainTransaction): ChainTransaction => {
    writes++;
    const { metadata } = object;
    const stored = { ...object, metadata: { ...metadata, resourceVersion: String(++version) } };
    objects.set(metadata.name, stored);
    return stored;
  };
  const current = (name: string, resourceVersion: string): ChainTransaction => {
    const found = objects.get(name);
    if (found === undefined) {
      throw new ApiError('not found', { code: 404, reason: 'NotFound' });
    }
    if (found.metadata.resourceVersion !== resourceVersion) {
      throw new ApiError('changed', { code: 409, reason: 'Conflict' });
    }
    return found;
  };

  return {
    objects,
    writes: () => writes,
    client(turn) {
      const act = async <T>(operation: () => T): Promise<T> => {
        await turn();
        const result = operation();
        await turn();
        return result;
      };
      const verbs = {
        list: () => act(() => ({ items: [...objects.values()], resourceVersion: String(version) })),
        create: (_: unknown, manifest: ChainTransaction) =>
          act(() => {
            if (objects.has(manifest.metadata.name)) {
              throw new ApiError('taken', { code: 409, reason: 'AlreadyExists' });
            }
            const creationTimestamp = new Date(now()).toISOString();
            return put({
              ...manifest,
              metadata: { ...manifest.metadata, uid: `uid-${version}`, creationTimestamp, generation: 1 },
            });
          }),
        mergePatch: (
          _: unknown,
          { name }: { name: string },
          patch: { metadata: { resourceVersion: string }; spec: Partial<ChainTransaction['spec']> },
        ) =>
          act(() => {
            const found = current(name, patch.metadata.resourceVersion);
            return put({ ...found, spec: { ...found.spec, ...patch.spec } });
          }),
        patchStatus: (_: unknown, { metadata }: ChainTransaction, status: object) =>
          act(() => {
            const found = current(metadata.name, metadata.resourceVersion);
            const merged = Object.entries<unknown>({ ...found.status, ...status }).filter(
              ([, value]) => value !== null,
            );
            return put({
              ...found,
              status: Object.fromEntries(merged) as ChainTransaction['status'] & object,
            });
          }),
        delete: (_: unknown, { name }: { name: string }) =>
          act(() => {
            writes++;
            objects.delete(name);
          }),
      };
      return verbs as unknown as KubeClient;
    },
  };
}
