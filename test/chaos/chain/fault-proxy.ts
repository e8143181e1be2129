import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Anvil } from './anvil.ts';
import type { MempoolGate } from './mempool-gate.ts';
import type { Random } from './random.ts';
import {
  RPC_FAULTS,
  type RpcFault,
  type WireAnswer,
  type WireCall,
  distorted,
  faultDeck,
} from './rpc-fault.ts';

export interface FaultProxyOptions {
  readonly anvil: Anvil;
  /** What decides on transactions. */
  readonly mempool: MempoolGate;
  readonly faults: readonly RpcFault[];
  /** Of a hundred requests so many meet a fault. */
  readonly percent: number;
  /** How long a hanging answer takes, in milliseconds. */
  readonly hangMs: number;
  readonly random: Random;
}

/** An endpoint of a provider that one would rather not have. */
export interface FaultProxy {
  readonly url: string;
  /** How often each fault has happened. */
  readonly counts: Readonly<Record<RpcFault, number>>;
  /** How many hanging answers were waited for to their end. */
  readonly patience: () => number;
  close(): Promise<void>;
}

/** Seconds that a 429 asks to wait. */
const RETRY_AFTER = '1';
const PAGE = '<html><body><h1>502 Bad Gateway</h1></body></html>';

/** Starts it, on a port of its own of 127.0.0.1. */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const { anvil, mempool, percent, hangMs, random } = options;
  const deck = faultDeck(options.faults, random);
  const counts = Object.fromEntries(RPC_FAULTS.map((fault) => [fault, 0])) as Record<RpcFault, number>;
  let waitedFor = 0;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = JSON.parse(await text(request)) as WireCall | WireCall[];
    const calls = Array.isArray(body) ? body : [body];
    const fault = random(100) < percent ? deck.draw(calls) : undefined;
    if (fault !== undefined && refuses(fault, response)) {
      counts[fault]++;
      return;
    }
    const answers = await answersTo(calls, anvil, mempool);
    const told = fault === undefined ? answers : toldInstead(fault, calls, answers);
    speak(response, fault, JSON.stringify(Array.isArray(body) ? told : told[0]));
  }

  function toldInstead(
    fault: RpcFault,
    calls: readonly WireCall[],
    answers: readonly WireAnswer[],
  ): readonly WireAnswer[] {
    const told = distorted(fault, calls, answers, random);
    if (told !== undefined || fault === 'hang' || fault === 'cutAfter') {
      counts[fault]++;
    }
    return told ?? answers;
  }

  function speak(response: ServerResponse, fault: RpcFault | undefined, body: string): void {
    const answer = (): unknown => response.writeHead(200, { 'Content-Type': 'application/json' }).end(body);
    if (fault === 'cutAfter') {
      response.destroy();
    } else if (fault === 'hang' && !response.destroyed) {
      const timer = setTimeout(() => {
        waitedFor++;
        answer();
      }, hangMs);
      response.once('close', () => clearTimeout(timer));
    } else {
      answer();
    }
  }

  const server = createServer((request, response) => {
    // Whoever is cut off, or killed, while it asks gets no answer.
    serve(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    counts,
    patience: () => waitedFor,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Answers without asking the node, where that is the fault. */
function refuses(fault: RpcFault, response: ServerResponse): boolean {
  if (fault === 'rateLimited') {
    response.writeHead(429, { 'Retry-After': RETRY_AFTER }).end('Too Many Requests');
  } else if (fault === 'badGateway') {
    response.writeHead(502, { 'Content-Type': 'text/html' }).end(PAGE);
  } else if (fault === 'cutBefore') {
    response.destroy();
  } else {
    return false;
  }
  return true;
}

/** In the order of the calls. What is read is asked of the node in one request, so that it is of one time. */
async function answersTo(
  calls: readonly WireCall[],
  anvil: Anvil,
  mempool: MempoolGate,
): Promise<WireAnswer[]> {
  const isSending = ({ method }: WireCall): boolean => method === 'eth_sendRawTransaction';
  const reads = calls.filter((call) => !isSending(call));
  const read = reads.length === 0 ? [] : ((await anvil.post(reads)) as WireAnswer[]);
  const known = new Map(read.map((answer) => [answer.id, answer]));
  const answers: WireAnswer[] = [];
  for (const call of calls) {
    const answer = isSending(call) ? await mempool.send(String(call.params[0])) : known.get(call.id);
    answers.push({ ...answer, id: call.id });
  }
  return answers;
}
