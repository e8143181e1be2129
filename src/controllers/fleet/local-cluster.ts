import type { KubeClient } from '../../kube/client.ts';
import { isForbidden } from '../../kube/errors.ts';
import type { Logger } from '../../telemetry/logger.ts';
import type { Clock } from '../../time/clock.ts';
import { nodeAbsence } from './node-absence.ts';
import { createNodeUsages } from './node-usages.ts';
import type { InventoryCaches } from './inventory-caches.ts';
import { type Reachable, readClusterUid } from './cluster-view.ts';

/** The cluster in which Headframe runs: the one that cannot be away, for then nothing could be written about it. */
export interface LocalCluster {
  readonly view: Reachable;
  /**
   * UID of its namespace kube-system. Asked for until it is known; after a refusal not again for a minute. Without it the inventory is as
   * good; only its twin would not be noticed, no pods are made in other clusters, and none is known as ours there.
   */
  uid(log: Logger): Promise<string | undefined>;
}

/** A right that is missing is granted by people. */
const REFUSED_MS = 60_000;

/** Call before the informers start. */
export function createLocalCluster(
  client: KubeClient,
  { nodes, pods }: InventoryCaches,
  clock: Pick<Clock, 'now' | 'monotonic'>,
): LocalCluster {
  let uid: string | undefined;
  let refusedAt = -Infinity;
  return {
    view: {
      kind: 'reachable',
      get uid() {
        return uid;
      },
      nodes: () => nodes.store.list(),
      usages: createNodeUsages(nodes, pods),
      pods: pods.store,
      awaySince: nodeAbsence(nodes, clock),
      client,
      session: 0,
    },
    async uid(log) {
      if (uid === undefined && clock.monotonic() - refusedAt >= REFUSED_MS) {
        try {
          uid = await readClusterUid(client);
        } catch (error) {
          refusedAt = isForbidden(error) ? clock.monotonic() : refusedAt;
          log.warn(
            'the namespace kube-system cannot be read: a duplicate of this cluster is not noticed, and no pods are made in others',
            { error },
          );
        }
      }
      return uid;
    },
  };
}
