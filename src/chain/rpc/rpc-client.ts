import type { Clock } from '../../time/clock.ts';
import { HttpFailure } from '../http/http-failure.ts';
import { httpTarget } from '../http/http-target.ts';
import { postJson } from '../http/post-json.ts';
import type { HttpAnswer } from '../http/post-json.ts';
import { retryAfterMs } from '../http/retry-after.ts';
import { classifyNodeError } from '../node-answers/node-error.ts';
import type { NodeAnswerError } from '../node-answers/node-error.ts';
import { revertData } from '../node-answers/revert.ts';
import { endpointRedaction } from './endpoint.ts';
import type { RpcEndpoint } from './endpoint.ts';
import { decodeAnswers, encodeCalls } from './json-rpc.ts';
import type { RpcAnswer, RpcCall } from './json-rpc.ts';
import { RpcError } from './rpc-error.ts';

export interface RpcClientOptions {
  readonly clock: Clock;
  /** Milliseconds from a call to its whole answer. Default 10 s. */
  readonly timeoutMs?: number;
  /** Bytes of an answer. Default 32 MiB: the logs of a busy range are that large. */
  readonly maxBytes?: number;
  /** Told of every request when it is over. */
  readonly onDone?: (request: CompletedRequest) => void;
}

/** A request that is over, with the call, or the calls of the batch, that it carried. */
export interface CompletedRequest {
  readonly calls: readonly {
    readonly method: string;
    /** Undefined for a result. */
    readonly error: RpcError | undefined;
  }[];
  readonly seconds: number;
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

/** A result, or why there is none. */
export type Outcome = { readonly result: unknown } | { readonly error: RpcError };

/** JSON-RPC to one endpoint. Knows nothing of chains. */
export interface RpcClient {
  readonly endpoint: string;
  /** @throws RpcError */
  call(method: string, params: readonly unknown[], options?: CallOptions): Promise<unknown>;
  /** Sends the calls in one request. Never rejects: each has its own outcome, in the order of the calls. */
  batch(calls: readonly RpcCall[], options?: CallOptions): Promise<Outcome[]>;
  /** Cuts the pooled connections. */
  close(): void;
}

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_MAX_BYTES = 32 * 1024 * 1024;

export function rpcClient(endpoint: RpcEndpoint, options: RpcClientOptions): RpcClient {
  const { clock, timeoutMs = DEFAULT_TIMEOUT_MS, maxBytes = DEFAULT_MAX_BYTES, onDone } = options;
  const target = httpTarget(endpoint);
  const failure = failures(endpoint);

  async function exchange(calls: readonly RpcCall[], signal: AbortSignal | undefined): Promise<Outcome[]> {
    try {
      const answer = await postJson(target, encodeCalls(calls), { clock, timeoutMs, maxBytes, signal });
      const answers = decodeAnswers(jsonOf(answer.body), calls.length);
      const refusal = failure.ofAnswer(answer, answers, clock.now());
      return (answers ?? []).length === 0 || refusal !== undefined
        ? calls.map(() => ({ error: refusal ?? failure.malformed(answer) }))
        : (answers ?? []).map((each) => failure.outcome(each, answer.status));
    } catch (error) {
      const failed = failure.ofExchange(error);
      return calls.map(() => ({ error: failed }));
    }
  }

  async function batch(calls: readonly RpcCall[], { signal }: CallOptions = {}): Promise<Outcome[]> {
    if (calls.length === 0) {
      return [];
    }
    const begin = clock.monotonic();
    const outcomes = await exchange(calls, signal);
    const seconds = (clock.monotonic() - begin) / 1000;
    onDone?.({
      seconds,
      calls: calls.map(({ method }, index) => ({ method, error: errorOf(outcomes[index]) })),
    });
    return outcomes;
  }

  return {
    endpoint: endpoint.name,
    batch,
    async call(method, params, callOptions) {
      const [outcome] = await batch([{ method, params }], callOptions);
      if (outcome === undefined || 'error' in outcome) {
        throw (
          outcome?.error ??
          new RpcError('Malformed', endpoint.name, `endpoint '${endpoint.name}' said nothing`)
        );
      }
      return outcome.result;
    },
    close: () => target.close(),
  };
}

function errorOf(outcome: Outcome | undefined): RpcError | undefined {
  return outcome !== undefined && 'error' in outcome ? outcome.error : undefined;
}

/** Undefined for what is no JSON. */
function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}

interface Failures {
  /** Why the whole answer is none; undefined when it is one. */
  ofAnswer(answer: HttpAnswer, answers: RpcAnswer[] | undefined, nowMs: number): RpcError | undefined;
  ofExchange(error: unknown): RpcError;
  malformed(answer: HttpAnswer): RpcError;
  outcome(answer: RpcAnswer, status: number): Outcome;
}

/** What can go wrong, in words that name the endpoint and give nothing away. */
function failures(endpoint: RpcEndpoint): Failures {
  const { name } = endpoint;
  const redact = endpointRedaction(endpoint);
  const who = `endpoint '${name}'`;

  function ofNode(error: NodeAnswerError, status: number): RpcError {
    const kind = classifyNodeError(error);
    const nodeError = {
      kind,
      code: error.code,
      revertData: kind === 'revert' ? revertData(error.data) : undefined,
    };
    const said = redact(error.message);
    const message = `${who} answered with error ${error.code}${said === '' ? '' : `: ${said}`}`;
    return new RpcError('NodeError', name, message, { status, nodeError });
  }

  return {
    malformed: ({ status }) =>
      new RpcError('Malformed', name, `${who} answered with JSON that is no JSON-RPC`, { status }),
    ofExchange(error) {
      if (error instanceof HttpFailure) {
        return new RpcError(error.kind, name, `${who}: ${error.message}`);
      }
      return new RpcError('Malformed', name, `${who}: the answer could not be read`);
    },
    ofAnswer({ status, headers, body }, answers, nowMs) {
      if (status === 429) {
        const wait = retryAfterMs(headers['retry-after'], nowMs);
        const hint = wait === undefined ? '' : `; it asks to wait ${Math.ceil(wait / 1000)} s`;
        const message = `${who} wants fewer requests (429)${hint}`;
        return new RpcError('RateLimited', name, message, { status, retryAfterMs: wait });
      }
      // Some providers answer with 400 or 413 and yet say in JSON-RPC what is wrong; a proxy in front of them does not.
      const answered = answers?.some(({ kind }) => kind !== 'missing') ?? false;
      if ((status < 200 || status > 299) && !answered) {
        return new RpcError(
          'HttpStatus',
          name,
          `${who} answered with status ${status}${statusHint(status)}`,
          {
            status,
          },
        );
      }
      if (answers === undefined && jsonOf(body) === undefined) {
        const what = /^\s*</.test(body) ? 'HTML' : 'something';
        const message = `${who} answered with ${what} that is no JSON: is its URL that of a JSON-RPC endpoint?`;
        return new RpcError('NotJson', name, message, { status });
      }
      return undefined;
    },
    outcome(answer, status) {
      switch (answer.kind) {
        case 'result':
          return { result: answer.result };
        case 'error':
          return { error: ofNode(answer.error, status) };
        case 'missing':
          return { error: new RpcError('MissingAnswer', name, `${who} left a call unanswered`, { status }) };
      }
    },
  };
}

function statusHint(status: number): string {
  if (status === 401 || status === 403) {
    return ': are its credentials right?';
  }
  return status >= 300 && status < 400 ? ': redirects are not followed' : '';
}
