import { ApiError } from './errors.ts';

/** An HTTP answer that is not a success, or what stands for one in a watch. */
export interface FailedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** What was asked; the path may have a query, which is not repeated. */
export interface Asked {
  readonly method: string;
  readonly path: string;
}

/** The fields of a metav1.Status that we use, none of them trusted. */
interface StatusFields {
  readonly code?: unknown;
  readonly reason?: unknown;
  readonly message?: unknown;
  readonly details?: { readonly retryAfterSeconds?: unknown } | null;
}

/** An API server's message can quote a whole object; what a person needs stands at its front. */
const MAX_MESSAGE = 500;

/** `Status.reason` where a server (or a proxy in front of it) gives none. As apimachinery names them. */
const reasonByCode: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  406: 'NotAcceptable',
  409: 'Conflict',
  410: 'Expired',
  413: 'RequestEntityTooLarge',
  415: 'UnsupportedMediaType',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

/**
 * Turns an answer into an {@link ApiError}: reason, a bounded message, how long to wait. Never the body as such, and for
 * Secrets not even the server's message, because validation messages quote values.
 */
export function answerError(asked: Asked, answer: FailedAnswer): ApiError {
  const status = parseStatus(answer.body);
  const header = answer.headers['retry-after'];
  return statusError(asked, {
    code: answer.status,
    status,
    retryAfter: retryAfterSeconds(Array.isArray(header) ? header[0] : header),
  });
}

/** {@link answerError} for the object of a watch's ERROR event; `status` may be anything. */
export function eventError(asked: Asked, status: unknown): ApiError {
  const fields = isObject(status) ? (status as StatusFields) : {};
  const code = typeof fields.code === 'number' ? fields.code : 500;
  return statusError(asked, { code, status: fields, retryAfter: undefined });
}

/** Whole seconds as in the header; a date or rubbish counts as absent (API servers send seconds only). */
function retryAfterSeconds(value: unknown): number | undefined {
  const seconds = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof seconds === 'number' && Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}

function statusError(
  asked: Asked,
  { code, status, retryAfter }: { code: number; status: StatusFields; retryAfter: number | undefined },
): ApiError {
  const reason =
    typeof status.reason === 'string' && status.reason !== ''
      ? status.reason
      : (reasonByCode[code] ?? 'Unknown');
  const path = asked.path.split('?', 1)[0] ?? '';
  const said = typeof status.message === 'string' && !ofSecrets(path) ? shorten(status.message) : '';
  return new ApiError(`${said === '' ? 'refused' : said} (${asked.method} ${path}: ${code} ${reason})`, {
    code,
    reason,
    retryAfterSeconds: retryAfter ?? retryAfterSeconds(status.details?.retryAfterSeconds),
  });
}

function parseStatus(body: string): StatusFields {
  try {
    const parsed: unknown = JSON.parse(body);
    return isObject(parsed) && parsed['kind'] === 'Status' ? parsed : {};
  } catch {
    return {};
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function ofSecrets(path: string): boolean {
  return /^\/api\/v1\/(namespaces\/[^/]+\/)?secrets(\/|$)/.test(path);
}

function shorten(message: string): string {
  return message.length <= MAX_MESSAGE ? message : `${message.slice(0, MAX_MESSAGE - 1)}…`;
}
