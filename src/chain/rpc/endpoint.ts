import { REDACTED, redactText } from '../../telemetry/redact-text.ts';
import type { HttpTargetOptions } from '../http/http-target.ts';

/** A JSON-RPC endpoint of a chain. */
export interface RpcEndpoint extends HttpTargetOptions {
  /** What it is called in the spec: the only thing of it that logs, metrics, conditions and errors ever show. */
  readonly name: string;
}

/** Shorter than this nothing is a secret, and would be struck out of every sentence. */
const SHORTEST_SECRET = 6;

/** Longer explanations of nodes are cut. */
const MAX_CHARACTERS = 300;

/**
 * Strikes out of what an endpoint says whatever is secret in its address and headers: providers like to quote the key in their errors.
 * What remains is one line, and short.
 */
export function endpointRedaction({ url, headers = {} }: RpcEndpoint): (text: string) => string {
  const parts = [
    url.username,
    url.password,
    url.hostname,
    ...url.pathname.split('/'),
    ...[...url.searchParams].flat(),
    ...Object.values(headers).flatMap((value) => [value, ...value.split(/\s+/)]),
  ];
  const secrets = [...new Set(parts.flatMap((part) => [part, decoded(part)]))]
    .filter((part) => part.length >= SHORTEST_SECRET)
    .sort((a, b) => b.length - a.length);
  return (text) => {
    const known = secrets.reduce((clean, secret) => clean.replaceAll(secret, REDACTED), text.slice(0, 4096));
    const clean = redactText(known)
      .replace(/[\p{C}\p{Z}]+/gu, ' ')
      .trim();
    return clean.length > MAX_CHARACTERS ? `${clean.slice(0, MAX_CHARACTERS)}…` : clean;
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
