import type {
  Container,
  ContainerState,
  ContainerStatus,
  Pod,
  PodCondition,
  PodSpec,
  PodStatus,
} from '../api/builtin.ts';
import { type ObjectMeta, controllerOf } from '../api/kube-object.ts';
import { GROUP } from '../api/group.ts';
import { AKASH_PREFIX } from '../compute/akash/ownership.ts';
import { isGuest } from '../compute/node-usage.ts';
import { gpuResourceOf } from '../compute/pod-gpus.ts';
import { ENDING_CONDITIONS } from '../compute/usage/holding.ts';
import { sharedStrings } from './shared-strings.ts';

/** Conditions that decide something: readiness, what the scheduler says, and whether the cluster ended the pod. */
const CONDITIONS = ENDING_CONDITIONS;

const share = sharedStrings();

/**
 * What the operator keeps of a pod: names, owner, labels, GPUs, node, and how it fares. The rest (environment, volumes, probes) is
 * most of a pod's size and decides nothing here.
 */
export function projectPod(pod: Pod): Pod {
  const { nodeName, containers, initContainers } = pod.spec;
  return {
    apiVersion: pod.apiVersion,
    kind: pod.kind,
    metadata: projectMetadata(pod),
    spec: {
      containers: containers.map(projectContainer),
      ...(initContainers === undefined ? {} : { initContainers: initContainers.map(projectContainer) }),
      ...(nodeName === undefined ? {} : { nodeName: share(nodeName) }),
      ...(isGuest(pod) ? graceOf(pod.spec) : nodeName === undefined ? whereItMayBe(pod) : {}),
    },
    ...(pod.status === undefined ? {} : { status: { ...projectStatus(pod.status), ...addressOf(pod) } }),
  };
}

/** Of pods without GPUs only: exporters of metrics have none, and the ten thousand miners, whose address nobody asks for, do. */
function addressOf(pod: Pod): Pick<PodStatus, 'podIP'> {
  const podIP = pod.status?.podIP;
  return podIP === undefined || gpuResourceOf(pod) !== undefined ? {} : { podIP };
}

/** How long a guest may take to end: decides how it is deleted. */
function graceOf({ terminationGracePeriodSeconds }: PodSpec): Partial<PodSpec> {
  return terminationGracePeriodSeconds === undefined ? {} : { terminationGracePeriodSeconds };
}

/** Of a pod that waits for GPUs, and is not ours: on which nodes it could get them, which decides what guests make room for it. */
function whereItMayBe(pod: Pod): Partial<PodSpec> {
  if (gpuResourceOf(pod) === undefined) {
    return {};
  }
  const { nodeSelector, affinity, tolerations } = pod.spec;
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return {
    ...(nodeSelector === undefined ? {} : { nodeSelector }),
    ...(required === undefined
      ? {}
      : { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } } }),
    ...(tolerations === undefined ? {} : { tolerations }),
  };
}

function projectMetadata(pod: Pod): ObjectMeta {
  const { metadata } = pod;
  const { name, namespace, uid, resourceVersion, creationTimestamp, deletionTimestamp } = metadata;
  const owner = controllerOf(pod);
  const annotations = Object.entries(metadata.annotations ?? {}).filter(([key]) => isRead(key));
  return {
    name,
    ...(namespace === undefined ? {} : { namespace: share(namespace) }),
    uid,
    resourceVersion,
    creationTimestamp: share(creationTimestamp),
    ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
    ...(metadata.labels === undefined ? {} : { labels: shareValues(metadata.labels) }),
    ...(annotations.length === 0 ? {} : { annotations: Object.fromEntries(annotations) }),
    ...(owner === undefined
      ? {}
      : {
          ownerReferences: [
            {
              apiVersion: share(owner.apiVersion),
              kind: share(owner.kind),
              name: share(owner.name),
              uid: share(owner.uid),
              controller: true,
            },
          ],
        }),
  };
}

/** Annotations that decide something: our own, and those by which Akash's pods are known. */
function isRead(annotation: string): boolean {
  return annotation.startsWith(`${GROUP}/`) || annotation.startsWith(AKASH_PREFIX);
}

function shareValues(labels: Readonly<Record<string, string>>): Record<string, string> {
  const shared: Record<string, string> = {};
  for (const [key, value] of Object.entries(labels)) {
    shared[key] = share(value);
  }
  return shared;
}

function projectContainer({ name, resources, restartPolicy }: Container): Container {
  return {
    name: share(name),
    ...(resources === undefined ? {} : { resources }),
    ...(restartPolicy === undefined ? {} : { restartPolicy }),
  };
}

function projectStatus(status: PodStatus): PodStatus {
  const { phase, reason, conditions, startTime, containerStatuses, initContainerStatuses } = status;
  return {
    ...(phase === undefined ? {} : { phase }),
    ...(reason === undefined ? {} : { reason }),
    ...(conditions === undefined
      ? {}
      : { conditions: conditions.filter(({ type }) => CONDITIONS.has(type)).map(projectCondition) }),
    ...(startTime === undefined ? {} : { startTime: share(startTime) }),
    ...(containerStatuses === undefined
      ? {}
      : { containerStatuses: containerStatuses.map(projectContainerStatus) }),
    ...(initContainerStatuses === undefined
      ? {}
      : { initContainerStatuses: initContainerStatuses.map(projectContainerStatus) }),
  };
}

function projectCondition({ type, status, message, lastTransitionTime }: PodCondition): PodCondition {
  return {
    type: share(type),
    status,
    ...(message === undefined ? {} : { message }),
    ...(typeof lastTransitionTime === 'string' ? { lastTransitionTime: share(lastTransitionTime) } : {}),
  };
}

function projectContainerStatus(status: ContainerStatus): ContainerStatus {
  const { name, ready, restartCount, state, lastState } = status;
  return {
    name: share(name),
    ready,
    restartCount,
    image: '',
    imageID: '',
    ...(state === undefined ? {} : { state }),
    ...(lastState?.terminated === undefined ? {} : { lastState: formerEnd(lastState.terminated) }),
  };
}

/** How the container ended before it was started again, and when: its message may be long. */
function formerEnd({
  exitCode,
  reason,
  finishedAt,
}: NonNullable<ContainerState['terminated']>): ContainerState {
  return {
    terminated: {
      exitCode,
      ...(reason === undefined ? {} : { reason: share(reason) }),
      ...(finishedAt === undefined ? {} : { finishedAt }),
    },
  };
}
