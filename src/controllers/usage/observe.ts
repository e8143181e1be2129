import type { Pod } from '../../api/builtin.ts';
import type { NodeGpus } from '../../compute/node-gpus.ts';
import type { NodeUsage } from '../../compute/inventory.ts';
import type { Holding } from '../../compute/usage/holding.ts';
import type { Store } from '../../kube/store.ts';
import { BY_OWNER } from '../caches.ts';
import type { GonePod } from './gone-pods.ts';
import { type GpusOfNode, gpusOfNodes, holdingOf } from './holdings.ts';
import { type PoolNames, poolUidOf } from './pool-names.ts';

/** What is looked at in a cluster. */
export interface ObservedPods {
  readonly pods: Store<Pod>;
  readonly gone: readonly GonePod[];
  readonly usages: readonly NodeUsage[];
  readonly pools: PoolNames;
  /** How far an end may be believed that nobody has told, in milliseconds since 1970. */
  readonly endsBefore: number;
  /** What nodes had at the last look: some are not there any more, while pods on them are. */
  readonly formerGpus: ReadonlyMap<string, NodeGpus>;
}

/** All pods of pools in a cluster. */
export interface Holdings {
  readonly all: readonly Holding[];
  /** By UID of the pool; without those that have ended. */
  readonly byPool: ReadonlyMap<string, readonly Holding[]>;
  /** What the nodes have, for the next time; and of those that are not there any more, what pods on them hold. */
  readonly gpus: ReadonlyMap<string, NodeGpus>;
}

/** Everything that pods of pools hold or held, as far as it is known. Reads caches only. */
export function observeHoldings(observed: ObservedPods): Holdings {
  const { pods, gone, usages, pools, endsBefore, formerGpus } = observed;
  const current = gpusOfNodes(usages);
  const gpus = new Map(current);
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
  endedHoldings(gone, { pools, gpusOf, endsBefore }).forEach((holding) => all.push(holding));
  return { all, byPool, gpus };
}

/** What is known where pods have ended. */
export interface EndedFacts extends Pick<ObservedPods, 'pools' | 'endsBefore'> {
  readonly gpusOf: GpusOfNode;
}

/** What pods of pools held that were deleted. */
export function endedHoldings(
  gone: readonly GonePod[],
  { pools, gpusOf, endsBefore }: EndedFacts,
): readonly Holding[] {
  return gone.flatMap(({ pod, until }) => {
    const name = pools.get(poolUidOf(pod) ?? '');
    const holding = name === undefined ? undefined : holdingOf(pod, name, gpusOf);
    return holding === undefined ? [] : [{ ...holding, until: holding.until ?? Math.min(until, endsBefore) }];
  });
}
