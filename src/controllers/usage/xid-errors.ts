import type { XidError } from '../../compute/quarantine/xid-failures.ts';
import type { GpuSample } from '../../compute/usage/gpu-sample.ts';

/** Notices XID errors of the GPUs of one cluster. */
export interface XidErrors {
  /**
   * An exporter shows the last error until the driver is loaded anew, so the first that is seen of a GPU may be of last year: it has no
   * beginning.
   * @param now milliseconds since 1970
   */
  look(samples: readonly GpuSample[], now: number): void;
  /** The last error of each GPU that shows one. */
  readonly all: readonly XidError[];
}

/** What a GPU showed at the last look at it. */
interface Shown {
  readonly at: number;
  /** Undefined when it shows none. */
  readonly error: XidError | undefined;
}

/** The error of a physical GPU: its MIG instances show the same. */
interface Told extends Pick<XidError, 'node' | 'gpu'> {
  /** 0 when it has had none. */
  readonly code: number;
}

/** So many GPUs may be away before any is forgotten. */
const MOST_ABSENT = 10_000;

export function createXidErrors(): XidErrors {
  const shown = new Map<string, Shown>();
  let all: readonly XidError[] = [];
  return {
    get all() {
      return all;
    },
    look(samples, now) {
      const gpus = toldOf(samples);
      for (const [key, told] of gpus) {
        shown.set(key, { at: now, error: errorOf(told, shown.get(key), now) });
      }
      // A GPU that is not shown for one look may be back with the next.
      if (shown.size > 2 * gpus.size + MOST_ABSENT) {
        [...shown.keys()].filter((key) => !gpus.has(key)).forEach((key) => shown.delete(key));
      }
      all = [...shown.values()].flatMap(({ error }) => error ?? []);
    },
  };
}

function toldOf(samples: readonly GpuSample[]): ReadonlyMap<string, Told> {
  const gpus = new Map<string, Told>();
  for (const { gpu: unit, node, xid = 0 } of samples) {
    // `GPU-1/3` is the third instance of GPU-1.
    const gpu = unit.split('/', 1)[0] ?? unit;
    const key = JSON.stringify([node, gpu]);
    if (node !== undefined && (xid !== 0 || !gpus.has(key))) {
      gpus.set(key, { node, gpu, code: xid });
    }
  }
  return gpus;
}

function errorOf(told: Told, before: Shown | undefined, now: number): XidError | undefined {
  if (told.code === 0 || before?.error?.code === told.code) {
    return told.code === 0 ? undefined : before?.error;
  }
  return before === undefined
    ? { ...told, since: undefined, lastWithout: undefined }
    : { ...told, since: now, lastWithout: before.at };
}
