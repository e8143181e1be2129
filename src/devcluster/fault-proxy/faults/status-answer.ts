import type { ServerResponse } from 'node:http';
import type { Fault } from '../fault.ts';

/** Answers with a metav1.Status, as an API server words its failures. */
export function answerStatus(response: ServerResponse, fault: Extract<Fault, { kind: 'status' }>): void {
  const { code, reason, retryAfterSeconds } = fault;
  response.writeHead(code, {
    'Content-Type': 'application/json',
    ...(retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) }),
  });
  response.end(JSON.stringify(statusObject({ code, reason, retryAfterSeconds })));
}

/** A metav1.Status. */
export function statusObject(failure: {
  code: number;
  reason: string;
  retryAfterSeconds?: number | undefined;
}): object {
  const { code, reason, retryAfterSeconds } = failure;
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: `${reason}, says the fault proxy`,
    reason,
    ...(retryAfterSeconds === undefined ? {} : { details: { retryAfterSeconds } }),
    code,
  };
}
