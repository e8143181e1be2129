import { applyPatch, type Operation } from 'rfc6902';
import type { Json, JsonObject } from '../schema/schema.ts';
import { isObject, ownField } from './json-record.ts';
import { goKind } from './merge-patch.ts';
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
  const patched = structuredClone(target);
  for (const operation of patch) {
    apply(patched, operation);
  }
  return patched;
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
function apply(target: JsonObject, operation: JsonObject): void {
  const { op, path, from } = operation;
  const reaches =
    isReachable(target, path, op === 'add' || op === 'move' || op === 'copy') &&
    (typeof from !== 'string' || isReachable(target, from, false));
  if (!reaches) {
    throw unprocessablePatch();
  }
  const failures = applyPatch(target, [operation as unknown as Operation]);
  if (failures.some((failure) => failure !== null)) {
    throw unprocessablePatch();
  }
}

/** Names that the library passes over on its way, so that it would end elsewhere. */
const PASSED_OVER: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Whether the pointer leads through fields and items of the object itself, and never through what objects and lists inherit:
 * the library looks at properties, whoever has them. Its last step may be new when something is added there.
 */
function isReachable(target: JsonObject, pointer: Json | undefined, mayBeNew: boolean): boolean {
  if (typeof pointer !== 'string' || !pointer.startsWith('/')) {
    return false;
  }
  const tokens = pointer.slice(1).split('/').map(unescaped);
  const last = tokens.pop() ?? '';
  let value: Json | undefined = target;
  for (const token of tokens) {
    if (PASSED_OVER.has(token)) {
      return false;
    }
    value = childAt(value, token);
  }
  if (mayBeNew && last !== '__proto__') {
    return typeof value === 'object' && value !== null;
  }
  return childAt(value, last) !== undefined;
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
