import type { XidError } from '../../compute/quarantine/failures.ts';
import type { GpuSample } from '../../compute/usage/gpu-sample.ts';

/** Notices XID errors of the GPUs of one cluster. */
export interface XidErrors {
  /**
   * An exporter shows the last error until the driver is loaded anew, so the first that is seen of a GPU may be of last year: it is no news.
   * @param now milliseconds since 1970
   */
  look(samples: readonly GpuSample[], now: number): void;
  /** The last error of each GPU that has come since it was seen first. */
  readonly all: readonly XidError[];
}

export function createXidErrors(): XidErrors {
  /** By GPU; 0 when it has had none. */
  const shown = new Map<string, number>();
  const errors = new Map<string, XidError>();
  let all: readonly XidError[] = [];
  return {
    get all() {
      return all;
    },
    look(samples, now) {
      for (const { gpu, node, xid = 0 } of samples) {
        if (node === undefined) {
          continue;
        }
        const key = JSON.stringify([node, gpu]);
        const before = shown.get(key);
        shown.set(key, xid);
        if (xid === 0) {
          errors.delete(key);
        } else if (before !== undefined && before !== xid) {
          errors.set(key, { node, gpu, code: xid, since: now });
        }
      }
      forgetAllBut(new Set(samples.map(({ node, gpu }) => JSON.stringify([node, gpu]))), samples.length);
      all = [...errors.values()];
    },
  };

  /** A GPU that is not shown for one look may be back with the next. */
  function forgetAllBut(keys: ReadonlySet<string>, count: number): void {
    if (shown.size > 2 * count + MOST_ABSENT) {
      for (const key of shown.keys()) {
        if (!keys.has(key)) {
          shown.delete(key);
          errors.delete(key);
        }
      }
    }
  }
}

/** So many GPUs may be away before any is forgotten. */
const MOST_ABSENT = 10_000;
