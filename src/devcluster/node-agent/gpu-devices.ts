import { createHash } from 'node:crypto';
import type { Container, PodSpec } from '../../api/builtin.ts';
import type { Immutable } from '../../api/kube-object.ts';

/** One simulated GPU of a node. */
export interface GpuDevice {
  /** 0, 1, ... on its node. */
  readonly index: number;
  /** In NVIDIA's form, the same in every run. */
  readonly uuid: string;
}

export function gpuDevices(nodeName: string, count: number): GpuDevice[] {
  return Array.from({ length: count }, (_, index) => {
    const hex = createHash('sha256').update(`${nodeName}/${index}`).digest('hex');
    const parts = [
      hex.slice(0, 8),
      hex.slice(8, 12),
      hex.slice(12, 16),
      hex.slice(16, 20),
      hex.slice(20, 32),
    ];
    return { index, uuid: `GPU-${parts.join('-')}` };
  });
}

/** How many GPUs a container asks for. */
export function gpusOf(container: Immutable<Container>, resource: string): number {
  const amount = container.resources?.limits?.[resource] ?? container.resources?.requests?.[resource];
  return amount === undefined ? 0 : Number(amount);
}

/** Which container has which GPUs: device plugin of one node. */
export interface GpuAllocator {
  /** Takes the lowest free GPUs for each container of the pod; fewer when there are not enough. The same again for the same UID. */
  allocate(podUid: string, spec: Immutable<PodSpec>): ReadonlyMap<string, readonly GpuDevice[]>;
  release(podUid: string): void;
  readonly devices: readonly GpuDevice[];
}

export function gpuAllocator(devices: readonly GpuDevice[], resource: string): GpuAllocator {
  const byPod = new Map<string, ReadonlyMap<string, readonly GpuDevice[]>>();
  return {
    devices,
    allocate(podUid, spec) {
      const known = byPod.get(podUid);
      if (known !== undefined) {
        return known;
      }
      const taken = new Set([...byPod.values()].flatMap((containers) => [...containers.values()].flat()));
      const free = devices.filter((device) => !taken.has(device));
      const allocation = new Map(
        spec.containers.map((container) => [container.name, free.splice(0, gpusOf(container, resource))]),
      );
      byPod.set(podUid, allocation);
      return allocation;
    },
    release: (podUid) => void byPod.delete(podUid),
  };
}
