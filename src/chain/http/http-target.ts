import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';

/** PEM, of an https server and of who speaks to it. */
export interface TlsOptions {
  /** Certificates that the server's must be signed by, instead of the public ones. */
  readonly ca?: string | Buffer | undefined;
  /** Certificate and key of the client. */
  readonly cert?: string | Buffer | undefined;
  readonly key?: string | Buffer | undefined;
}

export interface HttpTargetOptions {
  /** http or https. User, password, path and query may be secret. */
  readonly url: URL;
  /** Such as `Authorization`; may be secret. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly tls?: TlsOptions;
}

/** A server to POST to, with its pooled connections. */
export interface HttpTarget extends HttpTargetOptions {
  readonly agent: HttpAgent | HttpsAgent;
  /** Cuts the pooled connections. */
  close(): void;
}

/** More connections than this to one server gain nothing; requests beyond it wait for one. */
const MAX_SOCKETS = 32;

export function httpTarget(options: HttpTargetOptions): HttpTarget {
  const pooling = { keepAlive: true, maxSockets: MAX_SOCKETS, maxFreeSockets: MAX_SOCKETS };
  const { ca, cert, key } = options.tls ?? {};
  const agent =
    options.url.protocol === 'https:'
      ? new HttpsAgent({ ...pooling, ca, cert, key })
      : new HttpAgent(pooling);
  return { ...options, agent, close: () => agent.destroy() };
}
