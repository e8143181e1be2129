import type { Container, Pod } from '../api/builtin.ts';
import type { Immutable } from '../api/kube-object.ts';

/**
 * Units of an extended resource that the pod holds or will hold: as the scheduler counts, the larger of the sum over its
 * containers and sidecars and the largest init container.
 */
export function podGpuRequest(pod: Immutable<Pod>, resource: string): number {
  const init = pod.spec.initContainers ?? [];
  const together = [
    ...pod.spec.containers,
    ...init.filter((container) => container.restartPolicy === 'Always'),
  ];
  const sum = together.reduce((total, container) => total + unitsOf(container, resource), 0);
  return Math.max(sum, ...init.map((container) => unitsOf(container, resource)));
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
