import type { Container, Pod } from '../api/builtin.ts';
import type { Immutable } from '../api/kube-object.ts';
import { gpuVendors, vendorNames } from './gpu-catalogue.ts';

/**
 * Units of an extended resource that the pod holds or will hold: as the scheduler counts, the larger of the sum over its
 * containers and sidecars and the largest init container. The pod is one of a cache or an answer: it does not change any more.
 */
export function podGpuRequest(pod: Immutable<Pod>, resource: string): number {
  const last = counted.get(pod);
  if (last?.resource === resource) {
    return last.units;
  }
  const units = countUnits(pod, resource);
  counted.set(pod, { resource, units });
  return units;
}

/** What was last asked of a pod, which never changes: its pool asks again for every status. */
const counted = new WeakMap<Immutable<Pod>, { resource: string; units: number }>();

function countUnits(pod: Immutable<Pod>, resource: string): number {
  let together = 0;
  let largest = 0;
  for (const container of pod.spec.containers) {
    together += unitsOf(container, resource);
  }
  for (const container of pod.spec.initContainers ?? []) {
    const units = unitsOf(container, resource);
    largest = Math.max(largest, units);
    together += container.restartPolicy === 'Always' ? units : 0;
  }
  return Math.max(together, largest);
}

/** The GPU resource that the pod asks for; undefined when it asks for none. Of several vendors' the first counts. */
export function gpuResourceOf(pod: Immutable<Pod>): string | undefined {
  return gpuVendors.map((vendor) => vendorNames[vendor].resource).find((name) => countUnits(pod, name) > 0);
}

/** Whether the pod holds what it requested: it is bound to a node and its containers have not all ended. */
export function holdsResources(pod: Immutable<Pod>): boolean {
  const phase = pod.status?.phase;
  return pod.spec.nodeName !== undefined && phase !== 'Succeeded' && phase !== 'Failed';
}

function unitsOf(container: Immutable<Container>, resource: string): number {
  const text = container.resources?.limits?.[resource] ?? container.resources?.requests?.[resource];
  return text === undefined ? 0 : Number(text);
}
