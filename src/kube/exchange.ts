import { request as httpRequest } from 'node:http';
import type { IncomingMessage, RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';

/** Failed before the first byte of an answer, on a socket that had served before: most likely it was closed while idle. */
export class StaleSocketError extends Error {
  override readonly name = 'StaleSocketError';
  /** What the socket said. */
  readonly failure: Error;

  constructor(failure: Error) {
    super('the pooled connection was closed');
    this.failure = failure;
  }
}

/**
 * Sends one request and resolves with the head of its answer. When `signal` is aborted, the request or the answer's body fails
 * with the signal's reason.
 */
export function exchange(
  options: RequestOptions,
  body: string | undefined,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason as Error);
      return;
    }
    const send = options.protocol === 'http:' ? httpRequest : httpsRequest;
    const request = send(options);
    let answer: IncomingMessage | undefined;

    const giveUp = (): void => {
      (answer ?? request).destroy(signal.reason as Error);
    };
    signal.addEventListener('abort', giveUp, { once: true });
    request.on('close', () => signal.removeEventListener('abort', giveUp));
    request.on('response', (message) => {
      answer = message;
      // Whoever reads the body gets the error from the iterator; nobody reading must not end the process.
      message.on('error', () => undefined);
      resolve(message);
    });
    request.on('error', (error: NodeJS.ErrnoException) => {
      const stale = request.reusedSocket && answer === undefined && !signal.aborted && isCut(error);
      reject(stale ? new StaleSocketError(error) : error);
    });
    request.end(body);
  });
}

/**
 * @param maxBytes of what is more the rest is dropped, and the connection cut
 * @throws the stream's error when the body is cut off
 */
export function readBody(message: IncomingMessage, maxBytes = Infinity): Promise<string> {
  // An async iterator would cost as much as all the rest of a small answer.
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const end = (): void => resolve(Buffer.concat(chunks).toString('utf8'));
    message.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > maxBytes) {
        end();
        message.destroy();
      }
    });
    message.on('end', end);
    message.on('error', reject);
    // An error that came before anybody listened is not told again.
    if (message.errored !== null) {
      reject(message.errored);
    }
  });
}

function isCut(error: NodeJS.ErrnoException): boolean {
  return error.code === 'ECONNRESET' || error.code === 'EPIPE';
}
