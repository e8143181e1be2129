import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One claim, as it is served: what EpochRewards wants of who claims it. */
export interface ServedClaim {
  readonly epoch: number;
  /** In the smallest unit of the token, as decimal digits. */
  readonly amount: string;
  /** From the provider's leaf to the root, 0x-strings of 32 bytes. */
  readonly proof: readonly string[];
}

/** A server of the claims of providers. */
export interface ProofsServer {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  stop(): Promise<void>;
}

/** Providers are asked for by their address in lower case. */
const PATH = /^\/(0x[0-9a-f]{40})\.json$/;

/**
 * Serves claims on a free port of 127.0.0.1: `GET /<address in lower case>.json` answers `{"claims": [...]}`.
 * @param claimsOf undefined for a provider that never had any: that is a 404
 */
export async function startProofsServer(
  claimsOf: (provider: string) => readonly ServedClaim[] | undefined,
): Promise<ProofsServer> {
  const server = createServer(({ method, url = '' }, response) => {
    const provider = PATH.exec(url)?.[1];
    const claims = provider === undefined ? undefined : claimsOf(provider);
    if (method !== 'GET' && method !== 'HEAD') {
      answer(response, 405, { error: 'only GET is answered' });
    } else if (claims === undefined) {
      answer(response, 404, { error: 'there are no claims here' });
    } else {
      answer(response, 200, { claims });
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(body));
}
