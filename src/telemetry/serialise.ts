import { REDACTED, redactText } from './redact-text.ts';

/** Deeper values, longer lists and longer strings are cut: a log line is for reading. */
const MAX_DEPTH = 6;
const MAX_ITEMS = 100;
const MAX_CHARACTERS = 8192;

const secretKey =
  /token|authorization|secret|passw(or)?d|phrase|mnemonic|kubeconfig|credential|private-?_?key|api-?_?key|cookie/i;
/** `secretName` or `tokenFile` says where a secret is, not what it is. */
const harmlessKey = /(name|namespace|ref|path|file|seconds|ms|count|kind)$/i;

/**
 * A copy of the value that JSON can hold, without secrets: errors with their causes, bigints and dates as strings, cycles and
 * depth cut. Never throws.
 */
export function serialise(value: unknown, key = ''): unknown {
  try {
    return copy(value, key, []);
  } catch (error) {
    // A getter or toJSON of somebody else's object.
    return `[cannot be shown: ${error instanceof Error ? error.name : typeof error}]`;
  }
}

function copy(value: unknown, key: string, ancestors: readonly object[]): unknown {
  if (secretKey.test(key) && !harmlessKey.test(key)) {
    return REDACTED;
  }
  if (typeof value === 'string') {
    return cut(redactText(value, key));
  }
  if (typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value))) {
    return String(value);
  }
  // JSON.stringify leaves functions and symbols out.
  return typeof value === 'object' && value !== null ? copyObject(value, key, ancestors) : value;
}

function cut(text: string): string {
  return text.length > MAX_CHARACTERS
    ? `${text.slice(0, MAX_CHARACTERS)}… (${text.length} characters)`
    : text;
}

function copyObject(value: object, key: string, ancestors: readonly object[]): unknown {
  if (ancestors.includes(value)) {
    return '[circular]';
  }
  if (ancestors.length >= MAX_DEPTH) {
    return '[too deep]';
  }
  const path = [...ancestors, value];
  if (value instanceof Error) {
    return copyError(value, path);
  }
  if (value instanceof Date) {
    return Number.isNaN(value.getTime()) ? String(value) : value.toISOString();
  }
  if (value instanceof Map) {
    return copyEntries(
      [...value].map(([key, item]) => [String(key), item]),
      path,
    );
  }
  if (Array.isArray(value) || value instanceof Set) {
    return copyItems([...value], path, key);
  }
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
    return `[${value.byteLength} bytes]`;
  }
  return copyEntries(Object.entries(value), path);
}

/** @param key of the list: a list of hashes is one of hashes */
function copyItems(items: readonly unknown[], path: readonly object[], key = ''): unknown[] {
  const copied = items.slice(0, MAX_ITEMS).map((item) => copy(item, key, path));
  return items.length > MAX_ITEMS ? [...copied, `… (${items.length} items)`] : copied;
}

function copyEntries(entries: readonly (readonly [string, unknown])[], path: readonly object[]): object {
  return Object.fromEntries(entries.map(([key, item]) => [key, copy(item, key, path)]));
}

/** `causes` is the chain of causes and, for an AggregateError, what it gathers; only the outermost error shows its stack. */
function copyError(error: Error, path: readonly object[]): object {
  const { code, reason } = error as { code?: unknown; reason?: unknown };
  const outermost = !path.slice(0, -1).some((ancestor) => ancestor instanceof Error);
  const gathered: unknown[] = error instanceof AggregateError ? error.errors : [];
  const causes = [...gathered, ...(error.cause === undefined ? [] : [error.cause])];
  return {
    name: error.name,
    message: cut(redactText(error.message)),
    ...(code !== undefined && { code: copy(code, '', path) }),
    ...(reason !== undefined && { reason: copy(reason, '', path) }),
    ...(outermost && error.stack !== undefined && { stack: cut(redactText(error.stack)) }),
    ...(causes.length > 0 && { causes: copyItems(causes, path) }),
  };
}
