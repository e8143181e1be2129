/** What TLS needs to know, in the form that node:tls takes. All absent for plain http. */
export interface TlsMaterial {
  readonly ca?: string | Buffer;
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  /** The name the server's certificate must carry, when it is not the host of the URL. */
  readonly servername?: string;
  /** False only where the kubeconfig says insecure-skip-tls-verify. */
  readonly rejectUnauthorized?: boolean;
}

/** One API server and how to prove to it who we are. */
export interface Connection {
  /** http or https; may have a path under which the server lives. */
  readonly server: URL;
  /** Another object whenever the bytes have changed (certificates rotate): whoever pools sockets compares it by identity. */
  readonly tls: TlsMaterial;
  /** The headers that carry our identity. Cached; rereads token files and asks credential plugins when it is time. */
  headers(): Promise<Readonly<Record<string, string>>>;
  /** After a 401: forgets what is cached, so that the next {@link headers} and {@link tls} are fresh. */
  refresh(): Promise<void>;
  /** For people: the server and where the configuration came from, without secrets. */
  readonly description: string;
  /** The namespace that the configuration names, else `default`. */
  readonly namespace: string;
}

/** A connection whose identity never changes: to a server that one has started oneself. */
export function fixedConnection(
  server: URL | string,
  identity: { tls?: TlsMaterial; headers?: Readonly<Record<string, string>>; namespace?: string } = {},
): Connection {
  const { tls = {}, headers = {}, namespace = 'default' } = identity;
  const url = new URL(server);
  return {
    server: url,
    tls,
    headers: () => Promise.resolve(headers),
    refresh: () => Promise.resolve(),
    description: url.origin,
    namespace,
  };
}
