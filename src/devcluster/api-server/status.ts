import type { FieldError } from './field-error.ts';
import { fieldErrorMessage } from './field-error-message.ts';
import { qualifiedName, type Resource } from './resources/resource.ts';
import type { Json, JsonObject } from './schema/schema.ts';

/** Which object a refusal speaks of, as `Status.details` names it: `kind` is the plural, or the kind for invalid objects. */
export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly { readonly reason: string; readonly message: string; readonly field?: string }[];
  readonly retryAfterSeconds?: number;
}

/** A request that is refused: what becomes a metav1.Status and an HTTP answer of the same code. */
export class StatusError extends Error {
  override readonly name = 'StatusError';
  readonly code: number;
  /** Such as `NotFound`; empty where upstream gives none. */
  readonly reason: string;
  readonly details: StatusDetails | undefined;
  /** `metadata.continue`: how to go on after an expired list. */
  readonly continueToken: string | undefined;

  constructor(
    code: number,
    reason: string,
    message: string,
    extra: { details?: StatusDetails; continueToken?: string } = {},
  ) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = extra.details;
    this.continueToken = extra.continueToken;
  }

  /** The metav1.Status. */
  toStatus(): JsonObject {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: this.continueToken === undefined ? {} : { continue: this.continueToken },
      status: 'Failure',
      message: this.message,
      ...(this.reason === '' ? {} : { reason: this.reason }),
      ...(this.details === undefined ? {} : { details: this.details as unknown as Json }),
      code: this.code,
    };
  }
}

type Named = Pick<Resource, 'group' | 'plural'>;

function detailsOf({ group, plural }: Named, name: string): StatusDetails {
  return { name, ...(group === '' ? {} : { group }), kind: plural };
}

export function badRequest(message: string): StatusError {
  return new StatusError(400, 'BadRequest', message);
}

export function unauthorized(): StatusError {
  return new StatusError(401, 'Unauthorized', 'Unauthorized');
}

/** An object that is not there. */
export function notFound(resource: Named, name: string): StatusError {
  const message = `${qualifiedName(resource)} ${JSON.stringify(name)} not found`;
  return new StatusError(404, 'NotFound', message, { details: detailsOf(resource, name) });
}

/** A path that leads nowhere. */
export function unknownPath(): StatusError {
  const message = 'the server could not find the requested resource';
  return new StatusError(404, 'NotFound', message, { details: {} });
}

export function methodNotAllowed(): StatusError {
  const message = 'the server does not allow this method on the requested resource';
  return new StatusError(405, 'MethodNotAllowed', message, { details: {} });
}

/** A verb that a subresource of a custom resource does not have. */
export function notSupported(resource: Named, verb: string): StatusError {
  const message = `${verb} is not supported on resources of kind ${JSON.stringify(qualifiedName(resource))}`;
  const { group, plural } = resource;
  return new StatusError(405, 'MethodNotAllowed', message, { details: { group, kind: plural } });
}

export function alreadyExists(resource: Named, name: string, prefix = ''): StatusError {
  const message = `${prefix}${qualifiedName(resource)} ${JSON.stringify(name)} already exists`;
  return new StatusError(409, 'AlreadyExists', message, { details: detailsOf(resource, name) });
}

/** `why` is what stands after the name of the object. */
export function conflict(resource: Named, name: string, why: string): StatusError {
  const message = `Operation cannot be fulfilled on ${qualifiedName(resource)} ${JSON.stringify(name)}: ${why}`;
  return new StatusError(409, 'Conflict', message, { details: detailsOf(resource, name) });
}

export function forbidden(resource: Named, name: string, why: string): StatusError {
  const message = `${qualifiedName(resource)} ${JSON.stringify(name)} is forbidden: ${why}`;
  return new StatusError(403, 'Forbidden', message, { details: detailsOf(resource, name) });
}

/** An object, or the options of a request, that does not pass validation. */
export function invalid(
  { group, kind }: { group: string; kind: string },
  name: string,
  errors: readonly FieldError[],
): StatusError {
  const causes = errors.map((error) => ({
    reason: error.reason,
    message: fieldErrorMessage(error),
    field: error.field,
  }));
  const listed = causes.map(({ field, message }) => `${field}: ${message}`);
  const what = listed.length === 1 ? listed.join('') : `[${listed.join(', ')}]`;
  const subject = group === '' ? kind : `${kind}.${group}`;
  return new StatusError(422, 'Invalid', `${subject} ${JSON.stringify(name)} is invalid: ${what}`, {
    details: {
      ...(name === '' ? {} : { name }),
      ...(group === '' ? {} : { group }),
      ...(kind === '' ? {} : { kind }),
      causes,
    },
  });
}

/** A resourceVersion of which the history has been forgotten. */
export function expired(message: string, continueToken?: string): StatusError {
  return new StatusError(410, 'Expired', message, continueToken === undefined ? {} : { continueToken });
}

export function resourceVersionTooLarge(asked: number, current: number): StatusError {
  return new StatusError(
    504,
    'Timeout',
    `Timeout: Too large resource version: ${asked}, current: ${current}`,
    {
      details: {
        causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
        retryAfterSeconds: 1,
      },
    },
  );
}

export function tooLarge(): StatusError {
  return new StatusError(413, 'RequestEntityTooLarge', 'Request entity too large: limit is 3145728');
}

export function unsupportedMediaType(message: string): StatusError {
  return new StatusError(415, 'UnsupportedMediaType', message);
}

/** Anything that went wrong on our side, and what upstream does not give a reason for. */
export function internalError(message: string): StatusError {
  return new StatusError(500, '', message);
}
