import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/**
 * Where clients come in: TCP, handed on byte by byte to a TLS server on this machine. Node cannot reset (RST) a connection on which
 * TLS runs; the one in front of it can be.
 */
export interface FrontDoor {
  readonly port: number;
  /** Resets the connection that reached the TLS server as `socket`. */
  reset(socket: Socket): void;
  resetAll(): void;
  /** Nobody listens any more, and every connection is reset. */
  shut(): Promise<void>;
  /** Listens again, on the same port. */
  open(): Promise<void>;
}

/** @param backPort port of the TLS server on 127.0.0.1 */
export async function openFrontDoor(backPort: number): Promise<FrontDoor> {
  /** By the port from which the TLS server sees the connection come; 0 as long as it does not. */
  const clients = new Map<Socket, number>();
  const server = createServer((client) => {
    const back = connect(backPort, '127.0.0.1');
    clients.set(client, 0);
    back.once('connect', () => clients.set(client, back.localPort ?? 0));
    client.setNoDelay(true);
    back.setNoDelay(true);
    client.pipe(back).pipe(client);
    // An error is always followed by `close`.
    client.on('error', () => undefined);
    back.on('error', () => undefined);
    client.once('close', () => {
      clients.delete(client);
      back.destroy();
    });
    back.once('close', () => client.destroy());
  });

  async function open(port: number): Promise<number> {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  function resetAll(): void {
    for (const client of clients.keys()) {
      client.resetAndDestroy();
    }
  }

  const port = await open(0);
  return {
    port,
    reset({ remotePort }) {
      for (const [client, seenPort] of clients) {
        if (seenPort === remotePort) {
          client.resetAndDestroy();
        }
      }
    },
    resetAll,
    async shut() {
      if (server.listening) {
        const closed = once(server, 'close');
        server.close();
        resetAll();
        await closed;
      }
    },
    async open() {
      if (!server.listening) {
        await open(port);
      }
    },
  };
}
