import { keyOf } from '../../api/kube-object.ts';
import type { MinerPool } from '../../api/miner-pool.ts';
import type { Informer } from '../../kube/informer.ts';
import type { PoolNames } from './observe.ts';

/** Remembers whose pods are whose for as long as there are any. */
export interface KnownPools {
  readonly names: PoolNames;
  /** Forgets the pools that are gone and of which `hasPods` says that they have no pod any more. */
  prune(hasPods: (uid: string) => boolean): void;
}

/** Call before the informer starts. */
export function knownPools(pools: Informer<MinerPool>): KnownPools {
  const names = new Map<string, string>();
  const gone = new Set<string>();
  pools.onChange((change) => {
    const { uid } = change.object.metadata;
    names.set(uid, keyOf(change.object));
    if (change.type === 'deleted') {
      gone.add(uid);
    } else if (change.type === 'updated' && change.previous.metadata.uid !== uid) {
      gone.add(change.previous.metadata.uid);
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
