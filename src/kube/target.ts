import { isDeepStrictEqual } from 'node:util';
import type { Cluster } from '@kubernetes/client-node';
import type { Clock } from '../time/clock.ts';
import type { Connection } from './connection.ts';
import { readIdentity } from './identity.ts';
import type { Identity } from './identity.ts';
import { KubeconfigError } from './kubeconfig-error.ts';
import type { KubeconfigUser } from './kubeconfig-file.ts';

/** What a connection is made of, wherever it came from. */
export interface Target {
  readonly cluster: Cluster;
  readonly user: KubeconfigUser | undefined;
  readonly namespace: string | undefined;
  /** For people. */
  readonly source: string;
}

/** How long the old credentials are used after the new ones could not be read: a plugin must not run on every request. */
const RETRY_MS = 5000;

/**
 * Reads the files that the target names and checks them; asks credential plugins once.
 * @throws KubeconfigError
 */
export async function connectionTo(
  { cluster, user, namespace, source }: Target,
  clock: Clock,
): Promise<Connection> {
  const server = serverUrl(cluster);
  let identity = await readIdentity(cluster, user, clock);
  let reading: Promise<void> | undefined;

  /** Many requests may find at the same moment that it is time: one reads, all wait for it. */
  function reread(): Promise<void> {
    reading ??= readIdentity(cluster, user, clock)
      .then((next) => {
        // A plugin whose answers have expired already must not run on every request either.
        const validUntil = Math.max(next.validUntil, clock.now() + RETRY_MS);
        identity = { ...keepTls(identity, next), validUntil };
      })
      .finally(() => {
        reading = undefined;
      });
    return reading;
  }

  return {
    server,
    description: `${server.origin}${server.pathname.replace(/\/$/, '')} (${source})`,
    namespace: namespace === undefined || namespace === '' ? 'default' : namespace,
    get tls() {
      return identity.tls;
    },
    async headers() {
      if (clock.now() >= identity.validUntil) {
        await reread().catch(() => {
          // A file in the middle of being replaced: what we have may well still do, and if not, a 401 says so.
          identity = { ...identity, validUntil: clock.now() + RETRY_MS };
        });
      }
      return identity.headers;
    },
    refresh: reread,
  };
}

/** The same bytes keep the same object, so that pooled sockets live on. */
function keepTls(previous: Identity, next: Identity): Identity {
  return isDeepStrictEqual(previous.tls, next.tls) ? { ...next, tls: previous.tls } : next;
}

function serverUrl({ name, server, proxyUrl }: Cluster): URL {
  const of = `cluster ${JSON.stringify(name)}`;
  if (!URL.canParse(server) || !['http:', 'https:'].includes(new URL(server).protocol)) {
    throw new KubeconfigError(`the server of ${of} is not an http or https URL`);
  }
  if (proxyUrl) {
    throw new KubeconfigError(`${of} is behind a proxy-url, which is not supported`);
  }
  const { origin, pathname } = new URL(server);
  return new URL(pathname, origin);
}
