import type { Served } from '../resources/served.ts';
import type { JsonObject } from '../schema/schema.ts';
import { parseFieldSelector } from '../selectors/field-selector.ts';
import { parseLabelSelector } from '../selectors/label-selector.ts';
import { expired, internalError, notFound, resourceVersionTooLarge } from '../status.ts';
import type { StoredRecord } from '../storage/record.ts';
import { keyOf, toServed, type ApiRequest, type ApiResult } from './api-request.ts';
import { continueToken, readContinueToken } from './continue-token.ts';
import { listOptions, type ListOptions } from './list-options.ts';

/** GET of one object. */
export function get({ served, namespace, name = '', query }: ApiRequest): ApiResult {
  checkVersion(query.get('resourceVersion') ?? '');
  const record = served.collection.get(keyOf(namespace, name));
  if (record === undefined) {
    throw notFound(served.resource, name);
  }
  return { kind: 'record', code: 200, record };
}

function checkVersion(version: string): void {
  if (!/^\d*$/.test(version)) {
    const text = JSON.stringify(version);
    throw internalError(
      `resourceVersion: Invalid value: ${text}: strconv.ParseUint: parsing ${text}: invalid syntax`,
    );
  }
}

/** GET of a collection. */
export function list(request: ApiRequest): ApiResult {
  const { served, query } = request;
  const options = listOptions(query, { watch: false });
  const matches = selector(request);
  const { records, revision } = snapshot(request, options);
  const selected = matches === undefined ? records : records.filter(({ object }) => matches(object));
  const start = options.continueToken === undefined ? 0 : firstAfter(selected, startOf(request, options));
  // Whoever takes any state gets it from a cache, which knows no pages.
  const isPaged = options.limit > 0 && options.resourceVersion !== 0;
  const page = isPaged ? selected.slice(start, start + options.limit) : selected.slice(start);
  const left = selected.length - start - page.length;
  const last = page.at(-1);
  // Lists of custom resources name the token even when it is empty.
  const metadata: JsonObject = {
    ...(served.resource.custom ? { continue: '' } : {}),
    resourceVersion: String(revision),
  };
  if (left > 0 && last !== undefined) {
    metadata['continue'] = continueToken(revision, startKey(served, request, last));
    if (matches === undefined) {
      metadata['remainingItemCount'] = left;
    }
  }
  return { kind: 'list', metadata, records: page };
}

/** What the selectors of the request choose, now. */
export function selectRecords(request: ApiRequest): readonly StoredRecord[] {
  const matches = selector(request);
  const records = request.served.collection.records(request.namespace);
  return matches === undefined ? records : records.filter(({ object }) => matches(object));
}

/** The request's selectors over stored objects; undefined when it has none. @throws StatusError 400 */
export function selector({ served, query, name }: ApiRequest): ((object: JsonObject) => boolean) | undefined {
  const labels = query.get('labelSelector') ?? '';
  const fields = [query.get('fieldSelector') ?? '', name === undefined ? '' : `metadata.name=${name}`]
    .filter((part) => part !== '')
    .join(',');
  if (labels === '' && fields === '') {
    return undefined;
  }
  const byLabels = labels === '' ? undefined : parseLabelSelector(labels);
  const byFields = fields === '' ? undefined : parseFieldSelector(fields, served.strategy.fields);
  return (object) =>
    (byLabels?.(object) ?? true) && (byFields === undefined || byFields(toServed(served, object)));
}

interface Snapshot {
  readonly records: readonly StoredRecord[];
  readonly revision: number;
}

/** The state that the request asks for. @throws StatusError 400, 410 or 504 */
function snapshot({ served, namespace }: ApiRequest, options: ListOptions): Snapshot {
  const { collection } = served;
  const current = collection.revision;
  if (options.continueToken !== undefined) {
    return continued({ served, namespace, token: options.continueToken });
  }
  const { resourceVersion: asked } = options;
  if (asked !== undefined && asked > current) {
    throw resourceVersionTooLarge(asked, current);
  }
  if (asked === undefined || asked === 0 || !isExact(options)) {
    return { records: collection.records(namespace), revision: current };
  }
  const records = collection.recordsAt(asked, namespace);
  if (records === undefined) {
    throw expired('The resourceVersion for the provided list is too old.');
  }
  return { records, revision: asked };
}

/** A page size asks for a state that the following pages can be taken from. */
function isExact({ match, limit }: ListOptions): boolean {
  return match === 'Exact' || (match === undefined && limit > 0);
}

function continued({
  served: { collection },
  namespace,
  token,
}: {
  served: Served;
  namespace: string | undefined;
  token: string;
}): Snapshot {
  const { revision, start } = readContinueToken(token);
  if (revision < 0) {
    return { records: collection.records(namespace), revision: collection.revision };
  }
  const records = collection.recordsAt(revision, namespace);
  if (records === undefined) {
    throw expired(
      'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
      continueToken(-1, start),
    );
  }
  return { records, revision };
}

/** Within the namespace, as etcd's keys are under the prefix of the request. */
function startKey({ resource }: Served, { namespace }: ApiRequest, { key, name }: StoredRecord): string {
  return `${namespace !== undefined && resource.namespaced ? name : key}\0`;
}

function startOf({ namespace }: ApiRequest, { continueToken: token = '' }: ListOptions): string {
  const { start } = readContinueToken(token);
  return namespace === undefined ? start : `${namespace}/${start}`;
}

/** The index of the first record whose key is not before `start`. */
function firstAfter(records: readonly StoredRecord[], start: string): number {
  const index = records.findIndex(({ key }) => key >= start);
  return index < 0 ? records.length : index;
}
