import { isDeepStrictEqual } from 'node:util';
import { type Pod, Pods } from '../../api/builtin.ts';
import { type ComputeCluster, ComputeClusters } from '../../api/compute-cluster.ts';
import { annotations, finalizers } from '../../api/group.ts';
import type { Immutable } from '../../api/kube-object.ts';
import { type Result, after, done } from '../../controller/controller.ts';
import type { KubeClient } from '../../kube/client.ts';
import { isNotFound } from '../../kube/errors.ts';
import type { Logger } from '../../telemetry/logger.ts';
import type { Clock } from '../../time/clock.ts';
import { BY_HOME } from '../caches.ts';
import type { ClusterView, Reachable } from '../fleet/cluster-view.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { type Withheld, withheldStatus } from './withheld.ts';

/** Whether deleting the ComputeCluster waits for our pods there. */
export function isHeld({ metadata }: Immutable<ComputeCluster>): boolean {
  return metadata.finalizers?.includes(finalizers.guests) === true;
}

/** Whether it has to be held from now on: nothing of ours is there yet. */
export function mustBeHeld(cluster: Immutable<ComputeCluster>): boolean {
  return (
    cluster.spec.connection.type === 'Kubeconfig' &&
    cluster.metadata.deletionTimestamp === undefined &&
    !isHeld(cluster)
  );
}

/** @returns the ComputeCluster as it is now */
export async function hold(cluster: Immutable<ComputeCluster>, client: KubeClient): Promise<ComputeCluster> {
  return setFinalizers(cluster, [...(cluster.metadata.finalizers ?? []), finalizers.guests], client);
}

/** Nobody waits for what is left there. */
async function letGo(cluster: Immutable<ComputeCluster>, client: KubeClient): Promise<void> {
  const others = (cluster.metadata.finalizers ?? []).filter((name) => name !== finalizers.guests);
  await setFinalizers(cluster, others, client);
}

async function setFinalizers(
  { metadata }: Immutable<ComputeCluster>,
  names: readonly string[],
  client: KubeClient,
): Promise<ComputeCluster> {
  const { resourceVersion } = metadata;
  return client.mergePatch(ComputeClusters, metadata, { metadata: { resourceVersion, finalizers: names } });
}

/** What is left to do before a ComputeCluster that is being deleted may go. */
export type Farewell =
  | { readonly kind: 'over' }
  | { readonly kind: 'waiting'; readonly pods: readonly Immutable<Pod>[]; readonly why: Withheld };

/**
 * Pods of ours have to go first, unless the user has said not to wait for them. Pure.
 * @param home UID of the cluster in which Headframe runs; undefined: nothing was ever made in others
 */
export function farewellOf(
  cluster: Immutable<ComputeCluster>,
  view: ClusterView,
  home: string | undefined,
): Farewell {
  const { metadata, status } = cluster;
  if (metadata.annotations?.[annotations.release] === 'true') {
    return { kind: 'over' };
  }
  if (view.kind !== 'reachable') {
    const message =
      view.kind === 'away'
        ? `the ComputeCluster is being deleted, and pods of Headframe may still run in the cluster, which cannot be asked (${view.message}); bring it back, or leave them there: kubectl annotate computecluster ${metadata.name} ${annotations.release}=true`
        : 'the ComputeCluster is being deleted, and the cluster is being asked for pods of Headframe';
    return {
      kind: 'waiting',
      pods: [],
      why: {
        ...deleting,
        message,
        reachable: view.kind === 'away' ? 'False' : 'Unknown',
        uid: status?.clusterUID,
      },
    };
  }
  const pods = home === undefined ? [] : view.pods.byIndex(BY_HOME, home);
  return pods.length === 0
    ? { kind: 'over' }
    : {
        kind: 'waiting',
        pods,
        why: {
          ...deleting,
          message: `the ComputeCluster is being deleted, and ${pods.length} pods of Headframe have to end first`,
          reachable: 'True',
          uid: view.uid,
        },
      };
}

const deleting = { reason: 'Deleting', isStalled: false, inventory: 'last' } as const;

/** What a farewell takes. */
interface FarewellParts {
  readonly client: KubeClient;
  readonly fleet: Fleet;
  readonly clock: Pick<Clock, 'now'>;
}

/** Pods that are bound to no node go without a sign, so one looks again. */
const LOOK_AGAIN_MS = 2000;

/** Sees to it that nothing of ours is left in a cluster whose ComputeCluster is being deleted, and lets that go then. */
export async function bidFarewell(
  cluster: Immutable<ComputeCluster>,
  { client, fleet, clock }: FarewellParts,
  log: Logger,
): Promise<Result> {
  const view = await fleet.look(cluster, log);
  const farewell = farewellOf(cluster, view, await fleet.homeUid(log));
  if (farewell.kind === 'over') {
    await letGo(cluster, client);
    return done;
  }
  const status = withheldStatus(cluster, farewell.why, clock.now());
  if (!isDeepStrictEqual(status, cluster.status)) {
    await client.patchStatus(ComputeClusters, cluster, status);
  }
  if (view.kind === 'reachable') {
    await sendAway(farewell.pods, view);
  }
  return after(LOOK_AGAIN_MS);
}

/** Deletes what is not on its way out yet. */
async function sendAway(pods: readonly Immutable<Pod>[], { client }: Reachable): Promise<void> {
  for (const { metadata } of pods) {
    if (metadata.deletionTimestamp !== undefined) {
      continue;
    }
    try {
      await client.delete(Pods, metadata, { uid: metadata.uid });
    } catch (error) {
      if (!isNotFound(error)) {
        throw error;
      }
    }
  }
}
