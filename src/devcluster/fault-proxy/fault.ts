/** Before: the server never hears of the request. After: it has done what was asked, but the answer is lost. */
export type Moment = 'before' | 'after';

/** What may go wrong with one request. Times are in milliseconds. */
export type Fault =
  /** An answer that is none of the server's. */
  | {
      readonly kind: 'status';
      readonly when: Moment;
      readonly code: number;
      readonly reason: string;
      readonly retryAfterSeconds?: number;
    }
  /** The connection is reset instead of answered. */
  | { readonly kind: 'reset'; readonly when: Moment }
  /** The request arrives late, by at least `ms` and at most `ms + jitterMs`. */
  | { readonly kind: 'latency'; readonly ms: number; readonly jitterMs: number }
  /** The answer comes in drops. */
  | { readonly kind: 'trickle'; readonly bytesPerSecond: number }
  /** The answer ends early: as at the end of a watch's time, or with a reset. */
  | { readonly kind: 'drop'; readonly afterMs: number; readonly how: 'end' | 'reset' }
  /** Half-open: the connection stays, but nothing more arrives until the faults end; then it is reset. */
  | { readonly kind: 'stall'; readonly afterMs: number }
  /** So many lines arrive whole, the next one is cut in its middle. */
  | { readonly kind: 'truncate'; readonly afterLines: number }
  /** An ERROR event says that the resourceVersion is too old, and the watch ends. */
  | { readonly kind: 'expire'; readonly afterMs: number };

/** 410 as the answer to a watch, or to a page of a list. */
export const gone: Fault = { kind: 'status', when: 'before', code: 410, reason: 'Expired' };

/** 409: somebody else has written meanwhile. */
export const conflict: Fault = { kind: 'status', when: 'before', code: 409, reason: 'Conflict' };

/** 429 with Retry-After: the server sheds load. */
export function tooManyRequests(retryAfterSeconds: number): Fault {
  return { kind: 'status', when: 'before', code: 429, reason: 'TooManyRequests', retryAfterSeconds };
}

/** 500. */
export function internalError(when: Moment): Fault {
  return { kind: 'status', when, code: 500, reason: 'InternalError' };
}

/** 503. */
export function unavailable(when: Moment): Fault {
  return { kind: 'status', when, code: 503, reason: 'ServiceUnavailable' };
}

/** 503 with the five seconds of patience that an API server asks for while it starts. */
export const starting: Fault = {
  kind: 'status',
  when: 'before',
  code: 503,
  reason: 'ServiceUnavailable',
  retryAfterSeconds: 5,
};
