import type { KubeClient } from '../../kube/client.ts';
import { isForbidden } from '../../kube/errors.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { createNodeUsages } from '../node-usages.ts';
import type { InventoryCaches } from '../inventory-caches.ts';
import { type Reachable, readClusterUid } from './cluster-view.ts';

/** The cluster in which Headframe runs: the one that cannot be away, for then nothing could be written about it. */
export type LocalCluster = (log: Logger) => Promise<Reachable>;

/** Call before the informers start. */
export function createLocalCluster(client: KubeClient, caches: InventoryCaches): LocalCluster {
  const usages = createNodeUsages(caches.nodes, caches.pods);
  let uid: string | undefined;
  let isRefused = false;

  /** Asked for until it is known or refused. Without it the inventory is as good; only its twin would not be noticed. */
  async function ownUid(log: Logger): Promise<string | undefined> {
    if (uid === undefined && !isRefused) {
      try {
        uid = await readClusterUid(client);
      } catch (error) {
        isRefused = isForbidden(error);
        log.warn('the namespace kube-system cannot be read: a duplicate of this cluster is not noticed', {
          error,
        });
      }
    }
    return uid;
  }

  return async (log) => ({
    kind: 'reachable',
    uid: await ownUid(log),
    nodes: () => caches.nodes.store.list(),
    usages,
  });
}
