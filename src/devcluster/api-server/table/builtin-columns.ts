import type { Json, JsonObject } from '../schema/schema.ts';
import { ageOf } from './age.ts';
import { column, integerColumn, wideColumn, type Column } from './column.ts';
import { clusterColumns } from './cluster-columns.ts';
import { podSummary } from './pod-status.ts';
import { at, namesAt, numberAt, objectsAt, textAt, textOr } from './reading.ts';

const NONE = '<none>';

export const nameColumn: Column = {
  ...column('Name', 'metadata.name', (object) => textAt(object, 'metadata', 'name')),
  format: 'name',
};

export const ageColumn = column('Age', 'metadata.creationTimestamp', (object, now) =>
  ageOf(at(object, 'metadata', 'creationTimestamp'), now),
);

/** The columns of kinds that have none of their own. */
export const defaultColumns: readonly Column[] = [
  nameColumn,
  {
    ...column('Created At', 'metadata.creationTimestamp', (object) =>
      textAt(object, 'metadata', 'creationTimestamp'),
    ),
    type: 'date',
  },
];

const templateColumns = (containers: string): Column[] => [
  wideColumn('Containers', containers, (object) => templateTexts(object, 'name')),
  wideColumn('Images', 'Images referenced by each container in the template.', (object) =>
    templateTexts(object, 'image'),
  ),
];

/** By `group/kind` (kubernetes pkg/printers/internalversion/printers.go). */
export const builtinColumns: Readonly<Record<string, readonly Column[]>> = {
  '/Pod': [
    nameColumn,
    column(
      'Ready',
      'The aggregate readiness state of this pod for accepting traffic.',
      (pod, now) => podSummary(pod, now).ready,
    ),
    column(
      'Status',
      'The aggregate status of the containers in this pod.',
      (pod, now) => podSummary(pod, now).status,
    ),
    column(
      'Restarts',
      'The number of times the containers in this pod have been restarted and when the last container in this pod has restarted.',
      (pod, now) => podSummary(pod, now).restarts,
    ),
    ageColumn,
    wideColumn('IP', 'status.podIP', (pod) =>
      textOr(textAt(objectsAt(pod, 'status', 'podIPs')[0], 'ip'), NONE),
    ),
    wideColumn('Node', 'spec.nodeName', (pod) => textOr(textAt(pod, 'spec', 'nodeName'), NONE)),
    wideColumn('Nominated Node', 'status.nominatedNodeName', (pod) =>
      textOr(textAt(pod, 'status', 'nominatedNodeName'), NONE),
    ),
    wideColumn('Readiness Gates', 'spec.readinessGates', readinessGates),
  ],
  'apps/ReplicaSet': [
    nameColumn,
    integerColumn('Desired', 'spec.replicas', (set) => numberAt(set, 'spec', 'replicas')),
    integerColumn('Current', 'status.replicas', (set) => numberAt(set, 'status', 'replicas')),
    integerColumn('Ready', 'status.readyReplicas', (set) => numberAt(set, 'status', 'readyReplicas')),
    ageColumn,
    ...templateColumns('Names of each container in the template.'),
    wideColumn('Selector', 'spec.selector', selectorText),
  ],
  'apps/Deployment': [
    nameColumn,
    column(
      'Ready',
      'Number of the pod with ready state',
      (one) => `${numberAt(one, 'status', 'readyReplicas')}/${numberAt(one, 'spec', 'replicas')}`,
    ),
    column('Up-to-date', 'status.updatedReplicas', (one) => numberAt(one, 'status', 'updatedReplicas')),
    column('Available', 'status.availableReplicas', (one) => numberAt(one, 'status', 'availableReplicas')),
    ageColumn,
    ...templateColumns('Names of each container in the template.'),
    wideColumn('Selector', 'spec.selector', selectorText),
  ],
  'apps/ControllerRevision': [
    nameColumn,
    column('Controller', 'Controller of the object', controllerName),
    column('Revision', 'revision', (one) => numberAt(one, 'revision')),
    ageColumn,
  ],
  '/ConfigMap': [
    nameColumn,
    column('Data', 'data', (map) => namesAt(map, 'data').length + namesAt(map, 'binaryData').length),
    ageColumn,
  ],
  '/Secret': [
    nameColumn,
    column('Type', 'type', (secret) => textAt(secret, 'type')),
    column('Data', 'data', (secret) => namesAt(secret, 'data').length),
    ageColumn,
  ],
  ...clusterColumns({ name: nameColumn, age: ageColumn }),
};

function templateTexts(object: JsonObject, field: string): string {
  return objectsAt(object, 'spec', 'template', 'spec', 'containers')
    .map((container) => textAt(container, field))
    .join(',');
}

/** `a=b,c in (d,e)` */
function selectorText(object: JsonObject): Json {
  const labels = namesAt(object, 'spec', 'selector', 'matchLabels').map(
    (name) => [name, `${name}=${textAt(object, 'spec', 'selector', 'matchLabels', name)}`] as const,
  );
  const expressions = objectsAt(object, 'spec', 'selector', 'matchExpressions').map(expressionText);
  const texts = [...labels, ...expressions].sort(([left], [right]) => (left < right ? -1 : 1));
  return textOr(texts.map(([, text]) => text).join(','), NONE);
}

function expressionText(expression: JsonObject): readonly [string, string] {
  const key = textAt(expression, 'key');
  const values = at(expression, 'values');
  const list = Array.isArray(values) ? `(${values.map(String).sort().join(',')})` : '()';
  switch (textAt(expression, 'operator')) {
    case 'In':
      return [key, `${key} in ${list}`];
    case 'NotIn':
      return [key, `${key} notin ${list}`];
    case 'Exists':
      return [key, key];
    default:
      return [key, `!${key}`];
  }
}

function controllerName(object: JsonObject): string {
  const controller = objectsAt(object, 'metadata', 'ownerReferences').find(
    (reference) => at(reference, 'controller') === true,
  );
  if (controller === undefined) {
    return NONE;
  }
  const [group, version] = textAt(controller, 'apiVersion').split('/');
  const kind =
    version === undefined ? textAt(controller, 'kind') : `${textAt(controller, 'kind')}.${group ?? ''}`;
  return `${kind.toLowerCase()}/${textAt(controller, 'name')}`;
}

function readinessGates(pod: JsonObject): string {
  const gates = objectsAt(pod, 'spec', 'readinessGates').map((gate) => textAt(gate, 'conditionType'));
  const met = gates.filter((gate) =>
    objectsAt(pod, 'status', 'conditions').some(
      (condition) => textAt(condition, 'type') === gate && textAt(condition, 'status') === 'True',
    ),
  );
  return gates.length === 0 ? NONE : `${met.length}/${gates.length}`;
}
