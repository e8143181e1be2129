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
  prepareForCreate: (event) => {
    for (const field of [
      'source',
      'firstTimestamp',
      'lastTimestamp',
      'eventTime',
      'reportingComponent',
      'reportingInstance',
    ]) {
      event[field] ??= EMPTY[field];
    }
  },
  validate: (event) => {
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
  fromStored: (event: JsonObject): JsonObject => renamed(event, 'events.k8s.io/v1', new Map(names)),
  toStored: (event: JsonObject): JsonObject =>
    renamed(event, 'v1', new Map(names.map(([stored, served]) => [served, stored]))),
};

function renamed(event: JsonObject, apiVersion: string, map: ReadonlyMap<string, string>): JsonObject {
  const fields = Object.entries(event).map(([name, value]) => [map.get(name) ?? name, value] as const);
  return { ...Object.fromEntries(fields), apiVersion };
}
