import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from '../telemetry/logger.ts';

export interface ListenOptions {
  /** What answers: an express app is one. */
  readonly app: RequestListener;
  /** Empty for all addresses, IPv6 included. */
  readonly host: string;
  /** 0 for a free one. */
  readonly port: number;
  /** The flag that sets the address: error messages name it, for example `--metrics-bind-address`. */
  readonly flag: string;
  readonly log: Logger;
}

/** A server that accepts connections. */
export interface Listening {
  readonly port: number;
  /** Accepts nothing more and cuts what is open: probes and scrapes are asked again. Resolves when the port is free. */
  close(): Promise<void>;
}

/** The address cannot be listened on; the message says which flag to change. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

/**
 * Starts an HTTP server.
 * @throws ListenError when the address is in use, not ours, or not permitted
 */
export async function listen({ app, host, port, flag, log }: ListenOptions): Promise<Listening> {
  const server = createServer(app);
  try {
    server.listen({ port, ...(host !== '' && { host }) });
    await once(server, 'listening');
  } catch (error) {
    throw new ListenError(`${complaint(error, hostPort(host, port))} (${flag})`, { cause: error });
  }
  server.on('error', (error) => log.error('http server failed', { error, flag }));
  const bound = server.address() as AddressInfo;
  log.info('listening', { address: hostPort(host, bound.port), flag });
  return {
    port: bound.port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function complaint(error: unknown, address: string): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'EADDRINUSE':
      return `address ${address} is already in use`;
    case 'EACCES':
    case 'EPERM':
      return `not permitted to listen on ${address}: ports below 1024 need privileges`;
    case 'EADDRNOTAVAIL':
      return `address ${address} does not belong to this machine`;
    case 'ENOTFOUND':
      return `address ${address} is unknown`;
    default:
      return `cannot listen on ${address}: ${message}`;
  }
}

function hostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
