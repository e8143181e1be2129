import type {
  NodeSelectorRequirement,
  NodeSelectorTerm,
  Pod,
  PodSpec,
  ResourceList,
} from '../../../api/builtin.ts';
import type { Immutable } from '../../../api/kube-object.ts';

/** metav1.LabelSelector. */
export interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: NodeSelectorRequirement[];
}

/** A term of `podAffinity` or `podAntiAffinity`. */
export interface PodAffinityTerm {
  labelSelector?: LabelSelector;
  namespaces?: string[];
  namespaceSelector?: LabelSelector;
  topologyKey: string;
}

/** Required terms, and preferred ones with their weights (1 to 100). */
export interface PodAffinity {
  requiredDuringSchedulingIgnoredDuringExecution?: PodAffinityTerm[];
  preferredDuringSchedulingIgnoredDuringExecution?: { weight: number; podAffinityTerm: PodAffinityTerm }[];
}

export interface TopologySpreadConstraint {
  maxSkew: number;
  topologyKey: string;
  whenUnsatisfiable: 'DoNotSchedule' | 'ScheduleAnyway';
  labelSelector?: LabelSelector;
  minDomains?: number;
  nodeAffinityPolicy?: 'Honor' | 'Ignore';
  nodeTaintsPolicy?: 'Honor' | 'Ignore';
}

/** The part of a pod's spec that a scheduler reads. */
export interface SchedulingSpec extends Omit<PodSpec, 'affinity' | 'containers'> {
  containers: SchedulingContainer[];
  affinity?: {
    nodeAffinity?: {
      requiredDuringSchedulingIgnoredDuringExecution?: { nodeSelectorTerms: NodeSelectorTerm[] };
      preferredDuringSchedulingIgnoredDuringExecution?: { weight: number; preference: NodeSelectorTerm }[];
    };
    podAffinity?: PodAffinity;
    podAntiAffinity?: PodAffinity;
  };
  schedulerName?: string;
  schedulingGates?: { name: string }[];
  priority?: number;
  preemptionPolicy?: string;
  overhead?: ResourceList;
  hostNetwork?: boolean;
  topologySpreadConstraints?: TopologySpreadConstraint[];
}

type SchedulingContainer = PodSpec['containers'][number] & {
  ports?: { containerPort: number; hostPort?: number; hostIP?: string; protocol?: string }[];
};

/** The pod's spec with the fields that only schedulers know. */
export function schedulingSpec(pod: Immutable<Pod>): Immutable<SchedulingSpec> {
  return pod.spec;
}
