import type { FieldError } from '../field-error.ts';
import { unsupported } from '../field-errors.ts';
import { badRequest, internalError } from '../status.ts';
import { refuse } from './write-options.ts';

/** The query parameters of lists and watches, but for selectors. */
export interface ListOptions {
  /** 0: all. */
  readonly limit: number;
  readonly continueToken: string | undefined;
  /** Undefined: the latest. */
  readonly resourceVersion: number | undefined;
  readonly match: 'Exact' | 'NotOlderThan' | undefined;
  readonly sendInitialEvents: boolean;
  /** A watch that explicitly does not want them starts now. */
  readonly onlyChanges: boolean;
  readonly allowWatchBookmarks: boolean;
  readonly timeoutSeconds: number | undefined;
}

/** @throws StatusError 400 or 422 */
export function listOptions(query: URLSearchParams, { watch }: { watch: boolean }): ListOptions {
  const continueToken = query.get('continue') ?? '';
  const version = query.get('resourceVersion') ?? '';
  refuse('ListOptions', matchErrors(query, watch));
  if (continueToken !== '' && version !== '' && version !== '0') {
    throw badRequest('specifying resource version is not allowed when using continue');
  }
  const match = query.get('resourceVersionMatch');
  return {
    limit: whole(query, 'limit') ?? 0,
    continueToken: continueToken === '' ? undefined : continueToken,
    resourceVersion: version === '' ? undefined : revision(version, watch),
    match: match === 'Exact' || match === 'NotOlderThan' ? match : undefined,
    sendInitialEvents: truth(query, 'sendInitialEvents'),
    onlyChanges: query.has('sendInitialEvents') && !truth(query, 'sendInitialEvents'),
    allowWatchBookmarks: truth(query, 'allowWatchBookmarks'),
    timeoutSeconds: whole(query, 'timeoutSeconds'),
  };
}

/** As Go's strconv.ParseBool, for the values that clients send. */
export function truth(query: URLSearchParams, name: string): boolean {
  const value = query.get(name);
  return value !== null && /^(1|t|true|)$/i.test(value);
}

function whole(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') {
    return undefined;
  }
  if (!/^[+-]?\d+$/.test(text)) {
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  return Number(text);
}

function revision(text: string, watch: boolean): number {
  if (/^\d+$/.test(text)) {
    return Number(text);
  }
  const what = `resourceVersion: Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`;
  throw watch ? internalError(what) : badRequest(`invalid resource version: ${what}`);
}

function matchErrors(query: URLSearchParams, watch: boolean): FieldError[] {
  const match = query.get('resourceVersionMatch') ?? '';
  const continues = (query.get('continue') ?? '') !== '';
  if (watch && continues && !query.has('sendInitialEvents')) {
    const detail = 'resourceVersionMatch is forbidden when continue is provided';
    return [{ reason: 'FieldValueForbidden', field: 'resourceVersionMatch', detail }];
  }
  const version = query.get('resourceVersion') ?? '';
  if (query.has('sendInitialEvents')) {
    return initialEventsErrors(match, watch);
  }
  return match === '' ? [] : valueErrors({ match, version, watch, continues });
}

function valueErrors(given: {
  match: string;
  version: string;
  watch: boolean;
  continues: boolean;
}): FieldError[] {
  const { match, version, watch, continues } = given;
  const forbid = (detail: string): FieldError[] => [
    { reason: 'FieldValueForbidden', field: 'resourceVersionMatch', detail },
  ];
  if (watch) {
    return forbid('resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided');
  }
  const errors = [
    ...(version === '' ? forbid('resourceVersionMatch is forbidden unless resourceVersion is provided') : []),
    ...(continues ? forbid('resourceVersionMatch is forbidden when continue is provided') : []),
  ];
  if (errors.length > 0) {
    return errors;
  }
  if (match !== 'Exact' && match !== 'NotOlderThan') {
    const detail = 'supported values: "Exact", "NotOlderThan", ""';
    return [{ reason: 'FieldValueNotSupported', field: 'resourceVersionMatch', value: match, detail }];
  }
  return match === 'Exact' && version === '0'
    ? forbid('resourceVersionMatch "exact" is forbidden for resourceVersion "0"')
    : [];
}

function initialEventsErrors(match: string, watch: boolean): FieldError[] {
  if (!watch) {
    const detail = 'sendInitialEvents is forbidden for list';
    return [{ reason: 'FieldValueForbidden', field: 'sendInitialEvents', detail }];
  }
  const field = 'resourceVersionMatch';
  const detail = 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan';
  return match === 'NotOlderThan'
    ? []
    : [
        { reason: 'FieldValueForbidden', field, detail },
        ...(match === '' ? [] : [unsupported(field, match, ['NotOlderThan'])]),
      ];
}
