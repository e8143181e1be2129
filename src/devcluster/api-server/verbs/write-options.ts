import type { IncomingHttpHeaders } from 'node:http';
import type { FieldError } from '../field-error.ts';
import { invalid } from '../status.ts';

/** The query parameters of writes. */
export interface WriteOptions {
  readonly dryRun: boolean;
  /** Who the fields belong to. */
  readonly manager: string;
  readonly fieldValidation: 'Strict' | 'Warn' | 'Ignore';
  readonly force: boolean;
}

type OptionsKind = 'CreateOptions' | 'UpdateOptions' | 'PatchOptions' | 'DeleteOptions';

const VALIDATION = ['', 'Ignore', 'Strict', 'Warn'] as const;

/** @throws StatusError 422 */
export function writeOptions(
  kind: OptionsKind,
  query: URLSearchParams,
  headers: IncomingHttpHeaders,
): WriteOptions {
  const errors: FieldError[] = [];
  const dryRun = query.getAll('dryRun');
  if (dryRun.some((value) => value !== 'All')) {
    const detail = 'supported values: "All"';
    errors.push({ reason: 'FieldValueNotSupported', field: 'dryRun', value: dryRun, detail });
  }
  const fieldValidation = query.get('fieldValidation') ?? '';
  if (!VALIDATION.some((value) => value === fieldValidation)) {
    const detail = `supported values: ${VALIDATION.map((value) => JSON.stringify(value)).join(', ')}`;
    errors.push({
      reason: 'FieldValueNotSupported',
      field: 'fieldValidation',
      value: fieldValidation,
      detail,
    });
  }
  errors.push(...managerErrors(query.get('fieldManager') ?? ''));
  refuse(kind, errors);
  return {
    dryRun: dryRun.length > 0,
    manager: query.get('fieldManager') ?? managerOf(headers),
    fieldValidation: fieldValidation === 'Strict' || fieldValidation === 'Ignore' ? fieldValidation : 'Warn',
    force: query.get('force') === 'true' || query.get('force') === '1',
  };
}

/** @throws StatusError 422: apply needs a manager, and only apply can be forced */
export function checkPatchOptions(query: URLSearchParams, isApply: boolean): void {
  const errors: FieldError[] = [];
  if (isApply && (query.get('fieldManager') ?? '') === '') {
    const detail = 'is required for apply patch';
    errors.push({ reason: 'FieldValueRequired', field: 'fieldManager', detail });
  }
  if (!isApply && query.has('force')) {
    const detail = 'may not be specified for non-apply patch';
    errors.push({ reason: 'FieldValueForbidden', field: 'force', detail });
  }
  refuse('PatchOptions', errors);
}

/** @throws StatusError 422 that speaks of the options */
export function refuse(kind: OptionsKind | 'ListOptions', errors: readonly FieldError[]): void {
  if (errors.length > 0) {
    throw invalid({ group: 'meta.k8s.io', kind }, '', errors);
  }
}

function managerErrors(manager: string): FieldError[] {
  if (manager.length > 128) {
    const detail = 'may not be more than 128 bytes';
    return [{ reason: 'FieldValueTooLong', field: 'fieldManager', detail }];
  }
  const at = manager.search(/\p{C}/u);
  if (at < 0) {
    return [];
  }
  const code = (manager.codePointAt(at) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  const detail = `invalid character U+${code} (at position ${at})`;
  return [{ reason: 'FieldValueInvalid', field: 'fieldManager', value: manager, detail }];
}

/** The program's name at the front of the User-Agent. */
function managerOf(headers: IncomingHttpHeaders): string {
  const agent = headers['user-agent'] ?? '';
  return (agent.split('/', 1)[0] ?? '').slice(0, 128) || 'unknown';
}
