import type { ControllerRevision } from '../../api/builtin.ts';
import { type Immutable, controllerOf, joinKey, splitKey } from '../../api/kube-object.ts';
import type { MinerPool } from '../../api/miner-pool.ts';
import { gpuSupply } from '../../compute/gpu-supply.ts';
import { notReadySince } from '../../compute/node-gpus.ts';
import { BY_OWNER, type Caches, nodeUsages } from '../caches.ts';
import { gpuDemand, templateRequirements } from './demand.ts';
import type { Observed } from './observed.ts';
import { podSource } from './revision.ts';

/** Reads everything about a pool from the caches, and writes nothing. Undefined when there is no such pool. */
export function observe(key: string, caches: Caches): Observed | undefined {
  const pool = caches.pools.store.get(key);
  if (pool === undefined) {
    return undefined;
  }
  const { namespace } = splitKey(key);
  const usages = [...nodeUsages(caches.nodes.store, caches.pods.store)];
  const source = podSource(pool);
  return {
    pool,
    pods: caches.pods.store.byIndex(BY_OWNER, pool.metadata.uid),
    podNamed: (name) => {
      const pod = caches.pods.store.get(joinKey({ namespace, name }));
      return pod === undefined || controllerOf(pod)?.uid === pool.metadata.uid ? undefined : pod;
    },
    revisions: revisionsOf(pool, caches),
    supply: gpuSupply(gpuDemand(pool.spec.gpus), usages, templateRequirements(source)),
    products: [...new Set(usages.map(({ gpus }) => gpus.unit.product))].sort(),
    notReadySince: (name) => {
      const node = caches.nodes.store.get(name);
      return node === undefined ? 'gone' : notReadySince(node);
    },
  };
}

function revisionsOf(
  pool: Immutable<MinerPool>,
  { revisions }: Caches,
): readonly Immutable<ControllerRevision>[] {
  return revisions.store.byIndex(BY_OWNER, pool.metadata.uid);
}
