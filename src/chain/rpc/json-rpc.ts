import type { NodeAnswerError } from '../node-answers/node-error.ts';

/** A method with its parameters. */
export interface RpcCall {
  readonly method: string;
  readonly params: readonly unknown[];
}

/** What came back for one call. */
export type RpcAnswer =
  | { readonly kind: 'result'; readonly result: unknown }
  | { readonly kind: 'error'; readonly error: NodeAnswerError }
  /** Nothing of this id. */
  | { readonly kind: 'missing' };

/** The body of a request: one call as an object, several as a batch. Ids are the places of the calls, from 1. */
export function encodeCalls(calls: readonly RpcCall[]): string {
  const requests = calls.map(({ method, params }, index) => ({
    jsonrpc: '2.0',
    id: index + 1,
    method,
    params,
  }));
  return JSON.stringify(requests.length === 1 ? requests[0] : requests);
}

/**
 * The answers, in the order of the calls, whatever order they came in. An error without an id is that of all: so a refused batch is
 * answered. Of two answers for one call the first counts.
 * @returns undefined when it is no answer of JSON-RPC
 */
export function decodeAnswers(body: unknown, count: number): RpcAnswer[] | undefined {
  const items = Array.isArray(body) ? (body as unknown[]) : [body];
  const byId = new Map<number, RpcAnswer>();
  let ofAll: RpcAnswer = { kind: 'missing' };
  for (const item of items) {
    const answer = answerOf(item);
    if (answer === undefined) {
      return undefined;
    }
    const { id } = item as { id?: unknown };
    // Some servers answer with the id as a text.
    const place = typeof id === 'string' ? Number(id) : id;
    if (typeof place === 'number' && !byId.has(place)) {
      byId.set(place, answer);
    } else if ((id === null || id === undefined) && answer.kind === 'error') {
      ofAll = answer;
    }
  }
  return Array.from({ length: count }, (_, index) => byId.get(index + 1) ?? ofAll);
}

function answerOf(item: unknown): RpcAnswer | undefined {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) {
    return undefined;
  }
  const { result, error } = item as { result?: unknown; error?: unknown };
  if (error !== undefined && error !== null) {
    return { kind: 'error', error: errorOf(error) };
  }
  return 'result' in item ? { kind: 'result', result } : undefined;
}

/** Some providers put a text, or a number as text, where an object and a number belong. */
function errorOf(error: unknown): NodeAnswerError {
  if (typeof error !== 'object' || error === null) {
    return { code: 0, message: String(error) };
  }
  const { code, message, data } = error as Record<string, unknown>;
  const said = typeof message === 'string' ? message : '';
  const number = Number(code);
  return { code: Number.isFinite(number) ? number : 0, message: said, data };
}
