import type { ServerResponse } from 'node:http';
import type { RpcEndpoint } from '../../../src/chain/rpc/endpoint.ts';
import { canary } from '../../support/canaries.ts';
import { startScriptedApiServer } from '../../support/scripted-api-server.ts';
import type { Script, ScriptedApiServer } from '../../support/scripted-api-server.ts';

/** In the path, the query, the user and a header of every endpoint: none of it may ever be seen. */
export const CANARY = canary('the token of an endpoint', 'hunter2CanarySecret');

/** A call as it came over the wire. */
export interface SeenCall {
  readonly method: string;
  readonly params: unknown[];
}

/** What a node answers: a result, or an error. */
export type Answer = { readonly result: unknown } | { readonly error: unknown };

/** A real HTTP server that speaks JSON-RPC as a test tells it to, and misbehaves on demand. */
export interface RpcServer {
  readonly endpoint: RpcEndpoint;
  readonly calls: SeenCall[];
  /** How many requests came; a batch is one. */
  readonly requests: number;
  /** How many TCP connections were accepted. */
  readonly connections: number;
  /** Answers that are neither ended nor cut. */
  readonly openAnswers: number;
  /** Answers calls from now on. */
  answer(how: (call: SeenCall) => Answer): void;
  /** Answers whole requests from now on, however it likes. */
  misbehave(script: Script): void;
  close(): Promise<void>;
}

interface WireCall extends SeenCall {
  readonly id: number;
}

export async function startRpcServer(name: string, how: (call: SeenCall) => Answer): Promise<RpcServer> {
  const calls: SeenCall[] = [];
  const speaking =
    (answer: (call: SeenCall) => Answer): Script =>
    (request, response) => {
      const body = JSON.parse(request.body) as WireCall | WireCall[];
      const reply = ({ id, method, params }: WireCall): object => {
        calls.push({ method, params });
        return { jsonrpc: '2.0', id, ...answer({ method, params }) };
      };
      answerJson(response, Array.isArray(body) ? body.map(reply) : reply(body));
    };
  const server: ScriptedApiServer = await startScriptedApiServer(speaking(how));
  const url = new URL(`/v3/${CANARY}?key=${CANARY}`, server.url);
  url.username = 'user';
  url.password = CANARY;
  return {
    endpoint: { name, url, headers: { 'X-Api-Key': CANARY } },
    calls,
    get requests() {
      return server.requests.length;
    },
    get connections() {
      return server.connections;
    },
    get openAnswers() {
      return server.openAnswers;
    },
    answer: (next) => server.answer(speaking(next)),
    misbehave: (script) => server.answer(script),
    close: () => server.close(),
  };
}

export function answerJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

/** The answers of a plain chain of so many blocks, for tests of everything around them. */
export function chainOf(height: () => number, chainId = 31337): (call: SeenCall) => Answer {
  return ({ method, params }) => {
    switch (method) {
      case 'eth_chainId':
        return { result: `0x${chainId.toString(16)}` };
      case 'eth_getBlockByNumber':
        return { result: blockJson(params[0] === 'latest' ? height() : Number(params[0])) };
      case 'eth_getBalance':
        return { result: '0x5' };
      default:
        return { error: { code: -32601, message: 'Method not found' } };
    }
  };
}

export function blockJson(number: number): object {
  return {
    number: `0x${number.toString(16)}`,
    hash: `0x${(number + 1).toString(16).padStart(64, '0')}`,
    parentHash: `0x${number.toString(16).padStart(64, '0')}`,
    timestamp: '0x1',
    baseFeePerGas: '0x7',
  };
}
