import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConnection } from '../kube/kubeconfig.ts';
import type { Logger } from '../telemetry/logger.ts';
import { systemClock, type Clock } from '../time/clock.ts';
import { startApiServer } from './api-server/api-server.ts';
import { startClusterControllers } from './cluster-controllers/cluster-controllers.ts';

export interface EmbeddedControlPlaneOptions {
  readonly log: Logger;
  readonly clock?: Clock;
  /** After so many seconds without a heartbeat a Node counts as lost. */
  readonly nodeMonitorGraceSeconds?: number | undefined;
  /** Under which the data folder is made. Default: the system's folder for temporary files. */
  readonly parentFolder?: string;
}

/**
 * A control plane inside this process: an API server, a scheduler, a garbage collector, the life cycle of nodes and namespaces.
 * Its data lives in memory. For demo and tests; the differential test says how far it can be told from a real one.
 */
export interface EmbeddedControlPlane {
  /** Path of a kubeconfig with all rights. */
  readonly kubeconfig: string;
  /** `https://127.0.0.1:PORT` */
  readonly server: string;
  /** PEM of the certificate with which the API server shows itself to node agents (`kubectl logs`). */
  readonly kubeletClientCertificate: string;
  /** Holds the kubeconfig; removed by {@link stop}. */
  readonly dataFolder: string;
  /** Cuts every connection and refuses new ones for `downMs`; resolves when requests are answered again. */
  restartApiServer(downMs?: number): Promise<void>;
  /** Forgets what watches could resume from: older resourceVersions are answered with 410. */
  compact(): void;
  /** Ends the controllers and the server, and removes the data folder. May be called twice. */
  stop(): Promise<void>;
}

/** Starts it. Resolves when pods can be created in the namespace `default` and are scheduled. */
export async function startEmbeddedControlPlane(
  options: EmbeddedControlPlaneOptions,
): Promise<EmbeddedControlPlane> {
  const { log, clock = systemClock, nodeMonitorGraceSeconds } = options;
  const server = await startApiServer({ clock, log });
  const folder = await mkdtemp(join(options.parentFolder ?? tmpdir(), 'headframe-'));
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, server.kubeconfig, { mode: 0o600 });
  const controllers = await startClusterControllers({
    connection: await loadConnection({ kubeconfig }),
    log,
    clock,
    ...(nodeMonitorGraceSeconds !== undefined && { nodeMonitorGraceSeconds }),
  });
  return {
    kubeconfig,
    server: server.url,
    kubeletClientCertificate: server.kubeletClientCertificate,
    dataFolder: folder,
    restartApiServer: (downMs) => server.restart(downMs),
    compact: () => server.compact(),
    async stop() {
      await controllers.stop();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
