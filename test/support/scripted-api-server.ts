import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

/** What a scripted server was asked. */
export interface RecordedRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Answers one request; may leave the response open. A rejection answers 500. */
export type Script = (request: RecordedRequest, response: ServerResponse) => void | Promise<void>;

/** A real HTTP(S) server on 127.0.0.1 that answers as a test tells it to. */
export interface ScriptedApiServer {
  readonly url: URL;
  readonly requests: readonly RecordedRequest[];
  /** TCP connections accepted so far. */
  readonly connections: number;
  /** Answers that are neither ended nor cut: open watches, mostly. */
  readonly openAnswers: number;
  /** Replaces the script. */
  answer(script: Script): void;
  /** Cuts every connection; the server goes on. */
  cutConnections(): void;
  close(): Promise<void>;
}

export async function startScriptedApiServer(
  script: Script,
  tls?: { key: string; cert: string; ca?: string; requestCert?: boolean },
): Promise<ScriptedApiServer> {
  const requests: RecordedRequest[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  let openAnswers = 0;
  let current = script;

  async function onRequest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    openAnswers++;
    response.once('close', () => openAnswers--);
    const recorded = await record(request);
    requests.push(recorded);
    try {
      await current(recorded, response);
    } catch (error) {
      answerStatus(response, { code: 500, reason: 'InternalError', message: String(error) });
    }
  }
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    void onRequest(request, response);
  };
  const server = tls === undefined ? createHttpServer(listener) : createHttpsServer(tls, listener);
  server.on('connection', (socket: Socket) => {
    connections++;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  function cutConnections(): void {
    for (const socket of sockets) {
      socket.destroy();
    }
  }
  return {
    url: new URL(`${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`),
    requests,
    get connections() {
      return connections;
    },
    get openAnswers() {
      return openAnswers;
    },
    answer(next) {
      current = next;
    },
    cutConnections,
    async close() {
      const closed = once(server, 'close');
      server.close();
      cutConnections();
      await closed;
    },
  };
}

async function record(request: IncomingMessage): Promise<RecordedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  const url = new URL(request.url ?? '/', 'http://server');
  return {
    method: request.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

/** Ends the answer with a JSON body. */
export function answerJson(
  response: ServerResponse,
  body: unknown,
  { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {},
): void {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

/** The fields of a metav1.Status that matter to a client. */
export interface StatusText {
  readonly code: number;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: object;
}

/** A metav1.Status as API servers write it. */
export function statusObject({ code, ...text }: StatusText): object {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', ...text, code };
}

/** Ends the answer with a failure. */
export function answerStatus(
  response: ServerResponse,
  text: StatusText,
  headers: Record<string, string> = {},
): void {
  answerJson(response, statusObject(text), { status: text.code, headers });
}

/** Writes events of a watch; the answer stays open until it is ended. */
export interface ScriptedWatch {
  event(type: string, object: unknown): void;
  /** The end of the streamed initial list. */
  initialEventsEnd(kind: string, resourceVersion: string): void;
  bookmark(kind: string, resourceVersion: string): void;
  /** Raw bytes, for what no API server should send. */
  raw(bytes: string | Uint8Array): void;
  /** Ends the answer as a server does when the time of the watch is over. */
  end(): void;
  /** Cuts the connection. */
  cut(): void;
}

/** Sends the head of a watch's answer. */
export function openWatch(response: ServerResponse): ScriptedWatch {
  response.writeHead(200, { 'Content-Type': 'application/json' });
  response.flushHeaders();
  const event = (type: string, object: unknown): void => {
    response.write(`${JSON.stringify({ type, object })}\n`);
  };
  return {
    event,
    initialEventsEnd: (kind, resourceVersion) =>
      event('BOOKMARK', {
        kind,
        metadata: { resourceVersion, annotations: { 'k8s.io/initial-events-end': 'true' } },
      }),
    bookmark: (kind, resourceVersion) => event('BOOKMARK', { kind, metadata: { resourceVersion } }),
    raw: (bytes) => void response.write(bytes),
    end: () => void response.end(),
    cut: () => void response.socket?.destroy(),
  };
}
