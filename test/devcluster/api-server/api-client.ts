import { request as httpsRequest, Agent } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { startApiServer, type ApiServer } from '../../../src/devcluster/api-server/api-server.ts';
import { lineSplitter } from '../../../src/kube/watch-stream.ts';

export interface Answer {
  readonly code: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

/** One line of a watch. */
export interface Line {
  readonly type: string;
  readonly object: {
    readonly code?: number;
    readonly metadata: {
      readonly name: string;
      readonly resourceVersion: string;
      readonly annotations?: Readonly<Record<string, string>>;
    };
    readonly data?: Readonly<Record<string, string>>;
  };
}

/** A server, and the plainest client that it can have. */
export interface TestServer {
  readonly server: ApiServer;
  send(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer>;
  /** Calls back for each line until the watch ends or `signal` is aborted; resolves then. */
  watch(path: string, onLine: (line: Line) => void, signal?: AbortSignal): Promise<void>;
  stop(): Promise<void>;
}

export async function startTestServer(): Promise<TestServer> {
  const server = await startApiServer();
  const agent = new Agent({ keepAlive: true, ca: server.certificate });
  const authorization = `Bearer ${server.token}`;

  function open(
    method: string,
    path: string,
    {
      text,
      headers = {},
      signal,
    }: { text?: string; headers?: Readonly<Record<string, string>>; signal?: AbortSignal },
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const request = httpsRequest(new URL(path, server.url), {
        method,
        agent,
        headers: { authorization, 'content-type': 'application/json', ...headers },
        ...(signal === undefined ? {} : { signal }),
      });
      request.once('response', resolve);
      request.once('error', reject);
      request.end(text);
    });
  }

  return {
    server,
    async send(method, path, body, headers = {}) {
      const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
      const answer = await open(method, path, { ...(text === undefined ? {} : { text }), headers });
      const chunks: Buffer[] = [];
      for await (const chunk of answer) {
        chunks.push(chunk as Buffer);
      }
      const received = Buffer.concat(chunks).toString();
      return {
        code: answer.statusCode ?? 0,
        headers: answer.headers,
        body: received.startsWith('{') ? (JSON.parse(received) as unknown) : {},
      };
    },
    async watch(path, onLine, signal) {
      try {
        const answer = await open('GET', path, signal === undefined ? {} : { signal });
        const splitter = lineSplitter();
        for await (const chunk of answer) {
          for (const line of splitter.push(chunk as Buffer)) {
            onLine(JSON.parse(line) as Line);
          }
        }
      } catch (error) {
        if (signal?.aborted !== true && (error as NodeJS.ErrnoException).code !== 'ECONNRESET') {
          throw error;
        }
      }
    },
    async stop() {
      agent.destroy();
      await server.stop();
    },
  };
}
