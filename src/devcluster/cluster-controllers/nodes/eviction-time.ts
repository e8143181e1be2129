import type { Toleration } from '../../../api/builtin.ts';
import type { Immutable } from '../../../api/kube-object.ts';
import { tolerates } from '../../../compute/taints.ts';
import type { TimedTaint } from './node-health.ts';

/**
 * When a pod must leave a node because of its NoExecute taints, in milliseconds since 1970: at once when one is not
 * tolerated, else when the first toleration runs out. Undefined when it may stay.
 */
export function evictionTime(
  taints: readonly Immutable<TimedTaint>[],
  tolerations: readonly Immutable<Toleration>[],
  now: number,
): number | undefined {
  const times = taints
    .filter(({ effect }) => effect === 'NoExecute')
    .map((taint) => {
      const accepting = tolerations.filter((toleration) => tolerates(toleration, taint));
      // Each toleration with a limit counts, the shortest decides. (tainteviction: getMinTolerationTime)
      const seconds = accepting.flatMap(({ tolerationSeconds }) => tolerationSeconds ?? []);
      const since = taint.timeAdded === undefined ? now : Date.parse(taint.timeAdded);
      const limit = seconds.length === 0 ? Infinity : since + 1000 * Math.max(0, Math.min(...seconds));
      return accepting.length === 0 ? now : limit;
    });
  const first = Math.min(Infinity, ...times);
  return first === Infinity ? undefined : first;
}
