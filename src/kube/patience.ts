import { sleep } from '../time/clock.ts';
import type { Clock } from '../time/clock.ts';
import { aborted } from './connect-error.ts';
import type { ApiError } from './errors.ts';
import { answerError } from './status-error.ts';
import type { HttpRequest, HttpResponse, Transport } from './transport.ts';

/** How long a caller is willing to be put off. */
export interface Patience {
  /** How often a request may be sent again. */
  readonly retries: number;
  readonly clock: Clock;
}

/** A server that asks for a longer wait gets the error passed on: a worker must not be parked for minutes. */
const LONGEST_WAIT_SECONDS = 30;

/**
 * Sends a request, and sends it again as long as the server says when to (Retry-After).
 * @throws ApiError for every answer that is no success
 */
export async function sendPatiently(
  transport: Transport,
  request: HttpRequest,
  { retries, clock }: Patience,
): Promise<HttpResponse> {
  for (let attempt = 0; ; attempt++) {
    const answer = await transport.request(request);
    if (answer.status >= 200 && answer.status <= 299) {
      return answer;
    }
    const error = answerError(request, answer);
    if (attempt >= retries || !mayBeSentAgain(request, error)) {
      throw error;
    }
    await sleep(clock, (error.retryAfterSeconds ?? 0) * 1000, request.signal);
    if (request.signal?.aborted === true) {
      throw aborted();
    }
  }
}

/** 429 was refused before anything was done. A 5xx may have been done: only a POST cannot be repeated then. */
function mayBeSentAgain({ method }: HttpRequest, { code, retryAfterSeconds }: ApiError): boolean {
  if (retryAfterSeconds === undefined || retryAfterSeconds > LONGEST_WAIT_SECONDS) {
    return false;
  }
  return code === 429 || (code >= 500 && method !== 'POST');
}
