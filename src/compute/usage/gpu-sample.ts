/** A pod, as an exporter names it. */
export interface SampledPod {
  readonly namespace: string;
  readonly name: string;
  /** Only where the exporter is told to write it. */
  readonly uid: string | undefined;
}

/** What was measured of one GPU, or of one MIG instance, for one pod that has it. Whatever was not measured is undefined, never 0. */
export interface GpuSample {
  /** The GPU's UUID, else its serial or index on the node; followed by `/` and the number of a MIG instance. */
  readonly gpu: string;
  readonly node: string | undefined;
  /** Undefined when no pod has the GPU, or the exporter does not know pods. */
  readonly pod: SampledPod | undefined;
  /** The share of time in which the GPU worked, 0 to 1. Of a GPU that pods share in time slices: that of the whole GPU. */
  readonly utilisation: number | undefined;
  /** The metric that `utilisation` comes from, such as `DCGM_FI_PROF_GR_ENGINE_ACTIVE`. */
  readonly source: string | undefined;
  /** As the driver names it, such as `NVIDIA H100 80GB HBM3`. */
  readonly model: string | undefined;
  /** Such as `1g.10gb`; only of MIG instances. */
  readonly migProfile: string | undefined;
  /**
   * Code of the last XID error; undefined when there was none. It stays until the driver is loaded anew, however long ago the
   * error was: a change tells of an error, the value alone does not (github.com/NVIDIA/dcgm-exporter/issues/500).
   */
  readonly xid: number | undefined;
}
