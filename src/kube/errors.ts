/** What an API server said, or why it could not be asked. Holds no request or response body: those may carry secrets. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** HTTP status; 0 when no answer came (connection refused, reset, timed out). */
  readonly code: number;
  /** `Status.reason`, such as `NotFound`, `AlreadyExists`, `Conflict`, `Expired`; `ConnectionFailed` when no answer came. */
  readonly reason: string;
  /** From the Retry-After header or `Status.details.retryAfterSeconds`. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    message: string,
    fields: { code: number; reason: string; retryAfterSeconds?: number | undefined; cause?: unknown },
  ) {
    super(message, { cause: fields.cause });
    this.code = fields.code;
    this.reason = fields.reason;
    this.retryAfterSeconds = fields.retryAfterSeconds;
  }
}

/** 404: the object, or the whole resource (a missing CRD), is not there. */
export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.code === 404;
}

/** 409 of a create: the name is taken. */
export function isAlreadyExists(error: unknown): boolean {
  return error instanceof ApiError && error.reason === 'AlreadyExists';
}

/** 409 of an update or of a delete with preconditions: the object is not the one that was read. */
export function isConflict(error: unknown): boolean {
  return error instanceof ApiError && error.code === 409 && error.reason !== 'AlreadyExists';
}

/** 403: RBAC, admission or quota refuses. */
export function isForbidden(error: unknown): boolean {
  return error instanceof ApiError && error.code === 403;
}

/** 422: the object breaks its schema or a rule. */
export function isInvalid(error: unknown): boolean {
  return error instanceof ApiError && error.code === 422;
}

/** 400: what was sent cannot be read, or an admission webhook says no in this way. */
export function isBadRequest(error: unknown): boolean {
  return error instanceof ApiError && error.code === 400;
}

/** 413: the object is larger than the server takes. */
export function isTooLarge(error: unknown): boolean {
  return error instanceof ApiError && error.code === 413;
}

/** 410, or an ERROR event that says the same: the resourceVersion is too old, relist. */
export function isExpired(error: unknown): boolean {
  return (
    error instanceof ApiError && (error.code === 410 || error.reason === 'Expired' || error.reason === 'Gone')
  );
}
