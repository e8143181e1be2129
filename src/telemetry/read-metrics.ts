import { setMaxListeners } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Clock } from '../time/clock.ts';

/** Why there is no text. */
export type ReadMetricsErrorKind =
  /** Not all of it came in time. */
  | 'Timeout'
  /** There is more of it than may be read. */
  | 'TooLarge'
  /** The server answered with something other than 200. */
  | 'Status'
  /** No answer, half an answer, or none that is HTTP. */
  | 'ConnectionFailed'
  /** The caller gave up. */
  | 'Aborted';

/** The only error that {@link readMetricsText} fails with. Names the host; never the path, credentials, headers or the body. */
export class ReadMetricsError extends Error {
  override readonly name = 'ReadMetricsError';
  readonly kind: ReadMetricsErrorKind;
  /** HTTP status; 0 when none came. */
  readonly status: number;

  constructor(kind: ReadMetricsErrorKind, message: string, status = 0) {
    super(message);
    this.kind = kind;
    this.status = status;
  }
}

export interface ReadMetricsOptions {
  readonly clock: Clock;
  /** Milliseconds from the call to the last byte. Default 10 s, as a Prometheus scrape. */
  readonly timeoutMs?: number;
  /** Bytes of the body. Default 64 MiB. */
  readonly maxBytes?: number;
  /** Such as `Authorization`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** PEM certificates that the server's must be signed by, instead of the public ones. */
  readonly ca?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * GETs a text: the metrics of an exporter, or the answer of a Prometheus server. Follows no redirect, so credentials go nowhere
 * else, and asks for no compression, so that what is bounded is what is held. Each call has its own connection.
 * @throws ReadMetricsError
 */
export function readMetricsText(url: URL, options: ReadMetricsOptions): Promise<string> {
  const { clock, timeoutMs = 10_000, maxBytes = 64 * 1024 * 1024, signal } = options;
  const { host } = url;
  return new Promise((resolve, reject) => {
    const settle = (outcome: string | ReadMetricsError): void => {
      timer.cancel();
      signal?.removeEventListener('abort', giveUp);
      request?.destroy();
      if (typeof outcome === 'string') {
        resolve(outcome);
      } else {
        reject(outcome);
      }
    };
    const giveUp = (): void => settle(new ReadMetricsError('Aborted', `reading from ${host} was given up`));
    const timer = clock.after(timeoutMs, () => settle(timedOut(host, timeoutMs)));
    let request: ClientRequest | undefined;
    if (signal?.aborted === true) {
      giveUp();
      return;
    }
    if (signal !== undefined) {
      // One signal may end any number of readings; node would warn of a leak from the eleventh on.
      setMaxListeners(0, signal);
      signal.addEventListener('abort', giveUp, { once: true });
    }
    try {
      request = get(url, options);
    } catch (error) {
      settle(connectionFailed(host, error));
      return;
    }
    request.on('error', (error) => settle(connectionFailed(host, error)));
    request.on('response', (message) => collect(message, { host, maxBytes, settle }));
  });
}

/** @throws TypeError for headers or a protocol that cannot be */
function get(url: URL, { headers, ca }: ReadMetricsOptions): ClientRequest {
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return send(url, {
    agent: false,
    headers: { Accept: 'text/plain;version=0.0.4, application/json;q=0.9', ...headers },
    ...(ca === undefined ? {} : { ca }),
  }).end();
}

interface Collecting {
  readonly host: string;
  readonly maxBytes: number;
  readonly settle: (outcome: string | ReadMetricsError) => void;
}

/** Settles with the body. Settling ends the connection, and with it the flow of an answer that is refused. */
function collect(message: IncomingMessage, { host, maxBytes, settle }: Collecting): void {
  const tooLarge = (): void =>
    settle(new ReadMetricsError('TooLarge', `${host} sends more than ${maxBytes} bytes`));
  const chunks: Buffer[] = [];
  let bytes = 0;
  message.on('error', (error) => settle(connectionFailed(host, error)));
  const refusal = refusalOf(message, host);
  if (refusal !== undefined) {
    settle(refusal);
    return;
  }
  if (Number(message.headers['content-length'] ?? 0) > maxBytes) {
    tooLarge();
    return;
  }
  message.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      chunks.length = 0;
      tooLarge();
    } else {
      chunks.push(chunk);
    }
  });
  message.on('end', () => settle(Buffer.concat(chunks).toString('utf8')));
}

function refusalOf(message: IncomingMessage, host: string): ReadMetricsError | undefined {
  const { statusCode: status = 0, headers } = message;
  if (status !== 200) {
    const hint = status >= 300 && status < 400 ? '; redirects are not followed' : '';
    return new ReadMetricsError('Status', `${host} answered with status ${status}${hint}`, status);
  }
  const encoding = headers['content-encoding'] ?? 'identity';
  return encoding === 'identity'
    ? undefined
    : new ReadMetricsError('ConnectionFailed', `${host} sends a compressed text, which was not asked for`);
}

function timedOut(host: string, timeoutMs: number): ReadMetricsError {
  return new ReadMetricsError('Timeout', `${host} did not answer in full within ${timeoutMs / 1000} s`);
}

/** Says the code of the failure only: messages of TLS and of headers may quote what should not be told. */
function connectionFailed(host: string, cause: unknown): ReadMetricsError {
  const code = cause instanceof Error ? (cause as NodeJS.ErrnoException).code : undefined;
  const words = code?.startsWith('HPE_') === true ? 'its answer is not HTTP' : 'the connection failed';
  return new ReadMetricsError(
    'ConnectionFailed',
    `cannot read from ${host}: ${words} (${code ?? 'no code'})`,
  );
}
