import type { ControllerRevision } from '../../api/builtin.ts';
import { type Immutable, controllerOf, joinKey, splitKey } from '../../api/kube-object.ts';
import { type MinerPool, MinerPoolSpec } from '../../api/miner-pool.ts';
import { TerminalError } from '../../controller/controller.ts';
import { gpuSupply } from '../../compute/gpu-supply.ts';
import { BY_OWNER, type Caches, nodeUsages } from '../caches.ts';
import { gpuDemand, templateRequirements } from './demand.ts';
import type { AwaySince } from './node-absence.ts';
import type { Observed } from './observed.ts';
import { podSource } from './revision.ts';

/** Reads everything about a pool from the caches, and writes nothing. Undefined when there is no such pool. */
export function observe(key: string, caches: Caches, awaySince: AwaySince): Observed | undefined {
  const cached = caches.pools.store.get(key);
  if (cached === undefined) {
    return undefined;
  }
  const pool = complete(cached);
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
    awaySince,
  };
}

function revisionsOf(
  pool: Immutable<MinerPool>,
  { revisions }: Caches,
): readonly Immutable<ControllerRevision>[] {
  return revisions.store.byIndex(BY_OWNER, pool.metadata.uid);
}

/**
 * The pool with all defaults: one stored before a field existed lacks it until somebody writes it again.
 * @throws TerminalError when the spec is none that today's schema allows
 */
function complete(pool: Immutable<MinerPool>): Immutable<MinerPool> {
  const spec = MinerPoolSpec.safeParse(pool.spec);
  if (!spec.success) {
    const issues = spec.error.issues.map(({ path, message }) => `spec.${path.join('.')}: ${message}`);
    throw new TerminalError(
      `the spec is not valid: ${issues.join('; ')}; apply it again as the reference describes it`,
    );
  }
  return { ...pool, spec: spec.data };
}
