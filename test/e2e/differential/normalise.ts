import type { Json, JsonObject } from '../../../src/devcluster/api-server/schema/schema.ts';
import type { Entry, Transcript } from './run-case.ts';

/**
 * The transcript with what may differ between two servers replaced by symbols. UIDs and resourceVersions stay comparable within
 * a case: equal ones get equal symbols, and resourceVersions of objects are numbered in their order.
 */
export function normalised({ namespace, entries }: Transcript): Entry[] {
  const versions = objectVersions(entries);
  const scope: Scope = { text: textNormaliser(namespace), versions };
  return entries.map(({ step, answer }) => ({ step, answer: normalisedObject(answer, scope) }));
}

interface Scope {
  text(text: string): string;
  /** Rank of each object's resourceVersion. */
  readonly versions: ReadonlyMap<string, string>;
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
/** Cases generate names from prefixes that end like this. */
const GENERATED = /(?<=made[-_])[bcdfghjklmnpqrstvwxz2456789]{5}\b/g;
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;

/** What kubectl prints, and what messages hold, is replaced wherever it stands. */
function textNormaliser(namespace: string): (text: string) => string {
  const uids = new Map<string, string>();
  return (text) =>
    text
      .replaceAll(UUID, (uid) => {
        const symbol = uids.get(uid) ?? `<uid ${uids.size + 1}>`;
        uids.set(uid, symbol);
        return symbol;
      })
      .replaceAll(namespace, '<namespace>')
      .replaceAll(GENERATED, '<random>')
      .replaceAll(TIME, (_, fraction: string | undefined) =>
        fraction === undefined ? '<time>' : '<precise time>',
      )
      .replaceAll(/127\.0\.0\.1:\d+/g, '<server>')
      .replaceAll(/\b10\.\d+\.\d+\.\d+\b/g, '<cluster IP>')
      .replaceAll(/(Too large resource version: \d+, current: )\d+/g, '$1<version>')
      .replaceAll(/(ResourceVersion in record )\(\d+\)/g, '$1(<version>)')
      .replaceAll(/(too old resource version: )\d+ \(\d+\)/g, '$1<version> (<version>)')
      .replaceAll(/(resourceVersion\\?"?: ?\\?)"\d+\\?"/g, '$1"<version>"')
      .replaceAll(/(Resource Version:\s+)\d+/g, '$1<version>');
}

function normalisedObject(value: JsonObject, scope: Scope): JsonObject {
  // UIDs are numbered in an order that both sides have, whatever the order of their fields.
  const sortedFields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  const entries = sortedFields.map(([key, item]): [string, Json] => [
    scope.text(key),
    normalisedField(key, item ?? null, { holder: value, scope }),
  ]);
  const result: JsonObject = Object.fromEntries(entries);
  return result['kind'] === 'Status' ? withSortedCauses(result) : result;
}

function normalisedField(
  key: string,
  value: Json,
  { holder, scope }: { holder: JsonObject; scope: Scope },
): Json {
  if (key === 'continue' && typeof value === 'string' && value !== '') {
    return '<continue>';
  }
  if (key === 'resourceVersion' && typeof value === 'string') {
    return versionSymbol(value, holder, scope);
  }
  if (Array.isArray(value) && isInNoOrder(key, holder)) {
    return sorted(value.map((entry) => normalisedValue(entry, scope)));
  }
  if (key === 'stdout' && typeof value === 'string') {
    return printedLines(scope.text(value));
  }
  if (holder['kind'] === 'Table' && key === 'rows') {
    return tableRows(holder, normalisedValue(value, scope));
  }
  return normalisedValue(value, scope);
}

/** A list's is that of all its server's objects, which other cases write. */
function versionSymbol(version: string, holder: JsonObject, { versions }: Scope): string {
  const rank = 'uid' in holder ? versions.get(version) : undefined;
  return rank ?? (/^[1-9]\d*$/.test(version) ? '<version>' : version);
}

/** By content: what upstream orders by seconds, or not at all, comes in any order. */
/** Besides managed fields the kinds of custom resources: a real server lists them in the order of a map, which is none. */
function isInNoOrder(key: string, holder: JsonObject): boolean {
  return (
    key === 'managedFields' ||
    (key === 'resources' && (holder['kind'] === 'APIResourceList' || 'freshness' in holder))
  );
}

function sorted<T extends Json>(items: readonly T[]): T[] {
  return [...items].sort((one, other) => (ordered(one) < ordered(other) ? -1 : 1));
}

/** JSON that does not depend on the order in which a server names the fields. */
function ordered(value: Json): string {
  return JSON.stringify(value, (_key, item: Json) =>
    item !== null && typeof item === 'object' && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}

/** Upstream asks some validations twice, and words the message without the repetitions. */
function withoutRepetition(causes: readonly Json[]): Json[] {
  return [...new Map(causes.map((cause) => [ordered(cause), cause])).values()];
}

/** Upstream walks through maps, in no order, when it looks for causes. */
function withSortedCauses(status: JsonObject): JsonObject {
  const { details, message } = status;
  const causes = (details as { causes?: Json } | undefined)?.causes;
  if (!Array.isArray(causes) || causes.length < 2 || typeof message !== 'string') {
    return status;
  }
  const texts = causes.map((cause) => {
    const { field, message: text } = cause as { field?: string; message: string };
    return `${field ?? ''}: ${text}`;
  });
  const distinct = [...new Set(texts)];
  const all = `[${distinct.join(', ')}]`;
  return {
    ...status,
    details: { ...(details as JsonObject), causes: sorted(withoutRepetition(causes)) },
    message: message.replace(all, () =>
      distinct.length === 1 ? distinct.join('') : `[${sorted(distinct).join(', ')}]`,
    ),
  };
}

function normalisedValue(value: Json, scope: Scope): Json {
  if (typeof value === 'string') {
    return scope.text(value);
  }
  if (Array.isArray(value)) {
    return value.map((item) => normalisedValue(item, scope));
  }
  return value !== null && typeof value === 'object' ? normalisedObject(value, scope) : value;
}

/** What kubectl printed, line by line; widths of columns follow from ages and the like, which differ. */
function printedLines(text: string): Json {
  return text.split('\n').map((line) =>
    line
      .replaceAll(/(?<=\S) {2,}/g, '  ')
      .replaceAll(/(^|\s)\d+(ms|s|m|m\d+s)(?=\s|$)/g, '$1<age>')
      .trimEnd(),
  );
}

/** Cells of the column Age hold a duration. */
function tableRows(table: JsonObject, rows: Json): Json {
  const columns = Array.isArray(table['columnDefinitions']) ? table['columnDefinitions'] : [];
  const ages = columns.flatMap((column, index) => ((column as JsonObject)['name'] === 'Age' ? [index] : []));
  for (const row of Array.isArray(rows) ? rows : []) {
    const { cells } = row as { cells: Json[] };
    for (const index of ages) {
      const cell = cells[index];
      cells[index] = typeof cell === 'string' ? cell.replace(/^\d+(s|m|m\d+s)$/, '<age>') : (cell ?? null);
    }
  }
  return rows;
}

/** The resourceVersions of all objects, lists excepted, numbered in their order. */
function objectVersions(entries: readonly Entry[]): Map<string, string> {
  const found = new Set<string>();
  for (const metadata of everyMetadata(entries)) {
    if (typeof metadata['resourceVersion'] === 'string' && typeof metadata['uid'] === 'string') {
      found.add(metadata['resourceVersion']);
    }
  }
  const sorted = [...found].sort((one, other) => Number(one) - Number(other));
  return new Map(sorted.map((version, index) => [version, `<version ${index + 1}>`]));
}

function* everyMetadata(value: unknown): Generator<JsonObject> {
  if (value === null || typeof value !== 'object') {
    return;
  }
  for (const [key, item] of Object.entries(value)) {
    if (key === 'metadata' && item !== null && typeof item === 'object') {
      yield item as JsonObject;
    }
    yield* everyMetadata(item);
  }
}
