import type { Labels } from './exposition.ts';
import type { SampledPod } from './gpu-sample.ts';

/** Which GPU a series is about, and who has it. */
export interface GpuIdentity {
  /** As {@link GpuSample.gpu}. */
  readonly gpu: string;
  /** The physical GPU that `gpu` is, or is a part of. */
  readonly device: string;
  readonly node: string | undefined;
  readonly pod: SampledPod | undefined;
  readonly model: string | undefined;
  readonly migProfile: string | undefined;
  /** A MIG instance, or a compute partition of an AMD GPU. */
  readonly isPart: boolean;
  /** Series with the same key are about the same share of the same GPU. */
  readonly key: string;
}

/** Compute partition types under which an AMD GPU is one device. */
const undivided: readonly (string | undefined)[] = [undefined, 'none', 'spx'];

/** Undefined when the labels name no GPU. */
export function gpuIdentity(labels: Labels): GpuIdentity | undefined {
  const device = nameOf(labels);
  if (device === undefined) {
    return undefined;
  }
  const migInstance = first(labels, ['GPU_I_ID']);
  const gpu = migInstance === undefined ? device : `${device}/${migInstance}`;
  const node = first(labels, ['Hostname', 'hostname', 'node', 'kubernetes_node']);
  const pod = podOf(labels);
  const migProfile = first(labels, ['GPU_I_PROFILE']);
  const partition = first(labels, ['gpu_compute_partition_type'])?.toLowerCase();
  // Pods that share a GPU in time slices have a series each; a pod may hold several slices of one GPU.
  const slice = first(labels, ['vgpu']);
  return {
    gpu,
    device,
    node,
    pod,
    model: first(labels, ['modelName', 'card_series', 'card_model']),
    migProfile,
    isPart: migInstance !== undefined || migProfile !== undefined || !undivided.includes(partition),
    key: JSON.stringify([node, gpu, slice, pod?.namespace, pod?.name, pod?.uid]),
  };
}

/** The names under which exporters of NVIDIA and AMD tell GPUs apart, the surest first. */
function nameOf(labels: Labels): string | undefined {
  const card = first(labels, ['serial_number']);
  const id = first(labels, ['gpu_id']);
  return (
    first(labels, ['UUID', 'uuid', 'gpu_uuid']) ??
    (card === undefined || id === undefined ? undefined : `${card}/${id}`) ??
    first(labels, ['gpu', 'gpu_id'])
  );
}

/**
 * The pod that has the GPU. Where Prometheus has pod labels of its own for the exporter, it renames the exporter's labels to
 * `exported_...`; old exporters could be told to write `pod_name` and `pod_namespace`. Of a GPU that no pod has, Prometheus drops the
 * empty labels of the exporter: it then seems to be the exporter's own pod that has it, which holds no GPUs for a pool.
 */
function podOf(labels: Labels): SampledPod | undefined {
  const name = first(labels, ['exported_pod', 'pod', 'pod_name']);
  const namespace = first(labels, ['exported_namespace', 'namespace', 'pod_namespace']);
  if (name === undefined || namespace === undefined) {
    return undefined;
  }
  return { namespace, name, uid: first(labels, ['exported_pod_uid', 'pod_uid', 'pod_uuid']) };
}

/** The first of these labels that is there and not empty: in Prometheus an empty label is the same as none. */
function first(labels: Labels, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = labels[name];
    if (value !== undefined && value !== '') {
      return value;
    }
  }
  return undefined;
}
