import { setMaxListeners } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Clock } from '../../time/clock.ts';
import { HttpFailure, connectionFailure } from './http-failure.ts';
import type { HttpTarget } from './http-target.ts';

export interface PostOptions {
  readonly clock: Clock;
  /** Milliseconds from the call to the last byte of the answer. */
  readonly timeoutMs: number;
  /** Bytes of the answer's body. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/** Any whole answer, whatever its status. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/**
 * POSTs JSON. Follows no redirect, so credentials go nowhere else, and asks for no compression, so that what is bounded is what is
 * held. A request that a pooled connection lost because the server had closed it is sent once more: only what may arrive
 * twice must be posted here.
 * @throws HttpFailure
 */
export function postJson(target: HttpTarget, body: string, options: PostOptions): Promise<HttpAnswer> {
  return exchange(target, body, options);
}

/** GETs JSON, as bounded as {@link postJson}. @throws HttpFailure */
export function getJson(target: HttpTarget, options: PostOptions): Promise<HttpAnswer> {
  return exchange(target, undefined, options);
}

/** @param body undefined: it is a GET */
function exchange(target: HttpTarget, body: string | undefined, options: PostOptions): Promise<HttpAnswer> {
  const { clock, timeoutMs, signal } = options;
  return new Promise((resolve, reject) => {
    let request: ClientRequest | undefined;
    let settled = false;
    const settle = (outcome: HttpAnswer | HttpFailure): void => {
      if (settled) {
        return;
      }
      settled = true;
      timer.cancel();
      signal?.removeEventListener('abort', giveUp);
      if (outcome instanceof HttpFailure) {
        request?.destroy();
        reject(outcome);
      } else {
        resolve(outcome);
      }
    };
    const giveUp = (): void => settle(new HttpFailure('Aborted', 'the request was given up'));
    const timer = clock.after(timeoutMs, () =>
      settle(new HttpFailure('Timeout', `no whole answer came within ${timeoutMs / 1000} s`)),
    );
    if (signal?.aborted === true) {
      giveUp();
      return;
    }
    if (signal !== undefined) {
      // One signal may end any number of requests; node would warn of a leak from the eleventh on.
      setMaxListeners(0, signal);
      signal.addEventListener('abort', giveUp, { once: true });
    }
    const attempt = (mayRepeat: boolean): void => {
      let answered = false;
      try {
        request = send(target, body);
      } catch (error) {
        settle(connectionFailure(error));
        return;
      }
      const current = request;
      current.on('error', (error) => {
        if (mayRepeat && !answered && !settled && current.reusedSocket && isCut(error)) {
          attempt(false);
        } else {
          settle(connectionFailure(error));
        }
      });
      current.on('response', (message) => {
        answered = true;
        collect(message, options.maxBytes, settle);
      });
    };
    attempt(true);
  });
}

/** @throws TypeError for headers that cannot be */
function send({ url, headers, agent }: HttpTarget, body: string | undefined): ClientRequest {
  const ask = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const accept = { Accept: 'application/json' };
  if (body === undefined) {
    return ask(url, { agent, method: 'GET', headers: { ...accept, ...headers } }).end();
  }
  return ask(url, {
    agent,
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      ...accept,
      'Content-Length': String(Buffer.byteLength(body)),
      ...headers,
    },
  }).end(body);
}

function collect(
  message: IncomingMessage,
  maxBytes: number,
  settle: (outcome: HttpAnswer | HttpFailure) => void,
): void {
  const { statusCode: status = 0, headers } = message;
  const chunks: Buffer[] = [];
  let bytes = 0;
  message.on('error', (error) => settle(connectionFailure(error)));
  message.on('aborted', () => settle(new HttpFailure('ConnectionFailed', 'the answer was cut off')));
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') {
    settle(new HttpFailure('ConnectionFailed', 'the answer is compressed, which was not asked for'));
    return;
  }
  message.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      chunks.length = 0;
      settle(new HttpFailure('TooLarge', `the answer has more than ${maxBytes} bytes`));
    } else {
      chunks.push(chunk);
    }
  });
  message.on('end', () => settle({ status, headers, body: Buffer.concat(chunks).toString('utf8') }));
}

function isCut(error: NodeJS.ErrnoException): boolean {
  return error.code === 'ECONNRESET' || error.code === 'EPIPE';
}
