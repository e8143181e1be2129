import type { Pod } from '../../api/builtin.ts';
import { keyOf, type Immutable } from '../../api/kube-object.ts';
import { gpuAllocator, gpuDevices } from './gpu-devices.ts';
import type { GpuInUse } from './gpu-usage.ts';
import { gpuResource, type NodeSpec } from './node-object.ts';
import { startPodWorker, type PodWorker, type PodWorkerOptions } from './pod-worker.ts';

/** The pods of one node, and whether the node hears and is heard. */
export interface NodePods {
  readonly spec: NodeSpec;
  readonly isReachable: () => boolean;
  /** The pod is bound here: as it was, new, or changed. */
  present(pod: Immutable<Pod>): void;
  /** The object is no longer there. */
  gone(pod: Immutable<Pod>): void;
  /** By `namespace/name`. */
  find(key: string): PodWorker | undefined;
  /** From now on the node hears nothing and says nothing. */
  cutOff(): void;
  /** Catches up on what it has missed. */
  reconnect(): void;
  /** Of containers that do not only sleep. */
  processGroups(): number[];
  /** For an NVIDIA node that can be reached: every GPU and who has it. */
  gpus(): GpuInUse[];
  stop(graceMs: number): Promise<void>;
}

/** containerd gives a pod that was deleted by force two seconds. */
const FORCED_GRACE_MS = 2_000;

export function nodePods(spec: NodeSpec, services: Omit<PodWorkerOptions, 'gpus' | 'isReachable'>): NodePods {
  const allocator = gpuAllocator(gpuDevices(spec.name, spec.gpus), gpuResource(spec.vendor));
  const workers = new Map<string, PodWorker>();
  /** While the node is cut off: what the API server says of its pods, by UID; undefined for those that are gone. */
  const missed = new Map<string, Immutable<Pod> | undefined>();
  const leaving = new Set<Promise<void>>();
  let reachable = true;
  let stopped = false;
  const isReachable = (): boolean => reachable;

  function present(pod: Immutable<Pod>): void {
    const { uid, namespace, name } = pod.metadata;
    if (stopped) {
      return;
    }
    if (!reachable) {
      missed.set(uid, pod);
      return;
    }
    const worker = workers.get(uid);
    if (worker !== undefined) {
      worker.update(pod);
      return;
    }
    const log = services.log.with({ pod: name, namespace, node: spec.name });
    const started = startPodWorker(pod, { ...services, log, gpus: allocator, isReachable });
    workers.set(uid, started);
    // Already on its way out: runs nothing more than it must to let go of the object.
    started.update(pod);
  }

  function forget(uid: string): void {
    const worker = workers.get(uid);
    if (worker !== undefined) {
      workers.delete(uid);
      const left = worker.abandon(FORCED_GRACE_MS).finally(() => leaving.delete(left));
      leaving.add(left);
    }
  }

  return {
    spec,
    isReachable,
    present,
    gone({ metadata: { uid } }) {
      if (reachable) {
        forget(uid);
      } else {
        missed.set(uid, undefined);
      }
    },
    find: (key) => [...workers.values()].find(({ pod }) => keyOf(pod) === key),
    cutOff() {
      reachable = false;
    },
    reconnect() {
      reachable = true;
      const news = [...missed];
      missed.clear();
      for (const [uid, pod] of news) {
        if (pod === undefined) {
          forget(uid);
        } else {
          present(pod);
        }
      }
      for (const worker of workers.values()) {
        worker.refresh();
      }
    },
    processGroups: () =>
      [...workers.values()].flatMap((worker) =>
        worker.running().flatMap(({ group }) => (group === undefined ? [] : [group])),
      ),
    gpus() {
      if (spec.vendor !== 'NVIDIA' || !reachable) {
        return [];
      }
      const holders = gpuHolders(workers.values());
      return allocator.devices.map(({ index, uuid }) => ({
        index,
        uuid,
        // The driver's name has spaces where the label has dashes.
        modelName: spec.product.replace(/-/g, ' '),
        nodeName: spec.name,
        memoryMiB: spec.memoryMiB,
        ...holders.get(index),
      }));
    },
    async stop(graceMs) {
      stopped = true;
      await Promise.all([...[...workers.values()].map((worker) => worker.abandon(graceMs)), ...leaving]);
      workers.clear();
    },
  };
}

type Holder = Pick<GpuInUse, 'group' | 'holder'>;

/** By GPU index. */
function gpuHolders(workers: Iterable<PodWorker>): Map<number, Holder> {
  const holders = new Map<number, Holder>();
  for (const worker of workers) {
    const { namespace = '', name } = worker.pod.metadata;
    for (const { container, group, gpus } of worker.running()) {
      gpus.forEach(({ index }) => holders.set(index, { group, holder: { namespace, pod: name, container } }));
    }
  }
  return holders;
}
