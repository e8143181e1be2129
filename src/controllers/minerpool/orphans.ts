import { type Pod, Pods } from '../../api/builtin.ts';
import { LOCAL_CLUSTER } from '../../api/compute-cluster.ts';
import { labels } from '../../api/group.ts';
import type { Immutable } from '../../api/kube-object.ts';
import type { MinerPool } from '../../api/miner-pool.ts';
import type { ReconcileContext } from '../../controller/controller.ts';
import type { KubeClient } from '../../kube/client.ts';
import { ApiError, isNotFound } from '../../kube/errors.ts';
import type { EventDetails } from '../../kube/event-recorder.ts';
import { BY_POOL, ownerUidInMember } from '../caches.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { KnownClusters } from '../fleet/known-clusters.ts';
import { plural } from './plural.ts';

/** What removing takes. */
interface OrphanParts {
  readonly fleet: Fleet;
  readonly known: Pick<KnownClusters, 'counted'>;
}

/** Orphans of one cluster that could not be deleted. */
export interface OrphansLeft {
  readonly cluster: string;
  /** Names of the pods, sorted. */
  readonly pods: readonly string[];
  /** What the API server said of the first. */
  readonly message: string;
}

/** How soon it is tried again. */
export const ORPHANS_RETRY_MS = 30_000;

/**
 * Deletes pods in other clusters that were made for a pool of this name that is gone: no garbage collector sees to them. Only those of
 * this very Headframe: another one may have a pool of the name. What one API server refuses keeps nobody from the rest.
 * @returns what could not be deleted
 */
export async function removeOrphans(
  key: string,
  pool: Immutable<MinerPool> | undefined,
  { fleet, known }: OrphanParts,
  { log, signal }: Pick<ReconcileContext, 'log' | 'signal'>,
): Promise<readonly OrphansLeft[]> {
  const left: OrphansLeft[] = [];
  for (const { name, view } of known.counted()) {
    if (name === LOCAL_CLUSTER || view.kind !== 'reachable') {
      continue;
    }
    const orphans = view.pods
      .byIndex(BY_POOL, key)
      .filter(
        (pod) => ownerUidInMember(pod) !== pool?.metadata.uid && pod.metadata.deletionTimestamp === undefined,
      );
    const home = orphans.length === 0 ? undefined : await fleet.homeUid(log);
    const failed: { pod: string; message: string }[] = [];
    for (const { metadata } of orphans) {
      if (home === undefined || metadata.labels?.[labels.home] !== home) {
        continue;
      }
      signal.throwIfAborted();
      log.info('deleting a pod of a pool that is gone', { computeCluster: name, pod: metadata.name });
      const error = await deletion(view.client, metadata);
      if (error !== undefined) {
        log.warn('a pod of a pool that is gone could not be deleted', {
          computeCluster: name,
          pod: metadata.name,
          error,
        });
        failed.push({ pod: metadata.name, message: error.message });
      }
    }
    if (failed[0] !== undefined) {
      const { message } = failed[0];
      left.push({ cluster: name, pods: failed.map(({ pod }) => pod).sort(), message });
    }
  }
  return left;
}

/** What the API server has against it; undefined when the pod is gone, or going. */
async function deletion(
  client: KubeClient,
  metadata: Immutable<Pod>['metadata'],
): Promise<ApiError | undefined> {
  try {
    await client.delete(Pods, metadata, { uid: metadata.uid });
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiError)) {
      throw error;
    }
    return isNotFound(error) ? undefined : error;
  }
}

/** What the pool of the name is told of orphans that are still there. Pure. */
export function orphanEvents(left: readonly OrphansLeft[]): readonly EventDetails[] {
  return left.map(({ cluster, pods: [first = '', ...more], message }) => ({
    type: 'Warning',
    reason: 'OrphansNotDeleted',
    action: 'DeletePods',
    note: `${first}${more.length === 0 ? '' : ` and ${plural(more.length, 'other pod')}`} of a former pool of this name could not be deleted in cluster ${cluster}: ${message}; delete them there, or let Headframe delete pods. It tries again every ${ORPHANS_RETRY_MS / 1000} s`,
  }));
}
