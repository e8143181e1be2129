import type { FieldError } from '../field-error.ts';
import { invalidValue, required } from '../field-errors.ts';
import { isObject } from '../schema/json.ts';
import type { JsonObject } from '../schema/schema.ts';
import { metaString } from '../storage/record.ts';
import { metadataFields, plainStrategy, type Strategy } from './strategy.ts';

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** core/v1 Event. Fields are selected in the names of this version, whichever door the request came through. */
export const eventStrategy: Strategy = {
  ...plainStrategy,
  createsOnUpdate: true,
  fields: (event) => {
    const about = isObject(event['involvedObject']) ? event['involvedObject'] : {};
    const source = isObject(event['source']) ? event['source'] : {};
    const about2 = (field: string): string => text(about[field]);
    return {
      ...metadataFields(event),
      'involvedObject.kind': about2('kind'),
      'involvedObject.namespace': about2('namespace'),
      'involvedObject.name': about2('name'),
      'involvedObject.uid': about2('uid'),
      'involvedObject.apiVersion': about2('apiVersion'),
      'involvedObject.resourceVersion': about2('resourceVersion'),
      'involvedObject.fieldPath': about2('fieldPath'),
      reason: text(event['reason']),
      reportingComponent: text(event['reportingComponent']) || text(source['component']),
      source: text(source['component']) || text(event['reportingComponent']),
      type: text(event['type']),
    };
  },
  defaults: (event) => {
    const empty = event['apiVersion'] === 'v1' ? EMPTY : EMPTY_OF_NEW_GROUP;
    for (const [field, value] of Object.entries(empty)) {
      event[field] ??= value;
    }
  },
  validate: (event) => {
    if (event['apiVersion'] !== 'v1') {
      return validateNewEvent(event);
    }
    const about = isObject(event['involvedObject']) ? event['involvedObject'] : {};
    const namespace = metaString(event, 'namespace') ?? '';
    const wanted = text(about['namespace']);
    // An event about a cluster-scoped object lives in the namespace `default`.
    return namespace === wanted || (wanted === '' && namespace === 'default')
      ? []
      : [
          {
            reason: 'FieldValueInvalid',
            field: 'involvedObject.namespace',
            value: wanted,
            detail: 'does not match event.namespace',
          },
        ];
  },
};

/** Go writes these even when they are empty. */
const EMPTY: Readonly<Record<string, JsonObject[string]>> = {
  source: {},
  firstTimestamp: null,
  lastTimestamp: null,
  eventTime: null,
  reportingComponent: '',
  reportingInstance: '',
};

const EMPTY_OF_NEW_GROUP: JsonObject = {
  eventTime: null,
  regarding: {},
  deprecatedSource: {},
  deprecatedFirstTimestamp: null,
  deprecatedLastTimestamp: null,
};

/** Events of events.k8s.io/v1 must say when, and of which type they are. */
function validateNewEvent({ eventTime = null, type = '' }: JsonObject): FieldError[] {
  return [
    ...(eventTime === null ? [required('eventTime')] : []),
    ...(type === 'Normal' || type === 'Warning'
      ? []
      : [invalidValue('type', type, `has invalid value: ${text(type)}`)]),
  ];
}

/** core/v1 name by events.k8s.io/v1 name. */
const names: readonly (readonly [stored: string, served: string])[] = [
  ['involvedObject', 'regarding'],
  ['message', 'note'],
  ['source', 'deprecatedSource'],
  ['firstTimestamp', 'deprecatedFirstTimestamp'],
  ['lastTimestamp', 'deprecatedLastTimestamp'],
  ['count', 'deprecatedCount'],
  ['reportingComponent', 'reportingController'],
];

/** How an events.k8s.io/v1 Event is stored: as the core/v1 Event that it is at the other door. */
export const storedAsCoreEvent = {
  fromStored: (event: JsonObject): JsonObject => {
    const served = renamed(event, 'events.k8s.io/v1', new Map(names));
    return withoutEmpty(served, ['reportingController', 'reportingInstance']);
  },
  toStored: (event: JsonObject): JsonObject => {
    const stored = renamed(event, 'v1', new Map(names.map(([name, served]) => [served, name])));
    return { ...EMPTY, ...stored };
  },
};

function withoutEmpty(event: JsonObject, fields: readonly string[]): JsonObject {
  return Object.fromEntries(
    Object.entries(event).filter(([name, value]) => value !== '' || !fields.includes(name)),
  );
}

function renamed(event: JsonObject, apiVersion: string, map: ReadonlyMap<string, string>): JsonObject {
  const fields = Object.entries(event).map(([name, value]) => [map.get(name) ?? name, value] as const);
  return { ...Object.fromEntries(fields), apiVersion };
}
