import type { Node, NodeCondition, ResourceList } from '../../api/builtin.ts';
import type { Manifest } from '../../api/kube-object.ts';
import { rfc3339 } from '../../time/clock.ts';

/** One simulated machine. */
export interface NodeSpec {
  readonly name: string;
  readonly vendor: 'NVIDIA' | 'AMD';
  /** Value of the product label as GPU feature discovery writes it: `NVIDIA-H100-80GB-HBM3`. */
  readonly product: string;
  readonly gpus: number;
  /** Of one GPU. */
  readonly memoryMiB: number;
  /** Kubernetes quantity, such as `32`. Nothing holds the processes to it: the scheduler counts with it. */
  readonly cpu: string;
  /** Kubernetes quantity, such as `128Gi`. */
  readonly memory: string;
  /** How many pods fit. Default 250. */
  readonly maxPods?: number;
  readonly labels?: Readonly<Record<string, string>>;
}

/** The extended resource of a vendor's device plugin. */
export function gpuResource(vendor: NodeSpec['vendor']): string {
  return vendor === 'NVIDIA' ? 'nvidia.com/gpu' : 'amd.com/gpu';
}

/**
 * Labels in the manner of NVIDIA's GPU feature discovery and AMD's node labeller. The vendors' `present` labels are left to
 * `gpus > 0`.
 */
export function nodeLabels(spec: NodeSpec): Record<string, string> {
  return {
    'kubernetes.io/hostname': spec.name,
    'kubernetes.io/os': 'linux',
    'kubernetes.io/arch': process.arch === 'x64' ? 'amd64' : process.arch,
    'devcluster.headframe.dev/simulated': 'true',
    ...(spec.gpus > 0 ? gpuLabels(spec) : {}),
    ...spec.labels,
  };
}

function gpuLabels({ vendor, product, gpus, memoryMiB }: NodeSpec): Record<string, string> {
  if (vendor === 'NVIDIA') {
    return {
      'nvidia.com/gpu.present': 'true',
      'nvidia.com/gpu.product': product,
      'nvidia.com/gpu.count': String(gpus),
      'nvidia.com/gpu.memory': String(memoryMiB),
      'nvidia.com/gpu.replicas': '1',
      'nvidia.com/mig.capable': 'false',
    };
  }
  return {
    'amd.com/gpu.product-name': product,
    'amd.com/gpu.vram': `${Math.round(memoryMiB / 1024)}G`,
    [`beta.amd.com/gpu.product-name.${product}`]: String(gpus),
  };
}

/** What the agent creates when the Node is not there. */
export function nodeManifest(spec: NodeSpec): Manifest<Node> {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: spec.name, labels: nodeLabels(spec) },
    spec: {},
  };
}

/** Capacity and allocatable alike: the simulated machine keeps nothing for itself. */
export function nodeCapacity(spec: NodeSpec): ResourceList {
  return {
    cpu: spec.cpu,
    memory: spec.memory,
    'ephemeral-storage': '100Gi',
    pods: String(spec.maxPods ?? 250),
    ...(spec.gpus > 0 ? { [gpuResource(spec.vendor)]: String(spec.gpus) } : {}),
  };
}

/** What a Node's status is made of. */
export interface NodeStatusInput {
  /** Port of the agent's HTTPS endpoint on 127.0.0.1: where `kubectl logs` ends up. */
  readonly port: number;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The conditions that the API server has. */
  readonly previous: readonly NodeCondition[];
}

type Status = NonNullable<Node['status']>;

/** The Node's status; transition times move only when a condition changes. */
export function nodeStatus(spec: NodeSpec, { port, now, previous }: NodeStatusInput): Status {
  const resources = nodeCapacity(spec);
  return {
    capacity: resources,
    allocatable: resources,
    conditions: conditions(now, previous),
    addresses: [
      { type: 'InternalIP', address: '127.0.0.1' },
      { type: 'Hostname', address: spec.name },
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: port } },
    nodeInfo: nodeInfo(spec.name),
  };
}

function conditions(now: number, previous: readonly NodeCondition[]): NodeCondition[] {
  const time = rfc3339(now);
  const condition = (type: string, reason: string, message: string): NodeCondition => {
    const status = type === 'Ready' ? 'True' : 'False';
    const before = previous.find((other) => other.type === type);
    const lastTransitionTime = before?.status === status ? before.lastTransitionTime : time;
    return {
      type,
      status,
      reason,
      message,
      lastHeartbeatTime: time,
      lastTransitionTime: lastTransitionTime ?? time,
    };
  };
  const own = [
    condition('MemoryPressure', 'KubeletHasSufficientMemory', 'the simulated node has sufficient memory'),
    condition('DiskPressure', 'KubeletHasNoDiskPressure', 'the simulated node has no disk pressure'),
    condition('PIDPressure', 'KubeletHasSufficientPID', 'the simulated node has sufficient PIDs'),
    condition('Ready', 'KubeletReady', 'the node agent runs pods as local processes'),
  ];
  const foreign = previous.filter((other) => !own.some(({ type }) => type === other.type));
  return [...foreign, ...own];
}

/** Required fields of the API; that it is no kubelet stands in the version. */
function nodeInfo(name: string): Record<string, string> {
  return {
    machineID: name,
    systemUUID: name,
    bootID: name,
    kernelVersion: 'simulated',
    osImage: 'Headframe node agent (local processes)',
    containerRuntimeVersion: 'headframe://0.1.0',
    kubeletVersion: 'v1.37.2-headframe',
    kubeProxyVersion: '',
    operatingSystem: 'linux',
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
  };
}
