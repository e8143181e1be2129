import { readFile } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import { systemClock } from '../time/clock.ts';
import type { Clock } from '../time/clock.ts';
import type { Connection } from './connection.ts';
import { KubeconfigError } from './kubeconfig-error.ts';
import { kubeconfigPaths, selectContext } from './kubeconfig-file.ts';
import { connectionTo } from './target.ts';
import type { Target } from './target.ts';

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
