/** A metric that says how busy a GPU is. */
export interface UtilisationMetric {
  readonly kind: 'utilisation';
  /** How the metric is named in samples, whatever prefix or case the exporter writes. */
  readonly source: string;
  /** The value that means busy all the time: 1 or 100. */
  readonly whole: number;
  /** Of several metrics of a GPU, the one with the lowest preference is taken. */
  readonly preference: number;
  /** Whether it is true of parts of a GPU too: MIG instances, compute partitions. */
  readonly ofParts: boolean;
}

/** A metric that samples are made from. */
export type GpuMetric = UtilisationMetric | { readonly kind: 'xid' };

/*
 * NVIDIA: etc/default-counters.csv and etc/1.x-compatibility-metrics.csv of dcgm-exporter. GPU_UTIL has no value, or 0, for MIG
 * instances (github.com/NVIDIA/dcgm-exporter/issues/216). It needs no profiling, so it is all that GPUs before Volta have.
 */
const dcgm: Readonly<Record<string, GpuMetric>> = {
  dcgm_fi_prof_gr_engine_active: {
    kind: 'utilisation',
    source: 'DCGM_FI_PROF_GR_ENGINE_ACTIVE',
    whole: 1,
    preference: 0,
    ofParts: true,
  },
  dcgm_fi_dev_gpu_util: {
    kind: 'utilisation',
    source: 'DCGM_FI_DEV_GPU_UTIL',
    whole: 100,
    preference: 1,
    ofParts: false,
  },
  dcgm_gpu_utilization: {
    kind: 'utilisation',
    source: 'DCGM_FI_DEV_GPU_UTIL',
    whole: 100,
    preference: 1,
    ofParts: false,
  },
  dcgm_fi_dev_xid_errors: { kind: 'xid' },
  dcgm_xid_errors: { kind: 'xid' },
};

/*
 * AMD: docs/configuration/metricslist.md of device-metrics-exporter. MI300 and later have the busy share of each of their compute
 * dies, of whole GPUs and of partitions; `gpu_gfx_activity` is all that MI200 has, and is true of whole GPUs only
 * (github.com/ROCm/device-metrics-exporter/issues/139).
 */
const gfxBusy: UtilisationMetric = {
  kind: 'utilisation',
  source: 'gpu_gfx_busy_instantaneous',
  whole: 100,
  preference: 0,
  ofParts: true,
};
const gfxActivity: UtilisationMetric = {
  kind: 'utilisation',
  source: 'gpu_gfx_activity',
  whole: 100,
  preference: 1,
  ofParts: false,
};
/** The exporter's `MetricsFieldPrefix` comes before its names; AMD's own charts use `amd_`. */
const gfx = /^(?:[a-z0-9_:]*_)?gpu_gfx_(activity|busy_instantaneous)$/;

/** What the metric of that name says about a GPU; undefined when nothing that counts. Exporters differ in upper and lower case. */
export function gpuMetric(name: string): GpuMetric | undefined {
  const lower = name.toLowerCase();
  if (lower.startsWith('dcgm_')) {
    return Object.hasOwn(dcgm, lower) ? dcgm[lower] : undefined;
  }
  const amd = gfx.exec(lower)?.[1];
  return amd === undefined ? undefined : amd === 'activity' ? gfxActivity : gfxBusy;
}
