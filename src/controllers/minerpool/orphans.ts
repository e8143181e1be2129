import { Pods } from '../../api/builtin.ts';
import { LOCAL_CLUSTER } from '../../api/compute-cluster.ts';
import { labels } from '../../api/group.ts';
import type { Immutable } from '../../api/kube-object.ts';
import type { MinerPool } from '../../api/miner-pool.ts';
import type { ReconcileContext } from '../../controller/controller.ts';
import { isNotFound } from '../../kube/errors.ts';
import { BY_POOL, ownerUidInMember } from '../caches.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { KnownClusters } from '../fleet/known-clusters.ts';

/** What removing takes. */
interface OrphanParts {
  readonly fleet: Fleet;
  readonly known: KnownClusters;
  readonly clock: { now(): number };
}

/**
 * Deletes pods in other clusters that were made for a pool of this name that is gone: no garbage collector sees to them. Only those of
 * this very Headframe: another one may have a pool of the name.
 */
export async function removeOrphans(
  key: string,
  pool: Immutable<MinerPool> | undefined,
  { fleet, known, clock }: OrphanParts,
  { log, signal }: Pick<ReconcileContext, 'log' | 'signal'>,
): Promise<void> {
  for (const { name, view } of known.all(clock.now())) {
    if (name === LOCAL_CLUSTER || view.kind !== 'reachable') {
      continue;
    }
    const orphans = view.pods
      .byIndex(BY_POOL, key)
      .filter(
        (pod) => ownerUidInMember(pod) !== pool?.metadata.uid && pod.metadata.deletionTimestamp === undefined,
      );
    const home = orphans.length === 0 ? undefined : await fleet.homeUid(log);
    for (const { metadata } of orphans) {
      if (home === undefined || metadata.labels?.[labels.home] !== home) {
        continue;
      }
      signal.throwIfAborted();
      log.info('deleting a pod of a pool that is gone', { computeCluster: name, pod: metadata.name });
      await view.client.delete(Pods, metadata, { uid: metadata.uid }).catch(unlessGone);
    }
  }
}

function unlessGone(error: unknown): void {
  if (!isNotFound(error)) {
    throw error;
  }
}
