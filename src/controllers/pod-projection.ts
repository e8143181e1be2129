import type { Container, ContainerStatus, Pod, PodStatus } from '../api/builtin.ts';

/**
 * What the operator keeps of a pod: names, owner, GPUs, node, and how it fares. The rest (environment, volumes, probes, managed
 * fields) is most of a pod's size and decides nothing here.
 */
export function projectPod(pod: Pod): Pod {
  const { nodeName, containers, initContainers } = pod.spec;
  return {
    apiVersion: pod.apiVersion,
    kind: pod.kind,
    metadata: pod.metadata,
    spec: {
      containers: containers.map(projectContainer),
      ...(initContainers === undefined ? {} : { initContainers: initContainers.map(projectContainer) }),
      ...(nodeName === undefined ? {} : { nodeName }),
    },
    ...(pod.status === undefined ? {} : { status: projectStatus(pod.status) }),
  };
}

function projectContainer({ name, resources, restartPolicy }: Container): Container {
  return {
    name,
    ...(resources === undefined ? {} : { resources }),
    ...(restartPolicy === undefined ? {} : { restartPolicy }),
  };
}

function projectStatus(status: PodStatus): PodStatus {
  const { phase, reason, conditions, containerStatuses, initContainerStatuses } = status;
  return {
    ...(phase === undefined ? {} : { phase }),
    ...(reason === undefined ? {} : { reason }),
    ...(conditions === undefined ? {} : { conditions }),
    ...(containerStatuses === undefined
      ? {}
      : { containerStatuses: containerStatuses.map(projectContainerStatus) }),
    ...(initContainerStatuses === undefined
      ? {}
      : { initContainerStatuses: initContainerStatuses.map(projectContainerStatus) }),
  };
}

function projectContainerStatus(status: ContainerStatus): ContainerStatus {
  const { name, ready, restartCount, state } = status;
  return { name, ready, restartCount, image: '', imageID: '', ...(state === undefined ? {} : { state }) };
}
