import { badRequest } from '../status.ts';

/** Where a list in pages goes on: from a key, at one resourceVersion (-1: at the latest, whatever it is). */
export interface Continuation {
  readonly revision: number;
  readonly start: string;
}

/** Opaque to clients; the form is upstream's. */
export function continueToken(revision: number, start: string): string {
  return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start: `/${start}` })).toString(
    'base64url',
  );
}

/** @throws StatusError 400 */
export function readContinueToken(token: string): Continuation {
  const text = Buffer.from(token, 'base64url').toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw badRequest(
      `invalid continue token: continue key is not valid: invalid character '${text.slice(0, 1)}' looking for beginning of value`,
    );
  }
  const { rv, start } = (value ?? {}) as { rv?: unknown; start?: unknown };
  if (typeof rv !== 'number' || typeof start !== 'string' || !start.startsWith('/')) {
    throw badRequest(
      'invalid continue token: continue key is not valid: incorrect encoded start resourceVersion',
    );
  }
  return { revision: rv, start: start.slice(1) };
}
