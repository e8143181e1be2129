import { type ComputeCluster, LOCAL_CLUSTER } from '../../api/compute-cluster.ts';
import { findCondition } from '../../api/conditions.ts';
import { type Immutable, joinKey, splitKey } from '../../api/kube-object.ts';
import { type MinerPool, MinerPoolSpec } from '../../api/miner-pool.ts';
import type { StakeAccount } from '../../api/stake-account.ts';
import { TerminalError } from '../../controller/controller.ts';
import { gpuSupply } from '../../compute/gpu-supply.ts';
import type { NodeUsage } from '../../compute/inventory.ts';
import { BY_OWNER, type Caches, ownerUidHere, ownerUidInMember } from '../caches.ts';
import type { ClusterView, Reachable } from '../fleet/cluster-view.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { type GuestTerms, freeTerms, guestTermsOf } from '../fleet/guest-terms.ts';
import type { KnownCluster, KnownClusters } from '../fleet/known-clusters.ts';
import type { PoolUsage } from '../boards/pool-usage.ts';
import type { Assumed } from './assumed.ts';
import { gpuDemand, templateRequirements } from './demand.ts';
import type { Observed, Site } from './observed.ts';
import { placingGrounds } from './placing-grounds.ts';
import type { ClusterState } from './placing.ts';
import { type RefusingClusters, withRefusals } from './refusing-clusters.ts';
import { podSource, revisionName } from './revision.ts';

/** What a pool is seen with. */
export interface Sources {
  readonly caches: Pick<Caches, 'accounts' | 'pools' | 'revisions'>;
  readonly fleet: Fleet;
  readonly known: KnownClusters;
  readonly assumed: Assumed;
  readonly refusing: RefusingClusters;
  /** @default nobody knows how busy GPUs are */
  readonly usage?: PoolUsage;
}

/**
 * Reads everything about a pool from the caches, and writes nothing. Undefined when there is no such pool.
 * @param now milliseconds since 1970
 */
export function observe(key: string, sources: Sources, now: number): Observed | undefined {
  const { caches, fleet, known } = sources;
  const cached = caches.pools.store.get(key);
  if (cached === undefined) {
    return undefined;
  }
  const pool = complete(cached);
  const clusters = known.all(now);
  const local = clusters.find(({ name }) => name === LOCAL_CLUSTER);
  const states = new Map(clusters.map(({ name, cluster, view }) => [name, stateOf(cluster, view, now)]));
  const grounds = placingGrounds(pool, clusters, sources.assumed.besides(key, fleet));
  const revision = revisionName(pool.metadata.name, podSource(pool));
  const refused = sources.refusing.of(pool, revision, now);
  const { namespace } = splitKey(key);
  const localView = fleet.view(LOCAL_CLUSTER);
  const usages = localUsages(local, localView);
  const members = clusters.filter(({ name }) => name !== LOCAL_CLUSTER);
  return {
    pool,
    sites: [
      ...siteIn(LOCAL_CLUSTER, localView, local === undefined ? freeTerms : guestTermsOf(local, now)),
      ...members.flatMap((member) => siteIn(member.name, member.view, guestTermsOf(member, now))),
    ],
    clusters: states,
    renamed: new Map(clusters.flatMap(({ name, twins }) => twins.map((twin) => [twin, name] as const))),
    revisions: caches.revisions.store.byIndex(BY_OWNER, pool.metadata.uid),
    supply: gpuSupply(gpuDemand(pool.spec.gpus), usages, templateRequirements(podSource(pool))),
    products: productsOf(usages),
    placing: grounds && {
      ...grounds,
      offers: withRefusals(grounds.offers, refused, now),
      clusters: states,
    },
    account: accountOf(pool, caches),
    idleness: sources.usage?.idleness(pool.metadata.uid),
  };

  function siteIn(cluster: string, view: ClusterView, terms: GuestTerms): readonly Site[] {
    return view.kind === 'reachable' ? [siteOf(cluster, view, terms)] : [];
  }

  function siteOf(cluster: string, { pods, awaySince }: Reachable, terms: GuestTerms): Site {
    const ownerUid = cluster === LOCAL_CLUSTER ? ownerUidHere : ownerUidInMember;
    return {
      cluster,
      pods: pods.byIndex(BY_OWNER, pool.metadata.uid),
      podNamed(name) {
        const pod = pods.get(joinKey({ namespace, name }));
        return pod === undefined || ownerUid(pod) === pool.metadata.uid ? undefined : pod;
      },
      awaySince,
      terms,
    };
  }
}

function accountOf(
  { metadata, spec }: Immutable<MinerPool>,
  { accounts }: Sources['caches'],
): Immutable<StakeAccount> | undefined {
  const name = spec.stake?.accountRef.name;
  return name === undefined
    ? undefined
    : accounts.store.get(joinKey({ namespace: metadata.namespace, name }));
}

function localUsages(local: KnownCluster | undefined, view: ClusterView): readonly NodeUsage[] {
  return local?.terms?.usages ?? (view.kind === 'reachable' ? view.usages() : []);
}

/** Since when a cluster is away is written in its status: it is known also to an operator that has just started. */
function stateOf({ status }: Immutable<ComputeCluster>, view: ClusterView, now: number): ClusterState {
  if (view.kind !== 'away') {
    return { kind: view.kind };
  }
  const reachable = findCondition(status?.conditions, 'Reachable');
  return {
    kind: 'away',
    since: reachable?.status === 'False' ? Date.parse(reachable.lastTransitionTime) : now,
  };
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
