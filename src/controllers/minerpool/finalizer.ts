import { LOCAL_CLUSTER } from '../../api/compute-cluster.ts';
import { finalizers } from '../../api/group.ts';
import type { Immutable } from '../../api/kube-object.ts';
import { type MinerPool, MinerPools } from '../../api/miner-pool.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { PlaceRecord } from './places.ts';

/** Whether the pool may have pods that no owner reference ties to it. */
export function reachesAbroad({ places, leftBehind }: PlaceRecord): boolean {
  return leftBehind.size > 0 || [...places.values()].some(({ cluster }) => cluster !== LOCAL_CLUSTER);
}

/** Whether deleting the pool waits for us. */
export function isHeld({ metadata }: Immutable<MinerPool>): boolean {
  return metadata.finalizers?.includes(finalizers.memberPods) === true;
}

export function withOurs({ metadata }: Immutable<MinerPool>): readonly string[] {
  return [...(metadata.finalizers ?? []), finalizers.memberPods];
}

export function withoutOurs({ metadata }: Immutable<MinerPool>): readonly string[] {
  return (metadata.finalizers ?? []).filter((name) => name !== finalizers.memberPods);
}

/** Replaces the list as it was seen; refused with a conflict when somebody else has changed the pool meanwhile. */
export async function setFinalizers(
  pool: Immutable<MinerPool>,
  names: readonly string[],
  { client }: { readonly client: KubeClient },
): Promise<MinerPool> {
  const { resourceVersion } = pool.metadata;
  return client.mergePatch(MinerPools, pool.metadata, { metadata: { resourceVersion, finalizers: names } });
}
