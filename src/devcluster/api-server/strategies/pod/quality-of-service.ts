import { isObject } from '../../schema/json.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { objectsIn } from './defaults.ts';

/** `status.qosClass` (k8s.io/kubernetes/pkg/apis/core/v1/helper/qos): from the requests and limits of CPU and memory. */
export function qualityOfService(spec: JsonObject): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  const containers = [...objectsIn(spec['initContainers']), ...objectsIn(spec['containers'])];
  const parts = containers.map(({ resources }) => {
    const given = isObject(resources) ? resources : {};
    return { requests: compute(given['requests']), limits: compute(given['limits']) };
  });
  if (parts.every(({ requests, limits }) => requests.size === 0 && limits.size === 0)) {
    return 'BestEffort';
  }
  const guaranteed = parts.every(
    ({ requests, limits }) =>
      limits.size === 2 && [...limits].every(([name, limit]) => (requests.get(name) ?? limit) === limit),
  );
  return guaranteed ? 'Guaranteed' : 'Burstable';
}

function compute(list: unknown): Map<string, string> {
  const entries = Object.entries(isObject(list as never) ? (list as Record<string, unknown>) : {});
  return new Map(
    entries
      .filter(([name, amount]) => (name === 'cpu' || name === 'memory') && String(amount) !== '0')
      .map(([name, amount]) => [name, String(amount)]),
  );
}
