import type { FieldError } from '../field-error.ts';
import { isObject } from '../schema/json.ts';
import type { JsonObject } from '../schema/schema.ts';
import { badRequest, StatusError } from '../status.ts';
import { decodeBody, jsonKind } from './decode.ts';
import { refuse } from './write-options.ts';
import type { ApiRequest } from './api-request.ts';

export interface DeleteOptions {
  readonly dryRun: boolean;
  readonly gracePeriodSeconds: number | undefined;
  readonly propagation: 'Orphan' | 'Background' | 'Foreground' | undefined;
  readonly uid: string | undefined;
  readonly resourceVersion: string | undefined;
}

const POLICIES = ['Foreground', 'Background', 'Orphan'] as const;

/** From the body, or from the query when there is none. @throws StatusError 400 or 422 */
export function deleteOptions({
  body,
  headers,
  query,
}: Pick<ApiRequest, 'body' | 'headers' | 'query'>): DeleteOptions {
  const given = body.length === 0 ? fromQuery(query) : decodeOptions(body, headers['content-type']);
  const dryRun = [...query.getAll('dryRun'), ...(Array.isArray(given['dryRun']) ? given['dryRun'] : [])];
  const policy = given['propagationPolicy'];
  refuse('DeleteOptions', [
    ...policyErrors(policy, given['orphanDependents']),
    ...(dryRun.every((value) => value === 'All' || value === '')
      ? []
      : [
          {
            reason: 'FieldValueNotSupported' as const,
            field: 'dryRun',
            value: dryRun,
            detail: 'supported values: "All"',
          },
        ]),
  ]);
  const preconditions = isObject(given['preconditions']) ? given['preconditions'] : {};
  return {
    dryRun: dryRun.includes('All'),
    gracePeriodSeconds: integer(given['gracePeriodSeconds']),
    propagation: POLICIES.find((known) => known === policy) ?? orphaning(given['orphanDependents']),
    uid: text(preconditions['uid']),
    resourceVersion: text(preconditions['resourceVersion']),
  };
}

function decodeOptions(body: Buffer, contentType: string | undefined): JsonObject {
  let options: JsonObject;
  try {
    options = decodeBody(body, contentType, { kind: 'DeleteOptions' });
  } catch (error) {
    if (error instanceof StatusError && error.code === 400) {
      throw badRequest(
        error.message.replace(/^the object provided is unrecognized [^:]*: (.*) \([^(]*\)$/s, '$1'),
      );
    }
    throw error;
  }
  const { kind = 'DeleteOptions', apiVersion = 'v1', gracePeriodSeconds } = options;
  if (kind !== 'DeleteOptions') {
    throw badRequest(
      `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/runtime/scheme.go:111"`,
    );
  }
  if (!['undefined', 'number'].includes(typeof (gracePeriodSeconds ?? undefined))) {
    throw badRequest(
      `json: cannot unmarshal ${jsonKind(gracePeriodSeconds)} into Go struct field DeleteOptions.gracePeriodSeconds of type int64`,
    );
  }
  return options;
}

function fromQuery(query: URLSearchParams): JsonObject {
  const grace = query.get('gracePeriodSeconds');
  if (grace !== null && !/^[+-]?\d+$/.test(grace)) {
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(grace)}: invalid syntax`);
  }
  const policy = query.get('propagationPolicy');
  return {
    ...(grace === null ? {} : { gracePeriodSeconds: Number(grace) }),
    ...(policy === null ? {} : { propagationPolicy: policy }),
  };
}

function policyErrors(policy: JsonObject[string], orphan: JsonObject[string]): FieldError[] {
  const field = 'propagationPolicy';
  if (policy === undefined || policy === null) {
    return [];
  }
  if (orphan !== undefined && orphan !== null) {
    const detail = 'orphanDependents and deletionPropagation cannot be both set';
    return [{ reason: 'FieldValueInvalid', field, value: policy, detail }];
  }
  return POLICIES.some((known) => known === policy)
    ? []
    : [
        {
          reason: 'FieldValueNotSupported',
          field,
          value: policy,
          detail: 'supported values: "Foreground", "Background", "Orphan", "nil"',
        },
      ];
}

function orphaning(orphan: JsonObject[string]): 'Orphan' | 'Background' | undefined {
  return typeof orphan === 'boolean' ? (orphan ? 'Orphan' : 'Background') : undefined;
}

function integer(value: JsonObject[string]): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) ? value : undefined;
}

function text(value: JsonObject[string]): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
