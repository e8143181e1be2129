import type { Pod } from '../../api/builtin.ts';
import { labels } from '../../api/group.ts';
import { type Immutable, controllerOf } from '../../api/kube-object.ts';
import type { NodeGpus } from '../../compute/node-gpus.ts';
import type { NodeUsage } from '../../compute/inventory.ts';
import type { Holding } from '../../compute/usage/holding.ts';
import type { Store } from '../../kube/store.ts';
import { BY_OWNER } from '../caches.ts';
import type { GonePod } from './gone-pods.ts';
import { gpusOfNodes, holdingOf } from './holdings.ts';

/** The names of pools, `namespace/name`, by UID: of those that there are, and of those that are gone and still have pods. */
export type PoolNames = ReadonlyMap<string, string>;

/** What is looked at in a cluster. */
export interface ObservedPods {
  readonly pods: Store<Pod>;
  readonly gone: readonly GonePod[];
  readonly usages: readonly NodeUsage[];
  readonly pools: PoolNames;
  /** When the cluster was observed before, in milliseconds since 1970, and how far from there an end may be believed. */
  readonly endsBefore: number;
  /** What nodes had that are not there any more, while pods on them are. */
  readonly formerGpus: ReadonlyMap<string, NodeGpus>;
}

/** All pods of pools in a cluster. */
export interface Holdings {
  readonly all: readonly Holding[];
  /** By UID of the pool; without those that have ended. */
  readonly byPool: ReadonlyMap<string, readonly Holding[]>;
  /** What the pods' nodes have, for the next time. */
  readonly gpus: ReadonlyMap<string, NodeGpus>;
}

/** Everything that pods of pools hold or held, as far as it is known. Reads caches only. */
export function observeHoldings(observed: ObservedPods): Holdings {
  const { pods, gone, usages, pools, endsBefore, formerGpus } = observed;
  const current = gpusOfNodes(usages);
  const gpus = new Map<string, NodeGpus>();
  const gpusOf = (node: string): NodeGpus | undefined => {
    const found = current.get(node) ?? formerGpus.get(node);
    if (found !== undefined) {
      gpus.set(node, found);
    }
    return found;
  };
  const all: Holding[] = [];
  const byPool = new Map<string, Holding[]>();
  for (const [uid, name] of pools) {
    const held = pods.byIndex(BY_OWNER, uid).flatMap((pod) => holdingOf(pod, name, gpusOf) ?? []);
    held.forEach((holding) => all.push(holding));
    const holding = held.filter(({ until }) => until === undefined);
    if (holding.length > 0) {
      byPool.set(uid, holding);
    }
  }
  for (const { pod, until } of gone) {
    const name = pools.get(poolUidOf(pod) ?? '');
    const holding = name === undefined ? undefined : holdingOf(pod, name, gpusOf);
    if (holding !== undefined) {
      all.push({ ...holding, until: holding.until ?? Math.min(until, endsBefore) });
    }
  }
  return { all, byPool, gpus };
}

/** UID of the pool that the pod belongs to: its owner, or in another cluster, in which no pool is, its label. */
export function poolUidOf(pod: Immutable<Pod>): string | undefined {
  const owner = controllerOf(pod);
  return owner?.kind === 'MinerPool' ? owner.uid : pod.metadata.labels?.[labels.poolUid];
}
