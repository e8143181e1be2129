import type { HttpFailureKind } from '../http/http-failure.ts';
import type { NodeErrorKind } from '../node-answers/node-error.ts';

/** What went wrong between us and an answer. */
export type RpcErrorKind =
  | HttpFailureKind
  /** 429, or words to that effect. */
  | 'RateLimited'
  /** Another status that is no success, without a JSON-RPC answer in it. */
  | 'HttpStatus'
  /** HTML, mostly: a proxy, a login page, a wrong path. */
  | 'NotJson'
  /** JSON, but no answer of JSON-RPC, or a result that cannot be. */
  | 'Malformed'
  /** The answers of a batch are there, but this one is not among them. */
  | 'MissingAnswer'
  /** The node answered with an error: see {@link RpcError.nodeError}. */
  | 'NodeError'
  /** The endpoint serves another chain. */
  | 'WrongChain'
  /** No endpoint is fit to be used now. */
  | 'NoEndpoint';

/** What a node answered instead of a result. */
export interface NodeErrorDetail {
  readonly kind: NodeErrorKind;
  readonly code: number;
  /** Of a revert, what the contract said, in hex. */
  readonly revertData: string | undefined;
}

export interface RpcErrorDetail {
  /** HTTP status; 0 when none came. */
  readonly status?: number;
  /** How long the server asks to be left alone. */
  readonly retryAfterMs?: number | undefined;
  readonly nodeError?: NodeErrorDetail;
}

/**
 * The only error that reading and sending fails with. Its message names the endpoint as the spec does, and never the address, the
 * credentials or what was sent; it has no cause, because causes do.
 */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly kind: RpcErrorKind;
  /** The name of the endpoint, or of the network for `NoEndpoint`. */
  readonly endpoint: string;
  readonly status: number;
  readonly retryAfterMs: number | undefined;
  readonly nodeError: NodeErrorDetail | undefined;

  constructor(kind: RpcErrorKind, endpoint: string, message: string, detail: RpcErrorDetail = {}) {
    super(message);
    this.kind = kind;
    this.endpoint = endpoint;
    this.status = detail.status ?? 0;
    this.retryAfterMs = detail.retryAfterMs;
    this.nodeError = detail.nodeError;
  }
}

/** Kinds of which every one says that the endpoint, not the question, is at fault. */
const faults = new Set<RpcErrorKind>([
  'Timeout',
  'ConnectionFailed',
  'RateLimited',
  'HttpStatus',
  'NotJson',
  'Malformed',
  'MissingAnswer',
  'WrongChain',
]);

/** Whether another endpoint might do better: what counts against this one. */
export function isEndpointFault(error: RpcError): boolean {
  const answered = error.nodeError?.kind;
  return faults.has(error.kind) || answered === 'rateLimited' || answered === 'transient';
}

/** What the node answered, if it did. */
export function nodeErrorKind(error: unknown): NodeErrorKind | undefined {
  return error instanceof RpcError ? error.nodeError?.kind : undefined;
}
