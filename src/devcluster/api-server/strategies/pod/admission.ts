import { textOf } from '../../json-text.ts';
import { isObject } from '../../schema/json.ts';
import type { Json, JsonObject } from '../../schema/schema.ts';
import { forbidden } from '../../status.ts';
import { metaString } from '../../storage/record.ts';
import type { Collection } from '../../storage/collection.ts';
import type { StrategyContext } from '../strategy.ts';
import { objectsIn } from './defaults.ts';

/** Classes that every cluster has (k8s.io/kubernetes/pkg/apis/scheduling). */
const SYSTEM_PRIORITIES: Readonly<Record<string, number>> = {
  'system-cluster-critical': 2_000_000_000,
  'system-node-critical': 2_000_001_000,
};

/** Plugin DefaultTolerationSeconds: a pod outlives five minutes of a lost node. */
const LOST_NODE_SECONDS = 300;

/** What the default admission plugins make of a new pod. @throws StatusError 403 for an unknown priority class */
export function admitPod(pod: JsonObject, context: StrategyContext): void {
  const spec: JsonObject = isObject(pod['spec']) ? pod['spec'] : {};
  pod['spec'] = spec;
  setPriority(pod, spec, context);
  setServiceAccount(pod, spec, context);
  setTolerations(spec);
}

function setPriority(pod: JsonObject, spec: JsonObject, { store }: StrategyContext): void {
  const classes = store.collection('priorityclasses.scheduling.k8s.io');
  const name = priorityClassOf(spec, classes);
  if (name === undefined) {
    refusePriority(pod, spec, 0);
    spec['priority'] = 0;
    spec['preemptionPolicy'] ??= 'PreemptLowerPriority';
    return;
  }
  const found = classes.get(name)?.object;
  const value = found?.['value'] ?? SYSTEM_PRIORITIES[name];
  if (value === undefined) {
    throw forbidden(
      { group: '', plural: 'pods' },
      metaString(pod, 'name') ?? '',
      `no PriorityClass with name ${name} was found`,
    );
  }
  refusePriority(pod, spec, value);
  spec['priorityClassName'] = name;
  spec['priority'] = value;
  spec['preemptionPolicy'] ??= found?.['preemptionPolicy'] ?? 'PreemptLowerPriority';
}

/** Only the class says how important a pod is. */
function refusePriority(pod: JsonObject, { priority }: JsonObject, computed: Json): void {
  if (typeof priority === 'number' && priority !== computed) {
    const why = `the integer value of priority (${priority}) must not be provided in pod spec; priority admission controller computed ${textOf(computed)} from the given PriorityClass name`;
    throw forbidden({ group: '', plural: 'pods' }, metaString(pod, 'name') ?? '', why);
  }
}

function priorityClassOf({ priorityClassName }: JsonObject, classes: Collection): string | undefined {
  return typeof priorityClassName === 'string' && priorityClassName !== ''
    ? priorityClassName
    : classes.records().find(({ object }) => object['globalDefault'] === true)?.name;
}

function setServiceAccount(pod: JsonObject, spec: JsonObject, { store }: StrategyContext): void {
  if ((spec['serviceAccountName'] ?? '') === '') {
    spec['serviceAccountName'] = 'default';
  }
  spec['serviceAccount'] = spec['serviceAccountName'];
  const account = textOf(spec['serviceAccountName']);
  const key = `${metaString(pod, 'namespace') ?? ''}/${account}`;
  if (store.collection('serviceaccounts').get(key) === undefined) {
    const why = `error looking up service account ${key}: serviceaccount ${JSON.stringify(account)} not found`;
    throw forbidden({ group: '', plural: 'pods' }, metaString(pod, 'name') ?? '', why);
  }
}

/** Plugin DefaultTolerationSeconds, for new pods and for changed ones. */
export function setTolerations(spec: JsonObject): void {
  const tolerations: Json[] = Array.isArray(spec['tolerations']) ? [...spec['tolerations']] : [];
  for (const key of ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']) {
    if (!objectsIn(tolerations).some((toleration) => tolerates(toleration, key))) {
      tolerations.push({
        key,
        operator: 'Exists',
        effect: 'NoExecute',
        tolerationSeconds: LOST_NODE_SECONDS,
      });
    }
  }
  spec['tolerations'] = tolerations;
}

function tolerates({ key = '', effect = '' }: JsonObject, taint: string): boolean {
  return (key === taint || key === '') && (effect === 'NoExecute' || effect === '');
}
