import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { startApiServer } from '../../../src/devcluster/api-server/api-server.ts';
import { startClusterControllers } from '../../../src/devcluster/cluster-controllers/cluster-controllers.ts';
import { loadConnection } from '../../../src/kube/kubeconfig.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { ensureAssets } from '../../../src/devcluster/control-plane/assets.ts';
import { startControlPlane } from '../../../src/devcluster/control-plane/control-plane.ts';
import { kubectlOf } from '../../support/kubectl.ts';
import type { Side } from './side.ts';

/** The two servers, started; of one control plane both sides are the same server. */
export interface Sides {
  readonly real: Side;
  readonly embedded: Side;
  stop(): Promise<void>;
}

interface Kubeconfig {
  readonly clusters: readonly [{ cluster: { server: string; 'certificate-authority-data': string } }];
  readonly users: readonly [{ user: { token: string } }];
}

/** The server of a kubeconfig file. `cache` is the folder in which its kubectl keeps what it learned of the server. */
async function sideOf(parts: {
  kubeconfig: string;
  kubectl: string;
  cache: string;
  prefix: string;
}): Promise<Side> {
  const { clusters, users } = parse(await readFile(parts.kubeconfig, 'utf8')) as Kubeconfig;
  const [{ cluster }] = clusters;
  const kubectl = kubectlOf({ path: parts.kubectl, kubeconfig: parts.kubeconfig });
  return {
    url: cluster.server,
    ca: Buffer.from(cluster['certificate-authority-data'], 'base64').toString(),
    token: users[0].user.token,
    kubectl: (args, input) => kubectl(['--cache-dir', parts.cache, ...args], input),
    prefix: parts.prefix,
  };
}

/** A real control plane on both sides: what differs then is not the server's doing but the harness'. */
export async function startRealTwice(): Promise<Sides> {
  const folder = await mkdtemp(join(tmpdir(), 'headframe-differential-'));
  const assets = await ensureAssets();
  const controlPlane = await startControlPlane({ assets });
  const parts = { kubeconfig: controlPlane.kubeconfig, kubectl: controlPlane.kubectl, cache: folder };
  return {
    real: await sideOf({ ...parts, prefix: 'one-' }),
    embedded: await sideOf({ ...parts, prefix: 'two-' }),
    async stop() {
      await controlPlane.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A real control plane, and the embedded server with its controllers. */
export async function startSides(): Promise<Sides> {
  const folder = await mkdtemp(join(tmpdir(), 'headframe-differential-'));
  const assets = await ensureAssets();
  const controlPlane = await startControlPlane({ assets });
  const server = await startApiServer();
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, server.kubeconfig, { mode: 0o600 });
  const controllers = await startClusterControllers({
    connection: await loadConnection({ kubeconfig }),
    log: silentLogger,
  });
  const { kubectl } = controlPlane;
  return {
    real: await sideOf({
      kubeconfig: controlPlane.kubeconfig,
      kubectl,
      cache: join(folder, 'real'),
      prefix: 'd-',
    }),
    embedded: await sideOf({ kubeconfig, kubectl, cache: join(folder, 'embedded'), prefix: 'd-' }),
    async stop() {
      await controllers.stop();
      await server.stop();
      await controlPlane.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
