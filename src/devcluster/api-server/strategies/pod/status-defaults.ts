import { isObject } from '../../schema/json.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { objectsIn } from './defaults.ts';

/** What Go writes of a pod's status even when nobody has set it. */
export function setPodStatusDefaults({ status }: JsonObject): void {
  if (!isObject(status)) {
    return;
  }
  for (const condition of objectsIn(status['conditions'])) {
    condition['lastProbeTime'] ??= null;
    condition['lastTransitionTime'] ??= null;
  }
  for (const list of ['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses']) {
    objectsIn(status[list]).forEach(setContainerDefaults);
  }
  if (typeof status['podIP'] === 'string' && status['podIP'] !== '') {
    const others = objectsIn(status['podIPs']).slice(1);
    status['podIPs'] = [{ ip: status['podIP'] }, ...others];
  }
}

function setContainerDefaults(container: JsonObject): void {
  for (const field of ['state', 'lastState']) {
    container[field] ??= {};
    setTimes(container[field]);
  }
}

function setTimes(state: JsonObject[string]): void {
  const { running, terminated } = isObject(state) ? state : {};
  if (isObject(running)) {
    running['startedAt'] ??= null;
  }
  if (isObject(terminated)) {
    terminated['startedAt'] ??= null;
    terminated['finishedAt'] ??= null;
  }
}
