import type { Node, Pod } from '../../../api/builtin.ts';
import type { Immutable } from '../../../api/kube-object.ts';
import { hostPorts, type HostPort } from './host-ports.ts';
import { add, amountsOf, podRequests, scoredRequests, type Amounts } from './resources.ts';
import { schedulingSpec, type SchedulingSpec } from './scheduling-spec.ts';

/** A pod as the scheduler counts it. */
export interface PodDemand {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: Immutable<SchedulingSpec>;
  readonly requests: Amounts;
  /** {@link scoredRequests}. */
  readonly scored: Amounts;
  readonly ports: readonly HostPort[];
  /** Being deleted: it still holds its resources, but other pods need not spread around it. */
  readonly terminating: boolean;
  /** UID of the controlling owner. */
  readonly controller: string | undefined;
}

/** A node with what its pods, bound or about to be bound, take of it. Kept up to date, never recomputed. */
export interface NodeUsage extends SelectedNode {
  readonly pods: ReadonlyMap<string, PodDemand>;
  readonly requested: Amounts;
  readonly scored: Amounts;
}

interface SelectedNode {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly node: Immutable<Node>;
  readonly allocatable: Amounts;
}

interface MutableUsage extends SelectedNode {
  readonly pods: Map<string, PodDemand>;
  readonly requested: Map<string, number>;
  readonly scored: Map<string, number>;
}

/** The scheduler's picture of the cluster: what the API server said, and the bindings on their way there. */
export interface ClusterState {
  /** Nodes that exist, in order of their names. */
  readonly nodes: readonly NodeUsage[];
  /** Bound pods with required anti-affinity: they keep others away from where they are. */
  readonly repelling: ReadonlyMap<string, { readonly pod: PodDemand; readonly node: string }>;
  /** Grows with every change. */
  readonly version: number;
  setNode(node: Immutable<Node>): void;
  removeNode(name: string): void;
  /** The pod takes its share of that node, wherever it was counted before. The node may be unknown yet. */
  place(pod: PodDemand, node: string): void;
  /** The pod takes nothing any more. */
  remove(uid: string): void;
  /** Where the pod is counted. */
  nodeOf(uid: string): string | undefined;
}

/** @throws QuantityError for requests that are none; API servers refuse such pods */
export function podDemand(pod: Immutable<Pod>): PodDemand {
  const spec = schedulingSpec(pod);
  const requests = podRequests(spec);
  const { uid, namespace = '', name, labels = {}, deletionTimestamp, ownerReferences = [] } = pod.metadata;
  return {
    uid,
    namespace,
    name,
    labels,
    spec,
    requests,
    scored: scoredRequests(requests),
    ports: hostPorts(spec),
    terminating: deletionTimestamp !== undefined,
    controller: ownerReferences.find(({ controller }) => controller === true)?.uid,
  };
}

export function clusterState(): ClusterState {
  /** Also nodes that only their pods speak of: they may appear later. */
  const usages = new Map<string, MutableUsage>();
  const existing = new Map<string, MutableUsage>();
  const placed = new Map<string, { pod: PodDemand; node: string }>();
  const repelling = new Map<string, { pod: PodDemand; node: string }>();
  let sorted: readonly NodeUsage[] | undefined;
  let version = 0;

  function changed(): void {
    version++;
  }

  function usageOf(name: string): MutableUsage {
    const known = usages.get(name);
    if (known !== undefined) {
      return known;
    }
    const usage = emptyUsage(name);
    usages.set(name, usage);
    return usage;
  }

  function remove(uid: string): void {
    const former = placed.get(uid);
    if (former === undefined) {
      return;
    }
    placed.delete(uid);
    repelling.delete(uid);
    const usage = usageOf(former.node);
    usage.pods.delete(uid);
    add(usage.requested, former.pod.requests, -1);
    add(usage.scored, former.pod.scored, -1);
    if (usage.pods.size === 0 && !existing.has(former.node)) {
      usages.delete(former.node);
    }
    changed();
  }

  return {
    get nodes() {
      return (sorted ??= [...existing.values()].sort((a, b) => (a.name < b.name ? -1 : 1)));
    },
    repelling,
    get version() {
      return version;
    },
    setNode(node) {
      const { name, labels = {} } = node.metadata;
      const { pods, requested, scored } = usageOf(name);
      const allocatable = amountsOf(node.status?.allocatable);
      const usage = { name, labels, node, allocatable, pods, requested, scored };
      usages.set(name, usage);
      existing.set(name, usage);
      sorted = undefined;
      changed();
    },
    removeNode(name) {
      existing.delete(name);
      if (usages.get(name)?.pods.size === 0) {
        usages.delete(name);
      }
      sorted = undefined;
      changed();
    },
    place(pod, node) {
      remove(pod.uid);
      const usage = usageOf(node);
      usage.pods.set(pod.uid, pod);
      add(usage.requested, pod.requests);
      add(usage.scored, pod.scored);
      placed.set(pod.uid, { pod, node });
      if (pod.spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.length) {
        repelling.set(pod.uid, { pod, node });
      }
      changed();
    },
    remove,
    nodeOf: (uid) => placed.get(uid)?.node,
  };
}

function emptyUsage(name: string): MutableUsage {
  const node: Node = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, uid: '', resourceVersion: '', creationTimestamp: '' },
  };
  return {
    name,
    labels: {},
    node,
    allocatable: new Map(),
    pods: new Map(),
    requested: new Map(),
    scored: new Map(),
  };
}
