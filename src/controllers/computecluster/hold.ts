import { type ComputeCluster, ComputeClusters } from '../../api/compute-cluster.ts';
import type { ComputeClusterStatus } from '../../api/compute-cluster-status.ts';
import { annotations, finalizers } from '../../api/group.ts';
import type { Immutable } from '../../api/kube-object.ts';
import type { KubeClient } from '../../kube/client.ts';
import { isReleased } from '../fleet/identity.ts';

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

/** Nobody waits any more for what is left there. */
export async function letGo(cluster: Immutable<ComputeCluster>, client: KubeClient): Promise<void> {
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

/**
 * A release that lets the ComputeCluster become another cluster is for the former one: the pods of the new one are waited for. It is
 * used up before the change is written: who is killed in between must be released again, and nothing goes unseen.
 * @returns the ComputeCluster as it is now
 */
export async function useUpRelease(
  cluster: Immutable<ComputeCluster>,
  { clusterUID }: Pick<ComputeClusterStatus, 'clusterUID'>,
  client: KubeClient,
): Promise<Immutable<ComputeCluster>> {
  const { metadata, status } = cluster;
  if (!isReleased(cluster) || status?.clusterUID === undefined || status.clusterUID === clusterUID) {
    return cluster;
  }
  const { resourceVersion } = metadata;
  const patch = { metadata: { resourceVersion, annotations: { [annotations.release]: null } } };
  return client.mergePatch(ComputeClusters, { name: metadata.name }, patch);
}
