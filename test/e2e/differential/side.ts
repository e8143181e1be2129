import { Agent, request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import type { Json, JsonObject } from '../../../src/devcluster/api-server/schema/schema.ts';
import type { Kubectl } from '../../support/kubectl.ts';

/** One of the two servers that are compared. */
export interface Side {
  /** `https://127.0.0.1:PORT` */
  readonly url: string;
  /** PEM of the certificate that the server shows, or of its authority. */
  readonly ca: string;
  readonly token: string;
  readonly kubectl: Kubectl;
  /** Begins the names of the cases' namespaces. */
  readonly prefix: string;
}

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | null>>;
  readonly body?: string | undefined;
}

/** What is compared of an answer. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: JsonObject;
  /** Text where it is not JSON. */
  readonly body: Json;
}

/** A server with its sockets. */
export interface Connection {
  readonly side: Side;
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** Resolves when the answer begins. */
  watch(request: HttpRequest): Promise<WatchAnswer>;
  close(): void;
}

export interface WatchAnswer {
  readonly status: number;
  readonly headers: JsonObject;
  /** Event by event; ends with the answer. */
  readonly events: AsyncIterator<Json, void>;
  /** Cuts the connection. */
  close(): void;
}

/** Longer than any answer takes, watches included. */
const ANSWER_MS = 30_000;

/** Headers whose values are part of the contract. */
const comparedHeaders = ['content-type', 'warning', 'retry-after', 'allow', 'www-authenticate'];

export function connect(side: Side): Connection {
  const agent = new Agent({ ca: side.ca, keepAlive: true });

  function open({ method, path, headers, body }: HttpRequest): Promise<IncomingMessage> {
    const all = {
      authorization: `Bearer ${side.token}`,
      accept: 'application/json',
      'user-agent': 'differential/1.0',
      // Node leaves it out of a DELETE, whose body the server would then take for the next request.
      'content-length': body === undefined ? null : String(Buffer.byteLength(body)),
      ...headers,
    };
    const sent = Object.fromEntries(
      Object.entries(all).flatMap(([name, value]) => (value === null ? [] : [[name, value] as const])),
    );
    return new Promise((resolve, reject) => {
      const signal = AbortSignal.timeout(ANSWER_MS);
      const outgoing = request(new URL(side.url + path), { method, agent, headers: sent, signal }, resolve);
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }
  return {
    side,
    async send(wanted) {
      const response = await open(wanted);
      const chunks: Buffer[] = [];
      for await (const chunk of response) {
        chunks.push(chunk as Buffer);
      }
      const text = Buffer.concat(chunks).toString('utf8');
      return { status: response.statusCode ?? 0, headers: headersOf(response), body: parsed(text) };
    },
    async watch(wanted) {
      const response = await open(wanted);
      return {
        status: response.statusCode ?? 0,
        headers: headersOf(response),
        events: events(response),
        close: () => void response.destroy(),
      };
    },
    close: () => agent.destroy(),
  };
}

function headersOf(response: IncomingMessage): JsonObject {
  const found: JsonObject = {};
  for (const name of comparedHeaders) {
    const value = response.headers[name];
    if (value !== undefined) {
      found[name] = String(value);
    }
  }
  return found;
}

async function* events(response: IncomingMessage): AsyncGenerator<Json, void> {
  for await (const line of createInterface({ input: response })) {
    yield parsed(line);
  }
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
