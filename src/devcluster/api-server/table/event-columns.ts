import type { JsonObject } from '../schema/schema.ts';
import { ageOf } from './age.ts';
import { column, wideColumn, type Column } from './column.ts';
import { at, numberAt, textAt, textOr } from './reading.ts';

const SUBOBJECT =
  'If referring to a piece of an object instead of an entire object, this string should contain a valid JSON/Go field access statement, such as desiredState.manifest.containers[2]. For example, if the object reference is to a container within a pod, this would take on a value like: "spec.containers{name}" (where "name" refers to the name of the container that triggered the event) or if no container name is specified "spec.containers[2]" (container with index 2 in this pod). This syntax is chosen only to have some well-defined way of referencing a part of an object.';

/** The columns of events of v1. */
export function eventColumns(name: Column): Column[] {
  return [
    column('Last Seen', 'The time at which the most recent occurrence of this event was recorded.', lastSeen),
    column('Type', 'Type of this event (Normal, Warning), new types could be added in the future', (event) =>
      textAt(event, 'type'),
    ),
    column(
      'Reason',
      "This should be a short, machine understandable string that gives the reason for the transition into the object's current status.",
      (event) => textAt(event, 'reason'),
    ),
    column('Object', 'The object that this event is about.', involved),
    wideColumn('Subobject', SUBOBJECT, (event) => textAt(event, 'involvedObject', 'fieldPath')),
    wideColumn(
      'Source',
      'The component reporting this event. Should be a short machine understandable string.',
      source,
    ),
    column('Message', 'A human-readable description of the status of this operation.', (event) =>
      textAt(event, 'message').trim(),
    ),
    wideColumn(
      'First Seen',
      'The time at which the event was first recorded. (Time of server receipt is in TypeMeta.)',
      firstSeen,
    ),
    wideColumn('Count', 'The number of times this event has occurred.', (event) =>
      at(event, 'series') === undefined ? numberAt(event, 'count') || 1 : numberAt(event, 'series', 'count'),
    ),
    { ...name, priority: 1 },
  ];
}

/** The same for events of events.k8s.io/v1, whose fields have other names. */
export function coreEventColumns(name: Column): Column[] {
  return eventColumns(name).map((one) => ({
    ...one,
    cell: (event: JsonObject, now: number) => one.cell(asCoreEvent(event), now),
  }));
}

function firstSeen(event: JsonObject, now: number): string {
  return ageOf(textOr(textAt(event, 'firstTimestamp'), textAt(event, 'eventTime')), now);
}

function lastSeen(event: JsonObject, now: number): string {
  const series = textAt(event, 'series', 'lastObservedTime');
  const last = series === '' ? textAt(event, 'lastTimestamp') : series;
  return last === '' ? firstSeen(event, now) : ageOf(last, now);
}

function involved(event: JsonObject): string {
  const kind = textAt(event, 'involvedObject', 'kind').toLowerCase();
  const name = textAt(event, 'involvedObject', 'name');
  return name === '' ? kind : `${kind}/${name}`;
}

function source(event: JsonObject): string {
  const component = textOr(textAt(event, 'source', 'component'), textAt(event, 'reportingComponent'));
  const instance = textOr(textAt(event, 'source', 'host'), textAt(event, 'reportingInstance'));
  return instance === '' ? component : `${component}, ${instance}`;
}

/** An event of events.k8s.io/v1 with the field names of v1. */
function asCoreEvent(event: JsonObject): JsonObject {
  return {
    ...event,
    involvedObject: event['regarding'],
    message: event['note'],
    source: event['deprecatedSource'],
    count: event['deprecatedCount'],
    firstTimestamp: event['deprecatedFirstTimestamp'],
    lastTimestamp: event['deprecatedLastTimestamp'],
    reportingComponent: event['reportingController'],
  };
}
