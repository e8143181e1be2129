import { applyPatch, type Operation } from 'rfc6902';
import type { Json, JsonObject } from '../schema/schema.ts';
import { goKind } from './go-text.ts';
import { isObject, ownField, sameJson } from './json-record.ts';

import { malformedPatch, PatchError, unprocessablePatch } from './patch-error.ts';

/** kube-apiserver, handlers/patch.go: maxJSONPatchOperations. */
const MAX_OPERATIONS = 10_000;

/**
 * The object after a JSON patch (RFC 6902). The inputs stay as they are.
 * @throws PatchError 400 for what is not a list of operations, 413 for too many, 422 when one of them cannot be done: a test that
 * fails, a path that is not there, an operation that does not exist
 */
export function applyJsonPatch(target: JsonObject, operations: Json): JsonObject {
  const patch = checkedOperations(operations);
  let patched = structuredClone(target);
  for (const operation of patch) {
    patched = operation['path'] === '' ? whole(patched, operation) : applied(patched, operation);
  }
  return patched;
}

/** Of the object itself only these two can be done. */
function whole(target: JsonObject, { op, value }: JsonObject): JsonObject {
  if (op === 'replace' && isObject(value)) {
    return structuredClone(value);
  }
  if (op === 'test' && sameJson(target, value)) {
    return target;
  }
  throw unprocessablePatch();
}

function checkedOperations(operations: Json): JsonObject[] {
  if (!Array.isArray(operations)) {
    throw decodeError(`cannot unmarshal ${goKind(operations)} into Go value of type []handlers.jsonPatchOp`);
  }
  if (operations.length > MAX_OPERATIONS) {
    throw new PatchError(
      `The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${operations.length}`,
      { code: 413, reason: 'RequestEntityTooLarge' },
    );
  }
  return operations.map(checkedOperation);
}

function checkedOperation(operation: Json): JsonObject {
  if (!isObject(operation)) {
    throw decodeError(`cannot unmarshal ${goKind(operation)} into Go value of type handlers.jsonPatchOp`);
  }
  for (const field of ['op', 'path', 'from']) {
    const value = operation[field];
    if (value !== undefined && value !== null && typeof value !== 'string') {
      throw decodeError(
        `cannot unmarshal ${goKind(value)} into Go struct field jsonPatchOp.${field} of type string`,
      );
    }
  }
  return operation;
}

function decodeError(detail: string): PatchError {
  return malformedPatch(`error decoding patch: json: ${detail}`);
}

/** Changes `target`. */
function applied(target: JsonObject, given: JsonObject): JsonObject {
  const operation = withPlainIndexes(target, given);
  const place = placeOf(target, operation['path']);
  if (place === undefined) {
    throw unprocessablePatch();
  }
  if (addsNothing(target, operation)) {
    return applied(target, { op: 'add', path: operation['path'], value: null });
  }
  if (!isSourceThere(target, operation['from'])) {
    throw unprocessablePatch();
  }
  if (place.value === undefined && passesOnNothing(operation, place)) {
    return target;
  }
  const effective = place.value === undefined ? onNothing(operation, place) : operation;
  const failures = applyPatch(target, [effective as unknown as Operation]);
  if (failures.some((failure) => failure !== null)) {
    throw unprocessablePatch();
  }
  return target;
}

/** As evanphx/json-patch has it: an index may count from the end of a list, -1 being the last item. */
function withPlainIndexes(target: JsonObject, operation: JsonObject): JsonObject {
  const { path, from } = operation;
  const adds = ADDING.has(operation['op']);
  return {
    ...operation,
    ...(typeof path === 'string' && { path: plainPointer(target, path, adds) }),
    ...(typeof from === 'string' && { from: plainPointer(target, from, false) }),
  };
}

function plainPointer(target: JsonObject, pointer: string, adds: boolean): string {
  if (!/\/-\d/.test(pointer)) {
    return pointer;
  }
  const tokens = pointer.split('/');
  let parent: Json | undefined = target;
  for (const [at, token] of tokens.entries()) {
    if (at > 0 && Array.isArray(parent) && /^-\d+$/.test(token)) {
      const length: number = parent.length + (adds && at === tokens.length - 1 ? 1 : 0);
      tokens[at] = String(length + Number(token));
    }
    parent = at === 0 ? parent : childAt(parent, unescaped(tokens[at] ?? ''));
  }
  return tokens.join('/');
}

/** As evanphx/json-patch has it: what is not there is null, for `add` without a value and for `copy`. */
function addsNothing(target: JsonObject, { op, from, value }: JsonObject): boolean {
  if (op === 'add') {
    return value === undefined;
  }
  const source = op === 'copy' ? placeOf(target, from) : undefined;
  return source !== undefined && source.value === undefined && isObject(source.parent);
}

function isSourceThere(target: JsonObject, from: Json | undefined): boolean {
  return from === undefined || from === null || placeOf(target, from)?.value !== undefined;
}

/** As evanphx/json-patch has it: a field that is not there passes a test for null, and may be replaced. */
function passesOnNothing({ op, value = null }: JsonObject, { parent }: Place): boolean {
  return op === 'test' && value === null && isObject(parent);
}

function onNothing(operation: JsonObject, { parent }: Place): JsonObject {
  if (ADDING.has(operation['op'])) {
    return operation;
  }
  if (operation['op'] === 'replace' && isObject(parent)) {
    return { ...operation, op: 'add' };
  }
  throw unprocessablePatch();
}

const ADDING: ReadonlySet<Json | undefined> = new Set(['add', 'move', 'copy']);
/** Names that the library passes over on its way, so that it would end elsewhere. */
const PASSED_OVER: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** What a pointer points at. */
interface Place {
  readonly parent: Json[] | JsonObject;
  /** Absent when nothing is there yet. */
  readonly value: Json | undefined;
}

/**
 * Where the pointer leads, through fields and items of the object itself and never through what objects and lists inherit: the
 * library looks at properties, whoever has them.
 */
function placeOf(target: JsonObject, pointer: Json | undefined): Place | undefined {
  if (typeof pointer !== 'string' || !pointer.startsWith('/')) {
    return undefined;
  }
  const tokens = pointer.slice(1).split('/').map(unescaped);
  const last = tokens.pop() ?? '';
  let parent: Json | undefined = target;
  for (const token of tokens) {
    parent = PASSED_OVER.has(token) ? undefined : childAt(parent, token);
  }
  if (last === '__proto__' || typeof parent !== 'object' || parent === null) {
    return undefined;
  }
  return { parent, value: childAt(parent, last) };
}

function childAt(value: Json | undefined, token: string): Json | undefined {
  if (Array.isArray(value)) {
    return /^(0|[1-9]\d*)$/.test(token) ? value[Number(token)] : undefined;
  }
  return isObject(value) ? ownField(value, token) : undefined;
}

/** RFC 6901: `~1` stands for a slash, `~0` for a tilde. */
function unescaped(token: string): string {
  return token.replaceAll('~1', '/').replaceAll('~0', '~');
}
