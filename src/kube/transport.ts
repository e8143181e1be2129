import type { IncomingHttpHeaders, IncomingMessage, RequestOptions } from 'node:http';
import type { Readable } from 'node:stream';
import packageJson from '../../package.json' with { type: 'json' };
import type { Clock } from '../time/clock.ts';
import { aborted, connectionFailed, hostPort, timedOut } from './connect-error.ts';
import type { Connection } from './connection.ts';
import { startDeadline, within } from './deadline.ts';
import type { Deadline } from './deadline.ts';
import { StaleSocketError, exchange, readBody } from './exchange.ts';
import type { KubeMetrics } from './metrics.ts';
import { socketLanes } from './socket-lanes.ts';
import type { Lane } from './socket-lanes.ts';
import { answerError } from './status-error.ts';

export type { Lane };

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path and query, without the server's own prefix. */
  readonly path: string;
  /** Default `requests`. */
  readonly lane?: Lane;
  /** Besides identity, `User-Agent` and `Accept: application/json`. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Ends the request, or the stream, with an ApiError of reason `Aborted`. */
  readonly signal?: AbortSignal | undefined;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface HttpStream {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Destroy it when done early, or the socket stays open. */
  readonly body: Readable;
}

/** HTTP to one API server. Pooled connections, identity, time limits; knows nothing of Kubernetes but the 401. */
export interface Transport {
  /**
   * Resolves with any HTTP answer. A 401 has refreshed the credentials and been tried again once.
   * @throws ApiError of code 0 when there is no whole answer: `ConnectionFailed`, `Timeout` or `Aborted`
   */
  request(request: HttpRequest): Promise<HttpResponse>;
  /**
   * Resolves with a successful answer whose body is still coming; the time limit covers its head only. Errors in the middle
   * of the body are those of the socket.
   * @throws ApiError for answers that are no success, and as {@link request} does
   */
  stream(request: HttpRequest): Promise<HttpStream>;
  /** Cuts everything under way; later requests fail as `Aborted`. */
  close(): void;
  readonly connection: Connection;
}

export interface TransportOptions {
  readonly clock: Clock;
  readonly metrics?: KubeMetrics;
  /** Milliseconds from the call to the whole answer, waiting for a socket included. Default 30 s. */
  readonly requestTimeoutMs?: number;
  /** How many plain requests may be under way at the same time. Default 144: the pods of pools have 120 of them at most, for a moment. */
  readonly maxSockets?: number;
}

/** Each failed try uses up one idle socket of the pool; after so many the server, not the socket, is at fault. */
const STALE_RETRIES = 4;

/** A refusal says why in its first words; what a pod behind the API server's proxy says need not end. */
const REFUSAL_BYTES = 1024 * 1024;

/** `Accept-Encoding` is left out on purpose: inside a cluster gzip costs more than it saves. */
const standardHeaders = {
  Accept: 'application/json',
  'User-Agent': `headframe/${packageJson.version} (node)`,
};

export function createTransport(connection: Connection, options: TransportOptions): Transport {
  const { clock, metrics, requestTimeoutMs = 30_000, maxSockets = 144 } = options;
  const { server } = connection;
  const lanes = socketLanes(server.protocol, maxSockets);
  const prefix = server.pathname.replace(/\/+$/, '');
  const closing = new AbortController();
  const host = hostPort(server);

  async function attempt(request: HttpRequest, deadline: Deadline): Promise<IncomingMessage> {
    const identity = await within(deadline, connection.headers());
    const { body } = request;
    const requestOptions: RequestOptions = {
      protocol: server.protocol,
      hostname: server.hostname.replace(/^\[|\]$/g, ''),
      port: server.port,
      method: request.method,
      path: prefix + request.path,
      agent: lanes.agent(request.lane ?? 'requests', connection.tls),
      headers: {
        ...standardHeaders,
        ...request.headers,
        ...(body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) }),
        ...identity,
      },
    };
    return exchange(requestOptions, body, deadline.signal);
  }

  /** POST is not safe to send twice: the server may have acted before it cut the connection. */
  async function attemptOnLiveSocket(request: HttpRequest, deadline: Deadline): Promise<IncomingMessage> {
    for (let retries = 0; ; retries++) {
      try {
        return await attempt(request, deadline);
      } catch (error) {
        if (!(error instanceof StaleSocketError)) {
          throw error;
        }
        if (request.method === 'POST' || retries === STALE_RETRIES) {
          throw error.failure;
        }
      }
    }
  }

  async function answer(request: HttpRequest, deadline: Deadline): Promise<IncomingMessage> {
    const first = await attemptOnLiveSocket(request, deadline);
    if (first.statusCode !== 401) {
      return first;
    }
    await readBody(first);
    await within(deadline, connection.refresh());
    return attemptOnLiveSocket(request, deadline);
  }

  function begin(request: HttpRequest): Deadline {
    return startDeadline({
      clock,
      timeoutMs: requestTimeoutMs,
      onTimeout: () => timedOut(server, requestTimeoutMs),
      onAbort: aborted,
      signals: [request.signal, closing.signal],
    });
  }

  /** Runs one call, counts it, and turns whatever it throws into an ApiError. */
  async function measured<T extends { status: number }>(
    { method }: HttpRequest,
    deadline: Deadline,
    call: () => Promise<T>,
  ): Promise<T> {
    const start = clock.monotonic();
    let code = '<error>';
    try {
      const result = await call();
      code = String(result.status);
      return result;
    } catch (error) {
      deadline.release();
      const failure = connectionFailed(server, error);
      code = failure.code === 0 ? code : String(failure.code);
      throw failure;
    } finally {
      metrics?.requests.inc({ code, method, host });
      metrics?.requestSeconds.observe({ verb: method, host }, (clock.monotonic() - start) / 1000);
    }
  }

  return {
    connection,
    request(request) {
      const deadline = begin(request);
      return measured(request, deadline, async () => {
        const message = await answer(request, deadline);
        const body = await readBody(message);
        deadline.release();
        return { status: message.statusCode ?? 0, headers: message.headers, body };
      });
    },
    stream(request) {
      const deadline = begin(request);
      return measured(request, deadline, async () => {
        const message = await answer(request, deadline);
        const { statusCode: status = 0, headers } = message;
        if (status < 200 || status > 299) {
          throw answerError(request, { status, headers, body: await readBody(message, REFUSAL_BYTES) });
        }
        deadline.stopTimer();
        message.on('close', () => deadline.release());
        return { status, headers, body: message };
      });
    },
    close() {
      closing.abort();
      lanes.close();
    },
  };
}
