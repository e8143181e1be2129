import type { Pod } from '../../api/builtin.ts';
import { labels } from '../../api/group.ts';
import { type Immutable, controllerOf, joinKey, keyOf } from '../../api/kube-object.ts';
import type { MinerPool } from '../../api/miner-pool.ts';
import type { Informer } from '../../kube/informer.ts';

/** The names of pools, `namespace/name`, by UID: of those that there are, and of those that are gone and still have pods. */
export type PoolNames = ReadonlyMap<string, string>;

/** Remembers whose pods are whose for as long as there are any. */
export interface KnownPools {
  readonly names: PoolNames;
  /**
   * Forgets the pools that are gone and of which `hasPods` says that nothing is left: no pod in any cluster, and none that was deleted
   * and is not booked yet.
   */
  prune(hasPods: (uid: string) => boolean): void;
}

/**
 * Call before the informers start.
 * @param pods of the cluster in which the pools are
 */
export function knownPools(pools: Informer<MinerPool>, pods: Informer<Pod>): KnownPools {
  const names = new Map<string, string>();
  const gone = new Set<string>();
  pools.onChange((change) => {
    const { uid } = change.object.metadata;
    names.set(uid, keyOf(change.object));
    if (change.type === 'deleted') {
      gone.add(uid);
    } else {
      gone.delete(uid);
    }
    if (change.type === 'updated' && change.previous.metadata.uid !== uid) {
      gone.add(change.previous.metadata.uid);
    }
  });
  // A pool that was deleted while no operator ran is gone at once, its pods when they have ended. In other clusters a finalizer waits for them.
  pods.onChange(({ type, object }) => {
    const owner = type === 'added' ? controllerOf(object) : undefined;
    if (owner?.kind === 'MinerPool' && !names.has(owner.uid)) {
      names.set(owner.uid, joinKey({ namespace: object.metadata.namespace, name: owner.name }));
      gone.add(owner.uid);
    }
  });
  return {
    names,
    prune(hasPods) {
      for (const uid of gone) {
        if (!hasPods(uid)) {
          gone.delete(uid);
          names.delete(uid);
        }
      }
    },
  };
}

/** UID of the pool that the pod belongs to: its owner, or in another cluster, in which no pool is, its label. */
export function poolUidOf(pod: Immutable<Pod>): string | undefined {
  const owner = controllerOf(pod);
  return owner?.kind === 'MinerPool' ? owner.uid : pod.metadata.labels?.[labels.poolUid];
}
