import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

/** A port that is listened to. */
export interface Listener {
  readonly port: number;
  /** Stops listening and destroys every socket, whatever is under way on it. */
  close(): Promise<void>;
}

export interface ListenerOptions {
  readonly certificate: string;
  readonly key: string;
  /** 0: any free one. */
  readonly port: number;
  readonly handler: (request: IncomingMessage, response: ServerResponse) => void;
}

/** Listens on 127.0.0.1. @throws Error when the port is taken */
export async function startListener({ certificate, key, port, handler }: ListenerOptions): Promise<Listener> {
  const sockets = new Set<Socket>();
  const server = createServer({ cert: certificate, key, keepAlive: true, noDelay: true }, handler);
  // Watches live for as long as their clients want.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 0;
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  // A client that breaks off its handshake is no concern of others.
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) {
          socket.destroy();
        }
      }),
  };
}
