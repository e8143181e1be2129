import type { ServerResponse } from 'node:http';
import type { JsonObject } from '../schema/schema.ts';

/** Sends JSON text with the headers that every answer has. */
export function sendText(
  response: ServerResponse,
  text: string,
  { code = 200, contentType = 'application/json', warnings = [], headers = {} }: SendOptions = {},
): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const body = Buffer.from(text);
  response.writeHead(code, {
    'Content-Type': contentType,
    'Content-Length': body.length,
    'Cache-Control': 'no-cache, private',
    ...(warnings.length === 0 ? {} : { Warning: warningLines(warnings) }),
    ...headers,
  });
  response.end(body);
}

export interface SendOptions {
  readonly code?: number;
  readonly contentType?: string;
  /** Texts of RFC 7234 warnings; kubectl shows them. */
  readonly warnings?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

export function sendJson(response: ServerResponse, object: JsonObject, options: SendOptions = {}): void {
  sendText(response, JSON.stringify(object), options);
}

/** Values of `Warning` headers. */
export function warningLines(warnings: readonly string[]): string[] {
  return warnings.map((warning) => `299 - ${quoted(warning)}`);
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&').replace(/[^\x20-\x7e]/g, '?')}"`;
}
