import { Agent, request } from 'node:http';

/** What a node answered instead of a result. */
export class JsonRpcError extends Error {
  readonly code: number;
  /** Revert data or what else the node adds. */
  readonly data: unknown;

  constructor(
    method: string,
    error: { readonly code: number; readonly message: string; readonly data?: unknown },
  ) {
    super(`${method}: ${error.message}`);
    this.name = 'JsonRpcError';
    this.code = error.code;
    this.data = error.data;
  }
}

/** Calls to the node of a local chain, one after another or many at once. No retries: it is on this machine. */
export interface JsonRpc {
  /** @throws JsonRpcError when the node refuses; Error when there is none */
  call<T>(method: string, ...params: readonly unknown[]): Promise<T>;
  /** Closes the connections. */
  close(): void;
}

interface Answer {
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

/** @param url `http://127.0.0.1:PORT` */
export function jsonRpc(url: string): JsonRpc {
  const agent = new Agent({ keepAlive: true });
  let lastId = 0;
  return {
    async call<T>(method: string, ...params: readonly unknown[]) {
      lastId += 1;
      const text = await post(url, agent, JSON.stringify({ jsonrpc: '2.0', id: lastId, method, params }));
      const answer = JSON.parse(text) as Answer;
      if (answer.error !== undefined) {
        throw new JsonRpcError(method, answer.error);
      }
      return answer.result as T;
    },
    close: () => agent.destroy(),
  };
}

function post(url: string, agent: Agent, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
    const call = request(url, { method: 'POST', agent, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.once('end', () => resolve(Buffer.concat(parts).toString()));
      response.once('error', reject);
    });
    call.once('error', reject);
    call.end(body);
  });
}
