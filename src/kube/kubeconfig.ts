import { readFile } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Cluster } from '@kubernetes/client-node';
import { systemClock } from '../time/clock.ts';
import type { Clock } from '../time/clock.ts';
import type { Connection } from './connection.ts';
import { readIdentity } from './identity.ts';
import type { Identity } from './identity.ts';
import { KubeconfigError } from './kubeconfig-error.ts';
import { kubeconfigPaths, selectContext } from './kubeconfig-file.ts';
import type { KubeconfigUser } from './kubeconfig-file.ts';

export { KubeconfigError };

export interface LoadOptions {
  /** A file; goes before everything else. */
  readonly kubeconfig?: string;
  /** Default: the current-context. */
  readonly context?: string;
  /** Default process.env. KUBECONFIG, HOME and KUBERNETES_SERVICE_HOST/_PORT are read. */
  readonly env?: NodeJS.ProcessEnv;
  readonly clock?: Clock;
  /** Where a pod finds its service account. */
  readonly serviceAccountFolder?: string;
}

/** What a connection is made of, wherever it came from. */
interface Target {
  readonly cluster: Cluster;
  readonly user: KubeconfigUser | undefined;
  readonly namespace: string | undefined;
  readonly source: string;
}

/** How long the old credentials are used after the new ones could not be read: a plugin must not run on every request. */
const RETRY_MS = 5000;
const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * Finds the API server to speak to: the kubeconfig given, else those of KUBECONFIG, else, in a pod, the cluster the pod runs
 * in, else ~/.kube/config. Reads every file and checks it; asks credential plugins once. Nothing is sent to the server.
 * @throws KubeconfigError that says what to repair
 */
export async function loadConnection(options: LoadOptions = {}): Promise<Connection> {
  const { kubeconfig, context, env = process.env, clock = systemClock } = options;
  const named = kubeconfig !== undefined || context !== undefined || Boolean(env['KUBECONFIG']);
  const target =
    !named && env['KUBERNETES_SERVICE_HOST']
      ? await inCluster(env, options.serviceAccountFolder ?? SERVICE_ACCOUNT)
      : await fromKubeconfig(kubeconfigPaths(kubeconfig, env), context);
  return connectionTo(target, clock);
}

async function fromKubeconfig(paths: readonly string[], contextName: string | undefined): Promise<Target> {
  const { context, cluster, user, source } = await selectContext(paths, contextName);
  return { cluster, user, namespace: context.namespace, source: `context ${context.name} of ${source}` };
}

async function inCluster(env: NodeJS.ProcessEnv, folder: string): Promise<Target> {
  const host = env['KUBERNETES_SERVICE_HOST'] ?? '';
  const port = env['KUBERNETES_SERVICE_PORT'] ?? '443';
  const cluster = {
    name: 'in-cluster',
    server: `https://${isIPv6(host) ? `[${host}]` : host}:${port}`,
    caFile: join(folder, 'ca.crt'),
    skipTLSVerify: false,
  };
  const user = { name: 'service-account', tokenFile: join(folder, 'token'), folder };
  // Not every pod mounts it; `default` then.
  const namespace = await readFile(join(folder, 'namespace'), 'utf8').catch(() => '');
  return { cluster, user, namespace: namespace.trim(), source: 'the cluster this pod runs in' };
}

async function connectionTo({ cluster, user, namespace, source }: Target, clock: Clock): Promise<Connection> {
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
