import { joinKey } from '../../api/kube-object.ts';
import type { GpuVendor } from '../../compute/gpu-catalogue.ts';
import type { Place } from '../../compute/placement/request.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { Plan } from './plan.ts';
import { podName } from './replica.ts';

/** GPUs of a place that are as good as taken. */
export interface Taken extends Place {
  /** GPUs of one replica. */
  readonly gpus: number;
  readonly vendor: GpuVendor;
}

/**
 * Places that pools have chosen for pods that no cache shows yet: pools decide at the same time, and would all choose the same free
 * GPUs. Only in memory: what a restart forgets, the caches show by then.
 */
export interface Assumed {
  /** The plan of the pool takes these places from now on; those that it took before are free, or seen. */
  take(key: string, plan: Plan): void;
  forget(key: string): void;
  /** What all other pools take. */
  besides(key: string, fleet: Fleet): readonly Taken[];
}

interface Pending extends Taken {
  /** `namespace/name` */
  readonly pod: string;
}

export function createAssumed(): Assumed {
  const pending = new Map<string, readonly Pending[]>();
  return {
    take(key, plan) {
      const places = placesOf(plan);
      if (places.length > 0) {
        pending.set(key, places);
      } else {
        pending.delete(key);
      }
    },
    forget: (key) => void pending.delete(key),
    besides(key, fleet) {
      return [...pending].flatMap(([other, places]) =>
        other === key ? [] : places.filter((place) => !isSeen(place, fleet)),
      );
    },
  };
}

function placesOf({ steps, scope }: Plan): readonly Pending[] {
  const { metadata, spec } = scope.pool;
  return steps.flatMap((step) => {
    if (step.kind !== 'create' || step.order.model === undefined) {
      return [];
    }
    const { ordinal, model, terms } = step.order;
    const name = podName(metadata.name, ordinal);
    const pod = joinKey({ namespace: metadata.namespace, name });
    const { vendor, countPerReplica } = spec.gpus;
    return [{ cluster: terms.cluster, model, vendor, gpus: countPerReplica, pod }];
  });
}

function isSeen({ cluster, pod }: Pending, fleet: Fleet): boolean {
  const view = fleet.view(cluster);
  return view.kind === 'reachable' && view.pods.get(pod) !== undefined;
}
