/** One GPU at one moment, and who has it. */
export interface GpuSample {
  readonly index: number;
  readonly uuid: string;
  /** The product as the driver says it, with spaces. */
  readonly modelName: string;
  readonly nodeName: string;
  readonly memoryMiB: number;
  /** 0 to 1. Simulated: how much of a tenth of a core the container's processes use, at most 1, the same for each of its GPUs. */
  readonly utilisation: number;
  /** Absent when no container has it. */
  readonly holder?:
    { readonly namespace: string; readonly pod: string; readonly container: string } | undefined;
}

interface Field {
  readonly name: string;
  readonly help: string;
  value(sample: GpuSample): number;
}

/** Watts and degrees of an idle and of a busy data centre GPU: plausible, not measured. */
const IDLE_WATTS = 70;
const BUSY_WATTS = 700;
const IDLE_CELSIUS = 32;
const BUSY_CELSIUS = 74;
/** Part of its memory that a container's work takes. */
const MEMORY_SHARE = 0.6;

function memoryUsedMiB({ memoryMiB, holder }: GpuSample): number {
  return holder === undefined ? 0 : Math.round(memoryMiB * MEMORY_SHARE);
}

/** Names, types and units of the DCGM exporter's default counters. */
const fields: readonly Field[] = [
  {
    name: 'DCGM_FI_DEV_GPU_TEMP',
    help: 'GPU temperature (in C).',
    value: ({ utilisation }) => Math.round(between(IDLE_CELSIUS, BUSY_CELSIUS, utilisation)),
  },
  {
    name: 'DCGM_FI_DEV_POWER_USAGE',
    help: 'Power draw (in W).',
    value: ({ utilisation }) => Math.round(between(IDLE_WATTS, BUSY_WATTS, utilisation)),
  },
  {
    name: 'DCGM_FI_DEV_GPU_UTIL',
    help: 'GPU utilization (in %).',
    value: ({ utilisation }) => Math.round(utilisation * 100),
  },
  {
    name: 'DCGM_FI_DEV_FB_FREE',
    help: 'Framebuffer memory free (in MiB).',
    value: (sample) => sample.memoryMiB - memoryUsedMiB(sample),
  },
  {
    name: 'DCGM_FI_DEV_FB_USED',
    help: 'Framebuffer memory used (in MiB).',
    value: memoryUsedMiB,
  },
  {
    name: 'DCGM_FI_PROF_GR_ENGINE_ACTIVE',
    help: 'Ratio of time the graphics engine is active.',
    value: ({ utilisation }) => Number(utilisation.toFixed(4)),
  },
];

function between(low: number, high: number, share: number): number {
  return low + (high - low) * share;
}

/** The samples as the DCGM exporter would write them (Prometheus text format 0.0.4). */
export function dcgmText(samples: readonly GpuSample[]): string {
  const lines = fields.flatMap((field) => [
    `# HELP ${field.name} ${field.help}`,
    `# TYPE ${field.name} gauge`,
    ...samples.map((sample) => `${field.name}{${labelText(sample)}} ${field.value(sample)}`),
  ]);
  return `${lines.join('\n')}\n`;
}

function labelText({ index, uuid, modelName, nodeName, holder }: GpuSample): string {
  const labels = {
    gpu: String(index),
    UUID: uuid,
    device: `nvidia${index}`,
    modelName,
    // The exporter renamed it to lower case in 2026; both are written, so that old and new dashboards work.
    Hostname: nodeName,
    hostname: nodeName,
    ...(holder ?? {}),
  };
  return Object.entries(labels)
    .map(
      ([name, value]) =>
        `${name}="${value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')}"`,
    )
    .join(',');
}
