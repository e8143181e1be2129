import { isDeepStrictEqual } from 'node:util';
import { type Pod, Pods } from '../../api/builtin.ts';
import { type ComputeCluster, ComputeClusters, LOCAL_CLUSTER } from '../../api/compute-cluster.ts';
import type { Immutable } from '../../api/kube-object.ts';
import { type ReconcileContext, type Result, after, done } from '../../controller/controller.ts';
import { slowStart } from '../../controller/slow-start.ts';
import type { KubeClient } from '../../kube/client.ts';
import { isNotFound } from '../../kube/errors.ts';
import type { Clock } from '../../time/clock.ts';
import type { Caches } from '../caches.ts';
import type { Reachable } from '../fleet/cluster-view.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { poolsIn } from '../fleet/identity.ts';
import { countedBy } from '../fleet/twins.ts';
import { farewellOf } from './farewell.ts';
import { MEMBER_WRITES } from './give-back.ts';
import { letGo } from './hold.ts';
import { withheldStatus } from './withheld.ts';

/** What a farewell takes. */
interface FarewellParts {
  readonly client: KubeClient;
  readonly fleet: Fleet;
  readonly caches: Pick<Caches, 'clusters' | 'pools'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** Pods that are bound to no node go without a sign, so one looks again. */
const LOOK_AGAIN_MS = 2000;

/** Sees to it that nothing of ours is left in a cluster whose ComputeCluster is being deleted, and lets that go then. */
export async function bidFarewell(
  cluster: Immutable<ComputeCluster>,
  { client, fleet, caches, clock }: FarewellParts,
  { log, signal }: Pick<ReconcileContext, 'log' | 'signal'>,
): Promise<Result> {
  const { name } = cluster.metadata;
  const view = await fleet.look(cluster, log);
  const counted = countedBy(caches.clusters.store.list(), (other) =>
    other === name ? view : fleet.view(other),
  );
  const heir = counted.get(name);
  const farewell = farewellOf(cluster, {
    view,
    home: await fleet.homeUid(log),
    // Where Headframe runs, pods are owned otherwise: none can change hands.
    heir: heir === LOCAL_CLUSTER ? undefined : heir,
    pools: poolsIn(name, { pools: caches.pools.store }),
  });
  if (farewell.kind === 'over') {
    await letGo(cluster, client);
    return done;
  }
  const status = withheldStatus(cluster, farewell.why, clock.now());
  if (!isDeepStrictEqual(status, cluster.status)) {
    await client.patchStatus(ComputeClusters, cluster, status);
  }
  if (view.kind === 'reachable') {
    await sendAway(farewell.pods, view, signal);
  }
  return after(LOOK_AGAIN_MS);
}

/** Deletes what is not on its way out yet. The first error ends it, and is thrown: what is left to do is found again. */
async function sendAway(
  pods: readonly Immutable<Pod>[],
  { client }: Reachable,
  signal: AbortSignal,
): Promise<void> {
  const staying = pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const { error } = await slowStart(staying, (pod) => remove(pod, client), {
    maxInFlight: () => MEMBER_WRITES,
    signal,
  });
  if (error !== undefined) {
    throw error;
  }
}

async function remove({ metadata }: Immutable<Pod>, client: KubeClient): Promise<void> {
  try {
    await client.delete(Pods, metadata, { uid: metadata.uid });
  } catch (error) {
    if (!isNotFound(error)) {
      throw error;
    }
  }
}
