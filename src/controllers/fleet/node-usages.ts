import type { Node, Pod } from '../../api/builtin.ts';
import { type GpuCatalogue, builtInCatalogue } from '../../compute/gpu-catalogue.ts';
import type { NodeUsage } from '../../compute/inventory.ts';
import { nodeGpus } from '../../compute/node-gpus.ts';
import { usageOf } from '../../compute/node-usage.ts';
import type { Informer } from '../../kube/informer.ts';
import { GPU_PODS_BY_NODE } from '../caches.ts';

/**
 * Every node that has GPUs, with what pods hold of them. The same array as long as nothing of it has changed, and the catalogue is
 * the same one. Without an argument: Headframe's own catalogue.
 */
export type NodeUsages = (catalogue?: GpuCatalogue) => readonly NodeUsage[];

/**
 * Keeps the usage of each node until the node, or a pod on it, changes: every reconcile asks for all of them, and reading a thousand
 * nodes' labels and ten thousand pods each time would be most of its work. Call before the informers start.
 */
export function createNodeUsages(nodes: Informer<Node>, pods: Informer<Pod>): NodeUsages {
  const known = new Map<string, NodeUsage>();
  const stale = new Set<string>();
  let listed: readonly NodeUsage[] = [];
  let readWith = builtInCatalogue;

  nodes.onChange(({ object }) => void stale.add(object.metadata.name));
  pods.onChange((change) => {
    const before = change.type === 'updated' ? change.previous : undefined;
    for (const pod of [change.object, before]) {
      if (pod?.spec.nodeName !== undefined) {
        stale.add(pod.spec.nodeName);
      }
    }
  });

  function read(name: string): NodeUsage | undefined {
    const node = nodes.store.get(name);
    const gpus = node === undefined ? undefined : nodeGpus(node, readWith);
    return gpus === undefined ? undefined : usageOf(gpus, pods.store.byIndex(GPU_PODS_BY_NODE, name));
  }

  return (catalogue = builtInCatalogue) => {
    if (catalogue !== readWith) {
      readWith = catalogue;
      for (const name of known.keys()) {
        stale.add(name);
      }
    }
    if (stale.size === 0) {
      return listed;
    }
    for (const name of stale) {
      const usage = read(name);
      if (usage === undefined) {
        known.delete(name);
      } else {
        known.set(name, usage);
      }
    }
    stale.clear();
    listed = [...known.values()];
    return listed;
  };
}
