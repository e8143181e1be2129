import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server of reward proofs on 127.0.0.1. */
export interface ProofServer {
  readonly url: string;
  /** What it serves, by path, such as `/0xa1….json`. */
  readonly files: Map<string, string>;
  /** Paths that were asked for, in order. */
  readonly asked: string[];
  stop(): Promise<void>;
}

export async function startProofServer(): Promise<ProofServer> {
  const files = new Map<string, string>();
  const asked: string[] = [];
  const server: Server = createServer(({ url = '' }, response) => {
    asked.push(url);
    const text = files.get(url);
    response.writeHead(text === undefined ? 404 : 200, { 'Content-Type': 'application/json' }).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    files,
    asked,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
