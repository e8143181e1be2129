import type { Json } from '../schema/schema.ts';
import { fieldsOf, isObject, sortedJson } from '../patch/json-record.ts';

/**
 * One step of a path into an object, in the form that FieldsV1 has it: `f:spec` (a field), `k:{"name":"main"}` (the item of a list
 * with these keys, in alphabetical order), `v:"a"` (that item of a set), `i:0` (never made here, only read). Equal steps are equal strings.
 */
export type PathElement = string;

/** Steps from the object down. */
export type Path = readonly PathElement[];

export function fieldElement(field: string): PathElement {
  return `f:${field}`;
}

/** The name of the field, if the step is one. */
export function fieldNameOf(element: PathElement): string | undefined {
  return element.startsWith('f:') ? element.slice(2) : undefined;
}

export function keyElement(keys: readonly (readonly [string, Json])[]): PathElement {
  return `k:${sortedJson(Object.fromEntries(keys))}`;
}

export function valueElement(value: Json): PathElement {
  return `v:${sortedJson(value)}`;
}

/** A step as it stands in FieldsV1, in the one form that equal steps share; undefined for a kind of step not known. */
export function parseElement(text: string): PathElement | undefined {
  switch (text.slice(0, 2)) {
    case 'f:':
      return text;
    case 'k:':
    case 'v:':
      return `${text.slice(0, 2)}${sortedJson(parsedJson(text.slice(2)))}`;
    case 'i:':
      return /^i:-?\d+$/.test(text) ? text : invalid(text);
    default:
      return text.length < 2 || text[1] !== ':' ? invalid(text) : undefined;
  }
}

/** FieldsV1 that cannot be read: upstream then takes the object for one without managers. */
export class FieldsFormatError extends Error {
  override readonly name = 'FieldsFormatError';
}

/** As upstream shows a path: `.spec.containers[name="main"].image`, `.metadata.finalizers[="a"]`. */
export function pathText(path: Path): string {
  return path.map(elementText).join('');
}

/** Fields first, then keys, values and indexes, each in the order of its content. */
export function compareElements(a: PathElement, b: PathElement): number {
  const kinds = 'fkvi';
  const byKind = kinds.indexOf(a.charAt(0)) - kinds.indexOf(b.charAt(0));
  if (byKind !== 0 || a.startsWith('f:')) {
    return byKind !== 0 ? byKind : compareText(a, b);
  }
  return compareContents(parsedJson(a.slice(2)), parsedJson(b.slice(2)));
}

function elementText(element: PathElement): string {
  const content = element.slice(2);
  switch (element.slice(0, 2)) {
    case 'f:':
      return `.${content}`;
    case 'k:':
      return `[${keysOf(parsedJson(content))
        .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
        .join(',')}]`;
    case 'v:':
      return `[=${content}]`;
    default:
      return `[${content}]`;
  }
}

function keysOf(value: Json): [string, Json][] {
  return isObject(value) ? fieldsOf(value) : [];
}

function parsedJson(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return invalid(text);
  }
}

function invalid(text: string): never {
  throw new FieldsFormatError(`'${text}' is not a step of a path in FieldsV1`);
}

/** Keys by name, then by value; numbers by size. */
function compareContents(a: Json, b: Json): number {
  if (typeof a === 'number' && typeof b === 'number') {
    return a - b;
  }
  if (!isObject(a) || !isObject(b)) {
    return compareText(sortedJson(a), sortedJson(b));
  }
  const left = fieldsOf(a);
  const right = fieldsOf(b);
  for (const [index, [name, value]] of left.entries()) {
    const [otherName, otherValue] = right[index] ?? [];
    const order =
      otherName === undefined
        ? 1
        : compareText(name, otherName) || compareContents(value, otherValue ?? null);
    if (order !== 0) {
      return order;
    }
  }
  return left.length - right.length;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
