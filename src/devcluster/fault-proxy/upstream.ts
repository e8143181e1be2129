import { request as httpRequest, Agent as HttpAgent, type IncomingMessage } from 'node:http';
import { request as httpsRequest, Agent as HttpsAgent } from 'node:https';
import type { Connection } from '../../kube/connection.ts';

/** The API server behind the proxy. */
export interface Upstream {
  /**
   * Passes a request on, body and credentials as they are, and resolves with the head of its answer.
   * @throws the socket's error when there is no answer, or when `signal` is aborted
   */
  send(request: IncomingMessage, signal: AbortSignal): Promise<IncomingMessage>;
  close(): void;
}

/** Headers that are about one hop, not about the request (RFC 9110, section 7.6.1). */
const hopHeaders = ['connection', 'keep-alive', 'proxy-connection', 'te', 'upgrade', 'host'];

export function connectUpstream({ server, tls }: Pick<Connection, 'server' | 'tls'>): Upstream {
  const secure = server.protocol === 'https:';
  const agent = secure ? new HttpsAgent({ ...tls, keepAlive: true }) : new HttpAgent({ keepAlive: true });
  const open = secure ? httpsRequest : httpRequest;
  const prefix = server.pathname.replace(/\/+$/, '');
  return {
    send(request, signal) {
      return new Promise((resolve, reject) => {
        const headers = Object.fromEntries(
          Object.entries(request.headers).filter(([name]) => !hopHeaders.includes(name)),
        );
        const onward = open({
          protocol: server.protocol,
          hostname: server.hostname,
          port: server.port,
          method: request.method,
          path: prefix + (request.url ?? '/'),
          headers,
          agent,
          signal,
        });
        onward.on('response', (answer) => {
          // Whoever pipes the body hears of its end; nobody piping must not end the process.
          answer.on('error', () => undefined);
          resolve(answer);
        });
        onward.on('error', reject);
        request.pipe(onward);
      });
    },
    close: () => agent.destroy(),
  };
}

/** The headers of an answer that are the client's business. */
export function answerHeaders(answer: IncomingMessage): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(answer.headers)) {
    if (value !== undefined && !hopHeaders.includes(name) && name !== 'transfer-encoding') {
      headers[name] = value;
    }
  }
  return headers;
}
