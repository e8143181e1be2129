import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that listens. */
export interface Listening {
  /** The port, also when the system chose it. */
  readonly port: number;
  /** Stops listening and cuts the connections that are left. */
  close(): Promise<void>;
}

export interface ListenOptions {
  /** Undefined: all addresses of the machine. */
  readonly host: string | undefined;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly app: RequestListener;
  /** The flag that sets the address, for the error message: `--metrics-bind-address`. */
  readonly flag: string;
}

/** The address cannot be listened on. The message says why and which flag to change. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

const explanations: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is already in use by another program',
  EACCES: 'may not be used by this user: ports below 1024 need privileges',
  EADDRNOTAVAIL: 'is not an address of this machine',
  ENOTFOUND: 'is not an address of this machine',
};

/** @throws ListenError */
export function listen({ host, port, app, flag }: ListenOptions): Promise<Listening> {
  const server = createServer(app);
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = explanations[error.code ?? ''] ?? `cannot be listened on (${error.code ?? error.message})`;
      reject(new ListenError(`${host ?? ''}:${port} ${why}; choose another with ${flag}`, { cause: error }));
    });
    server.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
      resolve({
        port: (server.address() as AddressInfo).port,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      });
    });
  });
}
