import type { Clock } from '../../../time/clock.ts';
import { groupVersionOf } from '../resources/resource.ts';
import type { Served } from '../resources/served.ts';
import type { JsonObject } from '../schema/schema.ts';
import { bodyText, recordText, type StoredRecord } from '../storage/record.ts';
import { tableOf } from '../table/table.ts';
import { toServed, type ApiResult } from '../verbs/api-request.ts';
import { textHead, type Representation } from './representation.ts';

/** What rendering depends on. */
export interface Rendering {
  readonly served: Served;
  readonly form: Representation;
  readonly clock: Clock;
}

/** The JSON text of a verb's answer in the form that was asked for. */
export function renderResult(result: ApiResult, rendering: Rendering): string {
  switch (result.kind) {
    case 'object':
      return JSON.stringify(result.object);
    case 'record':
      return renderRecord(result.record, rendering);
    case 'list':
      return renderList(result.records, result.metadata, rendering);
  }
}

/** One object. */
export function renderRecord(record: StoredRecord, { served, form, clock }: Rendering): string {
  switch (form.kind) {
    case 'object':
      return textHead(served.resource) + servedText(served, record);
    case 'partial':
      return `${PARTIAL_HEAD}${partialText(record)}`;
    case 'table':
      return JSON.stringify(
        tableOf(served.resource, [toServed(served, record.object)], {
          listMeta: { resourceVersion: String(record.revision) },
          includeObject: form.includeObject,
          now: clock.now(),
        }),
      );
  }
}

const PARTIAL_HEAD = '{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1",';

function partialText({ object }: StoredRecord): string {
  return `"metadata":${JSON.stringify(object['metadata'])}}`;
}

/** Without the head; remembered by the record unless this version looks different from the stored one. */
function servedText({ fromStored }: Served, record: StoredRecord): string {
  const object = fromStored?.(record.object) ?? record.object;
  return object === record.object ? recordText(record) : bodyText(object);
}

function withoutEmptyToken({ continue: token, ...rest }: JsonObject): JsonObject {
  return token === undefined || token === '' ? rest : { continue: token, ...rest };
}

function renderList(
  records: readonly StoredRecord[],
  metadata: JsonObject,
  { served, form, clock }: Rendering,
): string {
  const { resource } = served;
  switch (form.kind) {
    case 'object': {
      // Items of built-in lists do not repeat kind and apiVersion, those of custom resources do.
      const head = resource.custom
        ? `{"apiVersion":${JSON.stringify(groupVersionOf(resource))},"kind":${JSON.stringify(resource.kind)},`
        : '{';
      const items = records.map((record) => head + servedText(served, record));
      return `{"kind":${JSON.stringify(resource.listKind)},"apiVersion":${JSON.stringify(groupVersionOf(resource))},"metadata":${JSON.stringify(metadata)},"items":[${items.join(',')}]}`;
    }
    case 'partial': {
      const items = records.map((record) => PARTIAL_HEAD + partialText(record));
      return `{"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1","metadata":${JSON.stringify(withoutEmptyToken(metadata))},"items":[${items.join(',')}]}`;
    }
    case 'table':
      return JSON.stringify(
        tableOf(
          resource,
          records.map(({ object }) => toServed(served, object)),
          { listMeta: withoutEmptyToken(metadata), includeObject: form.includeObject, now: clock.now() },
        ),
      );
  }
}
