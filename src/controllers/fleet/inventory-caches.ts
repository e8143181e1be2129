import { type Node, Nodes, type Pod, Pods } from '../../api/builtin.ts';
import type { KubeObject } from '../../api/kube-object.ts';
import { type Informer, type InformerOptions, createInformer } from '../../kube/informer.ts';
import type { IndexFunction } from '../../kube/store.ts';
import { podIndexes } from '../caches.ts';
import { projectPod } from '../pod-projection.ts';

/** What the inventory of one cluster is worked out from. */
export interface InventoryCaches {
  readonly nodes: Informer<Node>;
  readonly pods: Informer<Pod>;
}

/** The informers of a cluster's nodes and pods, whichever cluster it is. Nothing runs yet. */
export function createInventoryCaches(
  parts: Pick<
    InformerOptions<KubeObject>,
    'transport' | 'clock' | 'log' | 'metrics' | 'recovery' | 'onHealth'
  > & {
    /** Default: those of the cluster in which Headframe runs. */
    readonly podIndexes?: Record<string, IndexFunction<Pod>>;
  },
): InventoryCaches {
  const { podIndexes: indexes = podIndexes, ...reflecting } = parts;
  return {
    pods: createInformer({ ...reflecting, type: Pods, transform: projectPod, indexes }),
    nodes: createInformer({ ...reflecting, type: Nodes }),
  };
}
