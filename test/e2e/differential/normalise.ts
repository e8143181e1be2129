import type { Json, JsonObject } from '../../../src/devcluster/api-server/schema/schema.ts';
import type { Entry, Transcript } from './run-case.ts';

/**
 * The transcript with what may differ between two servers replaced by symbols. UIDs and resourceVersions stay comparable within
 * a case: equal ones get equal symbols, and resourceVersions of objects are numbered in their order.
 */
export function normalised({ namespace, entries }: Transcript): Entry[] {
  const versions = objectVersions(entries);
  const uids = new Map<string, string>();
  const texts = textNormaliser({ namespace, uids, generated: generatedNames(entries) });
  const scope: Scope = { text: texts, versions };
  return entries.map(({ step, answer }) => ({ step, answer: normalisedObject(answer, scope) }));
}

interface Scope {
  text(text: string): string;
  /** Rank of each object's resourceVersion. */
  readonly versions: ReadonlyMap<string, string>;
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;

/** What kubectl prints, and what messages hold, is replaced wherever it stands. */
function textNormaliser(known: {
  namespace: string;
  uids: Map<string, string>;
  generated: ReadonlyMap<string, string>;
}): (text: string) => string {
  const { namespace, uids, generated } = known;
  return (text) => {
    let result = text.replaceAll(UUID, (uid) => {
      const symbol = uids.get(uid) ?? `<uid ${uids.size + 1}>`;
      uids.set(uid, symbol);
      return symbol;
    });
    for (const [name, symbol] of generated) {
      result = result.replaceAll(name, symbol);
    }
    return result
      .replaceAll(namespace, '<namespace>')
      .replaceAll(TIME, (_, fraction: string | undefined) =>
        fraction === undefined ? '<time>' : '<precise time>',
      )
      .replaceAll(/127\.0\.0\.1:\d+/g, '<server>')
      .replaceAll(/\b10\.\d+\.\d+\.\d+\b/g, '<cluster IP>')
      .replaceAll(/(Too large resource version: \d+, current: )\d+/g, '$1<list version>')
      .replaceAll(/(too old resource version: )\d+ \(\d+\)/g, '$1<version> (<version>)')
      .replaceAll(/(resourceVersion: )"\d+"/g, '$1"<version>"')
      .replaceAll(/(Resource Version:\s+)\d+/g, '$1<version>');
  };
}

function normalisedObject(value: JsonObject, scope: Scope): JsonObject {
  const entries = Object.entries(value).map(([key, item]): [string, Json] => [
    scope.text(key),
    normalisedField(key, item ?? null, { holder: value, scope }),
  ]);
  return Object.fromEntries(entries);
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
    return scope.versions.get(value) ?? (/^[1-9]\d*$/.test(value) ? '<list version>' : value);
  }
  if (key === 'stdout' && typeof value === 'string') {
    return printedLines(scope.text(value));
  }
  if (holder['kind'] === 'Table' && key === 'rows') {
    return tableRows(holder, normalisedValue(value, scope));
  }
  return normalisedValue(value, scope);
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
      cells[index] = String(cells[index]).replace(/^\d+(s|m|m\d+s)$/, '<age>');
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

/** Names that a server made, with their symbols. */
function generatedNames(entries: readonly Entry[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const { name, generateName } of everyMetadata(entries)) {
    if (typeof name === 'string' && typeof generateName === 'string' && name.startsWith(generateName)) {
      const suffix = name
        .slice(generateName.length)
        .replace(/^[bcdfghjklmnpqrstvwxz2456789]{5}$/, '<random>');
      found.set(name, generateName + suffix);
    }
  }
  return found;
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
