import type { ControllerRevision } from '../../api/builtin.ts';
import { type Immutable, controllerOf, joinKey, splitKey } from '../../api/kube-object.ts';
import { type MinerPool, MinerPoolSpec } from '../../api/miner-pool.ts';
import { TerminalError } from '../../controller/controller.ts';
import { gpuSupply } from '../../compute/gpu-supply.ts';
import type { NodeUsage } from '../../compute/inventory.ts';
import { BY_OWNER, type Caches } from '../caches.ts';
import type { NodeUsages } from '../fleet/node-usages.ts';
import { gpuDemand, templateRequirements } from './demand.ts';
import type { AwaySince } from '../fleet/node-absence.ts';
import type { Observed } from './observed.ts';
import { podSource } from './revision.ts';

/** What is known of the nodes. */
export interface NodeFacts {
  readonly awaySince: AwaySince;
  readonly usages: NodeUsages;
}

/** Reads everything about a pool from the caches, and writes nothing. Undefined when there is no such pool. */
export function observe(key: string, caches: Caches, nodes: NodeFacts): Observed | undefined {
  const cached = caches.pools.store.get(key);
  if (cached === undefined) {
    return undefined;
  }
  const pool = complete(cached);
  const { namespace } = splitKey(key);
  const usages = nodes.usages();
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
    products: productsOf(usages),
    awaySince: nodes.awaySince,
  };
}

function revisionsOf(
  pool: Immutable<MinerPool>,
  { revisions }: Caches,
): readonly Immutable<ControllerRevision>[] {
  return revisions.store.byIndex(BY_OWNER, pool.metadata.uid);
}

const knownProducts = new WeakMap<readonly NodeUsage[], readonly string[]>();

function productsOf(usages: readonly NodeUsage[]): readonly string[] {
  const products =
    knownProducts.get(usages) ?? [...new Set(usages.map(({ gpus }) => gpus.unit.product))].sort();
  knownProducts.set(usages, products);
  return products;
}

const completed = new WeakMap<Immutable<MinerPool>, Immutable<MinerPool>>();

/**
 * The pool with all defaults: one stored before a field existed lacks it until somebody writes it again.
 * @throws TerminalError when the spec is none that today's schema allows
 */
function complete(pool: Immutable<MinerPool>): Immutable<MinerPool> {
  // An object of a cache never changes, and a pool is looked at for every batch of changes of its pods.
  const known = completed.get(pool);
  if (known !== undefined) {
    return known;
  }
  const spec = MinerPoolSpec.safeParse(pool.spec);
  if (!spec.success) {
    const issues = spec.error.issues.map(({ path, message }) => `spec.${path.join('.')}: ${message}`);
    throw new TerminalError(
      `the spec is not valid: ${issues.join('; ')}; apply it again as the reference describes it`,
    );
  }
  const whole = { ...pool, spec: spec.data };
  completed.set(pool, whole);
  return whole;
}
