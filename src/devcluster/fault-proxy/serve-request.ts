import type { IncomingMessage, ServerResponse } from 'node:http';
import { sleep, type Clock } from '../../time/clock.ts';
import { passOn } from './answer.ts';
import type { Decision } from './fault-plan.ts';
import type { Fault } from './fault.ts';
import { latencyMs } from './faults/latency.ts';
import { answerStatus } from './faults/status-answer.ts';
import type { FrontDoor } from './front-door.ts';
import type { OpenEntry } from './request-record.ts';
import type { Upstream } from './upstream.ts';

/** One request of a client. */
export interface ClientRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly decision: Decision | undefined;
  readonly entry: OpenEntry;
}

/** What serving takes. */
export interface ServingParts {
  readonly upstream: Upstream;
  readonly front: FrontDoor;
  readonly clock: Clock;
}

/** Serves one request, with its fault. Never rejects. An API server that gives no answer looks to the client like a reset connection. */
export async function serveRequest(parts: ServingParts, client: ClientRequest): Promise<void> {
  const { request, response, entry } = client;
  const gone = new AbortController();
  response.once('close', () => {
    entry.endedAt = parts.clock.monotonic();
    gone.abort();
  });
  try {
    await serve(parts, client, gone.signal);
  } catch {
    cut(parts, { request, entry });
  }
}

async function serve(parts: ServingParts, client: ClientRequest, signal: AbortSignal): Promise<void> {
  const { upstream, clock, front } = parts;
  const { request, response, decision, entry } = client;
  const fault = decision?.fault;
  if (fault?.kind === 'latency') {
    await sleep(clock, latencyMs(fault, decision?.chance ?? 0), signal);
  }
  if (isAnswerInstead(fault) && fault.when === 'before') {
    // Unread bytes would make the close of the connection a reset of its own.
    request.resume();
    answerInstead(parts, client, fault);
    return;
  }
  const answer = await upstream.send(request, signal);
  entry.reached = true;
  if (isAnswerInstead(fault)) {
    answer.destroy();
    answerInstead(parts, client, fault);
    return;
  }
  entry.status = answer.statusCode;
  entry.answeredAt = clock.monotonic();
  passOn({ answer, response, clock, reset: () => front.reset(request.socket) }, fault);
}

type Replacing = Extract<Fault, { kind: 'status' | 'reset' }>;

function isAnswerInstead(fault: Fault | undefined): fault is Replacing {
  return fault?.kind === 'status' || fault?.kind === 'reset';
}

function answerInstead(
  parts: ServingParts,
  { request, response, entry }: ClientRequest,
  fault: Replacing,
): void {
  if (fault.kind === 'reset') {
    cut(parts, { request, entry });
    return;
  }
  entry.status = fault.code;
  entry.answeredAt = parts.clock.monotonic();
  answerStatus(response, fault);
}

function cut(
  { front, clock }: ServingParts,
  { request, entry }: Pick<ClientRequest, 'request' | 'entry'>,
): void {
  entry.status ??= 0;
  entry.answeredAt ??= clock.monotonic();
  front.reset(request.socket);
}
