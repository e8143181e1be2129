import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureAssets } from '../../devcluster/control-plane/assets.ts';
import { startControlPlane } from '../../devcluster/control-plane/control-plane.ts';
import { startEmbeddedControlPlane } from '../../devcluster/embedded-control-plane.ts';
import type { ProcessGuard } from '../../devcluster/process/guard.ts';
import { selfSignedCertificate } from '../../devcluster/tls/self-signed-certificate.ts';
import { silentLogger } from '../../telemetry/logger.ts';
import { systemClock } from '../../time/clock.ts';
import type { Teardown } from './teardown.ts';

/** The API server on which the demo runs. */
export interface DemoCluster {
  /** Path of a kubeconfig with all rights. */
  readonly kubeconfig: string;
  readonly context?: string | undefined;
  /** How its user calls kubectl: the name, or the path of one that was built with the control plane. */
  readonly kubectl: string;
  /** For what the demo writes; goes with it. */
  readonly folder: string;
  /** PEM of the certificate with which the API server shows itself to nodes. */
  readonly kubeletClientCertificate: string;
  /** True for a cluster that was there before: the demo takes away from it what it brought. */
  readonly borrowed: boolean;
  /** When the start began, programs that had to be built first left out; on the monotonic clock, in milliseconds. */
  readonly startedAt: number;
}

/** Which cluster is wanted. */
export interface ClusterChoice {
  readonly controlPlane: 'embedded' | 'real';
  /** Wins over `controlPlane`. */
  readonly kubeconfig?: string;
  /** Of that kubeconfig; default its current-context. */
  readonly context?: string;
}

export interface ClusterParts {
  readonly teardown: Teardown;
  readonly guard: ProcessGuard;
  readonly signal: AbortSignal;
  /** Says what is going on. */
  readonly say: (message: string) => void;
}

/** Starts the cluster, or finds the one of the kubeconfig. */
export function startDemoCluster(choice: ClusterChoice, parts: ClusterParts): Promise<DemoCluster> {
  const { kubeconfig, context } = choice;
  if (kubeconfig !== undefined) {
    return borrowCluster({ kubeconfig, context }, parts);
  }
  return choice.controlPlane === 'real' ? startReal(parts) : startEmbedded(parts);
}

async function startEmbedded({ teardown, guard }: ClusterParts): Promise<DemoCluster> {
  const startedAt = systemClock.monotonic();
  const controlPlane = await startEmbeddedControlPlane({ log: silentLogger });
  guard.ownFolder(controlPlane.dataFolder);
  teardown.push('the control plane', () => controlPlane.stop());
  return {
    ...common(controlPlane),
    kubectl: 'kubectl',
    borrowed: false,
    startedAt,
  };
}

async function startReal({ teardown, signal, say }: ClusterParts): Promise<DemoCluster> {
  const assets = await ensureAssets({ progress: say, signal });
  const startedAt = systemClock.monotonic();
  say('starting the control plane');
  const onFailure = (component: string, logTail: string): void => {
    say(`${component} has ended:\n${logTail}`);
  };
  const controlPlane = await startControlPlane({ assets, signal, onFailure });
  teardown.push('the control plane', () => controlPlane.stop());
  return { ...common(controlPlane), kubectl: controlPlane.kubectl, borrowed: false, startedAt };
}

function common(controlPlane: {
  kubeconfig: string;
  dataFolder: string;
  kubeletClientCertificate: string;
}): Pick<DemoCluster, 'kubeconfig' | 'folder' | 'kubeletClientCertificate'> {
  const { kubeconfig, dataFolder, kubeletClientCertificate } = controlPlane;
  return { kubeconfig, folder: dataFolder, kubeletClientCertificate };
}

async function borrowCluster(
  { kubeconfig, context }: { kubeconfig: string; context: string | undefined },
  { teardown, guard }: ClusterParts,
): Promise<DemoCluster> {
  const folder = await mkdtemp(join(tmpdir(), 'headframe-'));
  guard.ownFolder(folder);
  teardown.push('the folder of the demo', () => rm(folder, { recursive: true, force: true }));
  // Nobody has the key to this certificate: which one that API server shows to nodes is not known here, and logs of pods are not
  // for everybody on this machine.
  const { certificate } = selfSignedCertificate({
    commonName: 'nobody',
    usage: 'client',
    now: systemClock.now(),
  });
  return {
    kubeconfig,
    context,
    kubectl: 'kubectl',
    folder,
    kubeletClientCertificate: certificate,
    borrowed: true,
    startedAt: systemClock.monotonic(),
  };
}
