import type { Affinity, Container, NodeSelectorRequirement, Pod, Toleration } from '../../api/builtin.ts';
import { API_VERSION, MANAGER, annotations, labels } from '../../api/group.ts';
import type { Immutable, Manifest } from '../../api/kube-object.ts';
import type { MinerPool } from '../../api/miner-pool.ts';
import { vendorNames } from '../../compute/gpu-catalogue.ts';
import { nodeRequirements } from '../../compute/gpu-demand.ts';
import { gpuDemand } from './demand.ts';
import { ownerReference } from './owner-reference.ts';
import { podName } from './replica.ts';
import type { PodSource } from './revision.ts';

/** A pod to be made. */
export interface PodOrder {
  readonly ordinal: number;
  /** Name of the revision whose source it is made from. */
  readonly revision: string;
  readonly source: PodSource;
  /** How many times in a row this ordinal has failed. */
  readonly attempt: number;
  /** Whether an update makes it above the wanted number. */
  readonly surge: boolean;
}

/** The pod of one replica: the template with its name, our labels, the GPUs, and the nodes that have them. */
export function podManifest(pool: Immutable<MinerPool>, order: PodOrder): Manifest<Pod> {
  const { gpus, template } = order.source;
  const demand = gpuDemand(gpus);
  const { resource } = vendorNames[demand.vendor];
  const spec = template.spec as Pod['spec'];
  const [first, ...rest] = spec.containers;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: podName(pool.metadata.name, order.ordinal),
      ...(pool.metadata.namespace === undefined ? {} : { namespace: pool.metadata.namespace }),
      labels: { ...template.metadata?.labels, ...podLabels(pool.metadata.name, order) },
      annotations: {
        ...template.metadata?.annotations,
        ...(order.attempt > 0 ? { [annotations.restartAttempt]: String(order.attempt) } : {}),
        ...(order.surge ? { [annotations.surge]: 'true' } : {}),
      },
      ownerReferences: [ownerReference(API_VERSION, pool)],
    },
    spec: {
      ...spec,
      containers: first === undefined ? rest : [withGpus(first, resource, demand.countPerReplica), ...rest],
      ...withRequirements(spec.affinity, nodeRequirements(demand)),
      tolerations: withToleration(spec.tolerations ?? [], resource),
    },
  };
}

/** Labels of the pool's pods that `status.selector` selects by, and those that say which replica it is. */
export function podLabels(
  pool: string,
  order: Pick<PodOrder, 'ordinal' | 'revision'>,
): Record<string, string> {
  return {
    [labels.pool]: pool,
    [labels.replicaIndex]: String(order.ordinal),
    [labels.revision]: order.revision,
    [labels.managedBy]: MANAGER,
  };
}

/** The label selector of a pool's pods, in the string form that the scale subresource serves. */
export function podSelector(pool: string): string {
  return `${labels.pool}=${pool}`;
}

/** Extended resources cannot be overcommitted: request and limit are the same, and the limit alone says both. */
function withGpus(container: Container, resource: string, count: number): Container {
  return {
    ...container,
    resources: {
      ...container.resources,
      limits: { ...container.resources?.limits, [resource]: String(count) },
    },
  };
}

/** Terms are alternatives, so the requirements go into each of them. */
function withRequirements(
  affinity: Affinity | undefined,
  requirements: readonly NodeSelectorRequirement[],
): { affinity?: Affinity } {
  if (requirements.length === 0) {
    return affinity === undefined ? {} : { affinity };
  }
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [
    {},
  ];
  const nodeSelectorTerms = terms.map((term) => ({
    ...term,
    matchExpressions: [...(term.matchExpressions ?? []), ...requirements],
  }));
  return {
    affinity: {
      ...affinity,
      nodeAffinity: {
        ...affinity?.nodeAffinity,
        requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms },
      },
    },
  };
}

/** GPU nodes are customarily tainted with the name of their resource, to keep other pods away. */
function withToleration(tolerations: readonly Toleration[], resource: string): Toleration[] {
  return tolerations.some((toleration) => toleration.key === resource)
    ? [...tolerations]
    : [...tolerations, { key: resource, operator: 'Exists', effect: 'NoSchedule' }];
}
