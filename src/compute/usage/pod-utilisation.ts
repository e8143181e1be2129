import type { GpuSample } from './gpu-sample.ts';
import type { Holding } from './holding.ts';

/** A share in whole millionths: what exporters write has six digits, and integers add up exactly. */
export const WHOLE = 1_000_000;

/** How busy the GPUs of one pod were when they were measured. */
export interface PodUtilisation {
  /** How many of the pod's units were measured; the others are unmeasured, which is not idle. */
  readonly measured: number;
  /** The sum over the measured units of their busy share in millionths. */
  readonly busy: number;
  /** The busy share in millionths of the busiest of them. */
  readonly busiest: number;
}

/**
 * Finds the measurements of each pod, by UID of the pod. Pods without any are not in the result, nor are those that have ended: what
 * is measured under their name now is of another pod, or of none.
 * @param holdings of one cluster: names are unique in it only
 * @param samples of the same cluster
 */
export function podUtilisations(
  holdings: Iterable<Holding>,
  samples: Iterable<GpuSample>,
): ReadonlyMap<string, PodUtilisation> {
  const byPod = samplesByPod(samples);
  const result = new Map<string, PodUtilisation>();
  for (const { uid, namespace, name, units, until } of holdings) {
    if (until !== undefined || !isCount(units)) {
      continue;
    }
    // A pod of the same name may have had the GPUs a moment ago: its UID, where known, tells them apart.
    const own = byPod
      .get(podKey(namespace, name))
      ?.filter(({ pod }) => pod?.uid === undefined || pod.uid === uid);
    if (own !== undefined && own.length > 0) {
      result.set(uid, together(own, units));
    }
  }
  return result;
}

function samplesByPod(samples: Iterable<GpuSample>): ReadonlyMap<string, MeasuredSample[]> {
  const byPod = new Map<string, MeasuredSample[]>();
  for (const { pod, utilisation } of samples) {
    if (pod === undefined || utilisation === undefined) {
      continue;
    }
    const key = podKey(pod.namespace, pod.name);
    const sample = { pod, busy: Math.round(utilisation * WHOLE) };
    const known = byPod.get(key);
    if (known === undefined) {
      byPod.set(key, [sample]);
    } else {
      known.push(sample);
    }
  }
  return byPod;
}

interface MeasuredSample extends Pick<GpuSample, 'pod'> {
  readonly busy: number;
}

/** More samples than units (a GPU that two exporters watch) speak for all units with their mean. */
function together(samples: readonly MeasuredSample[], units: number): PodUtilisation {
  const measured = Math.min(samples.length, units);
  const sum = samples.reduce((total, { busy }) => total + busy, 0);
  return {
    measured,
    busy: Math.floor((sum * measured) / samples.length),
    busiest: samples.reduce((most, { busy }) => Math.max(most, busy), 0),
  };
}

function podKey(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

/** Whether it is a number of units that a pod can hold. */
export function isCount(units: number): boolean {
  return Number.isSafeInteger(units) && units > 0;
}
