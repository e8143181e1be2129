import type { Affinity, Container, NodeSelectorRequirement, Pod, Toleration } from '../../api/builtin.ts';
import { LOCAL_CLUSTER } from '../../api/compute-cluster.ts';
import { API_VERSION, MANAGER, annotations, labels } from '../../api/group.ts';
import type { Immutable, Manifest } from '../../api/kube-object.ts';
import type { MinerPool } from '../../api/miner-pool.ts';
import { vendorNames } from '../../compute/gpu-catalogue.ts';
import { nodeRequirements } from '../../compute/gpu-demand.ts';
import type { GuestTerms } from '../fleet/guest-terms.ts';
import { demandFor } from '../fleet/offers.ts';
import { gpuDemand } from './demand.ts';
import { ownerReference } from './owner-reference.ts';
import { identityAnnotations, withIdentity } from './pod-identity.ts';
import { podName } from './replica.ts';
import type { PodSource } from './revision.ts';
import type { MinerIdentity } from './stake.ts';

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
  /** Of the cluster in which it is made. */
  readonly terms: GuestTerms;
  /** The GPU model that was chosen for it. Absent: any that the source allows. */
  readonly model?: string;
  /** Of its miner. Absent: it has none. */
  readonly identity?: MinerIdentity;
}

/**
 * The pod of one replica: the template with its name, our labels, the GPUs, and the nodes that have them.
 * @param home UID of the cluster in which Headframe runs: for pods in others, which nothing there owns
 */
export function podManifest(pool: Immutable<MinerPool>, order: PodOrder, home = ''): Manifest<Pod> {
  const { terms, model } = order;
  const { gpus, template } = order.source;
  const demand = gpuDemand(gpus);
  const { resource } = vendorNames[demand.vendor];
  const spec = withIdentity(template.spec as Pod['spec'], order.identity);
  const [first, ...rest] = spec.containers;
  const ofGpus = nodeRequirements(
    model === undefined ? demand : demandFor(demand.vendor, model),
    terms.catalogue,
  );
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: metadataOf(pool, order, home),
    spec: {
      ...spec,
      // The owner's word is above the pool's.
      ...(terms.priorityClassName === undefined ? {} : { priorityClassName: terms.priorityClassName }),
      containers: first === undefined ? rest : [withGpus(first, resource, demand.countPerReplica), ...rest],
      ...withRequirements(spec.affinity, [...ofGpus, ...terms.requirements], excluding(terms)),
      tolerations: withToleration(spec.tolerations ?? [], resource),
    },
  };
}

function metadataOf(pool: Immutable<MinerPool>, order: PodOrder, home: string): Manifest<Pod>['metadata'] {
  const { name, namespace, uid } = pool.metadata;
  const { metadata } = order.source.template;
  const isLocal = order.terms.cluster === LOCAL_CLUSTER;
  return {
    name: podName(name, order.ordinal),
    ...(namespace === undefined ? {} : { namespace }),
    labels: {
      ...metadata?.labels,
      ...podLabels(name, order),
      ...(isLocal ? {} : { [labels.poolUid]: uid, [labels.home]: home }),
    },
    annotations: {
      ...metadata?.annotations,
      ...(order.attempt > 0 ? { [annotations.restartAttempt]: String(order.attempt) } : {}),
      ...(order.surge ? { [annotations.surge]: 'true' } : {}),
      ...(order.model === undefined ? {} : { [annotations.gpuModel]: order.model }),
      ...identityAnnotations(order.identity),
    },
    ...(isLocal ? { ownerReferences: [ownerReference(API_VERSION, pool)] } : {}),
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

/** Nodes are left out by name: their labels are theirs to change. The API takes one name a requirement. */
function excluding({ excludedNodes }: GuestTerms): readonly NodeSelectorRequirement[] {
  return excludedNodes.map((name) => ({ key: 'metadata.name', operator: 'NotIn', values: [name] }));
}

/** Terms are alternatives, so the requirements go into each of them. */
function withRequirements(
  affinity: Affinity | undefined,
  onLabels: readonly NodeSelectorRequirement[],
  onNames: readonly NodeSelectorRequirement[],
): { affinity?: Affinity } {
  if (onLabels.length === 0 && onNames.length === 0) {
    return affinity === undefined ? {} : { affinity };
  }
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [
    {},
  ];
  const nodeSelectorTerms = terms.map((term) => ({
    ...term,
    ...added('matchExpressions', term.matchExpressions, onLabels),
    ...added('matchFields', term.matchFields, onNames),
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

function added(
  field: 'matchExpressions' | 'matchFields',
  present: readonly NodeSelectorRequirement[] = [],
  more: readonly NodeSelectorRequirement[],
): Partial<Record<typeof field, NodeSelectorRequirement[]>> {
  return more.length === 0 ? {} : { [field]: [...present, ...more] };
}

/** GPU nodes are customarily tainted with the name of their resource, to keep other pods away. */
function withToleration(tolerations: readonly Toleration[], resource: string): Toleration[] {
  return tolerations.some((toleration) => toleration.key === resource)
    ? [...tolerations]
    : [...tolerations, { key: resource, operator: 'Exists', effect: 'NoSchedule' }];
}
