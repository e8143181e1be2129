import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, type Clock } from '../../time/clock.ts';
import { freePorts } from '../process/free-port.ts';
import { createProcessGuard, type ProcessGuard } from '../process/guard.ts';
import { selfSignedCertificate, type CertificatePair } from '../tls/self-signed-certificate.ts';
import type { Assets } from './assets.ts';
import { startComponent, type Component } from './component.ts';
import {
  kubeconfigText,
  randomTokens,
  serviceAccountKey,
  tokenFile,
  type Tokens,
  type User,
} from './credentials.ts';
import {
  apiServerFlags,
  controllerManagerFlags,
  etcdFlags,
  filesOf,
  schedulerFlags,
  type Layout,
  type Tuning,
} from './flags.ts';
import { waitUntilOk, type Probe } from './readiness.ts';

export interface ControlPlaneOptions extends Tuning {
  readonly assets: Assets;
  /** Under which the data folder is made. Default: the system's folder for temporary files. */
  readonly parentFolder?: string;
  /** Which programs to start. Default all; etcd and the API server alone are a control plane whose controllers are elsewhere. */
  readonly components?: readonly ComponentName[];
  /** Programs that give way to all others of the machine: how far, 1 to 19 as for nice(1). */
  readonly niceness?: Readonly<Partial<Record<ComponentName, number>>>;
  readonly clock?: Clock;
  /** Ends a start under way. */
  readonly signal?: AbortSignal;
  /** Told when a program ends although nobody stopped it, with its name and the end of its log. */
  readonly onFailure?: (component: string, logTail: string) => void;
}

/** A real control plane on this machine: etcd, kube-apiserver, kube-controller-manager, kube-scheduler. For demo and tests. */
export interface ControlPlane {
  /** Path of a kubeconfig with all rights. */
  readonly kubeconfig: string;
  /** `https://127.0.0.1:PORT` */
  readonly server: string;
  /** Path of a kubectl of the same version. */
  readonly kubectl: string;
  /** PEM of the certificate with which the API server shows itself to node agents (`kubectl logs`). */
  readonly kubeletClientCertificate: string;
  /** Etcd's data, keys, kubeconfigs and logs; removed by {@link stop}. */
  readonly dataFolder: string;
  /** By program name. */
  readonly pids: Readonly<Record<string, number>>;
  /** Path of a kubeconfig of another user; `powerless` is known but allowed nothing. */
  kubeconfigFor(user: User): string;
  /** Kills the API server with SIGKILL, `downMs` later starts it on the same port; resolves when it is ready again. */
  restartApiServer(downMs?: number): Promise<void>;
  /** Ends all programs, last started first, and removes the data folder. May be called twice. */
  stop(): Promise<void>;
}

/** Measured 2 s on an idle machine; a loaded one gets time. */
const START_TIMEOUT_MS = 60_000;
/** The data is thrown away, so nothing needs a long goodbye. */
const STOP_PATIENCE_MS = 3_000;

/**
 * Starts a control plane on fresh loopback ports with a fresh data folder. Resolves when the API server is ready and pods can
 * be created in the namespace `default`. Nothing of it outlives this process, however that ends.
 * @throws Error with the end of the log of the program that failed
 */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const guard = createProcessGuard();
  const folder = await mkdtemp(join(options.parentFolder ?? tmpdir(), 'headframe-'));
  guard.ownFolder(folder);
  const components = new Map<string, Component>();
  const stop = once(async () => {
    for (const component of [...components.values()].reverse()) {
      await component.stop(STOP_PATIENCE_MS);
    }
    await guard.dispose();
    await rm(folder, { recursive: true, force: true });
  });
  try {
    const layout = await newLayout(folder);
    const identity = await writeFiles(layout, options.clock ?? systemClock);
    const starter = componentStarter({ options, layout, guard, components });
    await startAll(starter, { options, layout, identity });
    return controlPlane({ options, layout, identity, starter, components, stop });
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Identity {
  readonly server: string;
  readonly serving: CertificatePair;
  readonly kubeletClient: CertificatePair;
  readonly tokens: Tokens;
}

/** A program of the control plane. */
export type ComponentName = 'etcd' | 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler';

interface Starter {
  start(name: ComponentName): Component;
  waitFor(probe: Probe, ...components: Component[]): Promise<void>;
}

async function newLayout(folder: string): Promise<Layout> {
  const [etcd = 0, etcdPeer = 0, apiServer = 0, scheduler = 0, controllerManager = 0] = await freePorts(5);
  return { folder, ports: { etcd, etcdPeer, apiServer, scheduler, controllerManager } };
}

async function writeFiles(layout: Layout, clock: Clock): Promise<Identity> {
  const files = filesOf(layout);
  const now = clock.now();
  const server = `https://127.0.0.1:${layout.ports.apiServer}`;
  const serving = selfSignedCertificate({
    commonName: 'headframe-apiserver',
    dnsNames: ['localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc'],
    addresses: ['127.0.0.1', '10.0.0.1'],
    usage: 'server',
    now,
  });
  const kubeletClient = selfSignedCertificate({
    commonName: 'kube-apiserver-kubelet-client',
    usage: 'client',
    now,
  });
  const tokens = randomTokens();
  const kubeconfig = (user: User): string =>
    kubeconfigText({ server, certificate: serving.certificate }, user, tokens[user]);
  const secret = { mode: 0o600 };
  await mkdir(files.logs, { recursive: true });
  await Promise.all([
    writeFile(files.tokens, tokenFile(tokens), secret),
    writeFile(files.serviceAccountKey, serviceAccountKey(), secret),
    writeFile(files.servingCertificate, serving.certificate),
    writeFile(files.servingKey, serving.key, secret),
    writeFile(files.kubeletClientCertificate, kubeletClient.certificate),
    writeFile(files.kubeletClientKey, kubeletClient.key, secret),
    writeFile(files.adminKubeconfig, kubeconfig('admin'), secret),
    ...(['powerless', 'kube-scheduler', 'kube-controller-manager'] as const).map((user) =>
      writeFile(files.kubeconfigOf(user), kubeconfig(user), secret),
    ),
  ]);
  return { server, serving, kubeletClient, tokens };
}

function componentStarter(parts: {
  options: ControlPlaneOptions;
  layout: Layout;
  guard: ProcessGuard;
  components: Map<string, Component>;
}): Starter {
  const { options, layout, guard, components } = parts;
  const { clock = systemClock, onFailure, signal } = options;
  const flags: Readonly<Record<ComponentName, () => string[]>> = {
    etcd: () => etcdFlags(layout),
    'kube-apiserver': () => apiServerFlags(layout, options),
    'kube-controller-manager': () => controllerManagerFlags(layout, options),
    'kube-scheduler': () => schedulerFlags(layout),
  };
  return {
    start(name) {
      const component = startComponent({
        name,
        path: options.assets[name],
        args: flags[name](),
        logFile: join(filesOf(layout).logs, `${name}.log`),
        guard,
        clock,
        niceness: options.niceness?.[name],
        onUnexpectedEnd: (ended) => void ended.logTail().then((tail) => onFailure?.(ended.name, tail)),
      });
      components.set(name, component);
      return component;
    },
    waitFor: (probe, ...involved) =>
      waitUntilOk(probe, { clock, signal, timeoutMs: START_TIMEOUT_MS, components: involved }),
  };
}

function apiProbe({ server, serving, tokens }: Identity, path: string): Probe {
  return { url: `${server}${path}`, certificate: serving.certificate, token: tokens.admin };
}

async function startAll(
  starter: Starter,
  { options, layout, identity }: { options: ControlPlaneOptions; layout: Layout; identity: Identity },
): Promise<void> {
  const wanted = (name: ComponentName): boolean => options.components?.includes(name) ?? true;
  const etcd = starter.start('etcd');
  await starter.waitFor({ url: `http://127.0.0.1:${layout.ports.etcd}/health` }, etcd);
  const apiServer = starter.start('kube-apiserver');
  await starter.waitFor(apiProbe(identity, '/readyz'), etcd, apiServer);
  const controllers = (['kube-controller-manager', 'kube-scheduler'] as const)
    .filter(wanted)
    .map((name) => starter.start(name));
  // The account is made by the controller manager; until it is there, no pod is admitted to the namespace.
  const account = wanted('kube-controller-manager') ? '/serviceaccounts/default' : '';
  const ready = apiProbe(identity, `/api/v1/namespaces/default${account}`);
  await starter.waitFor(ready, etcd, apiServer, ...controllers);
}

function controlPlane(parts: {
  options: ControlPlaneOptions;
  layout: Layout;
  identity: Identity;
  starter: Starter;
  components: ReadonlyMap<string, Component>;
  stop: () => Promise<void>;
}): ControlPlane {
  const { options, layout, identity, starter, components } = parts;
  const { clock = systemClock } = options;
  const files = filesOf(layout);
  return {
    kubeconfig: files.adminKubeconfig,
    server: identity.server,
    kubectl: options.assets.kubectl,
    kubeletClientCertificate: identity.kubeletClient.certificate,
    dataFolder: layout.folder,
    get pids() {
      return Object.fromEntries([...components.values()].map(({ name, pid }) => [name, pid]));
    },
    kubeconfigFor: (user) => (user === 'admin' ? files.adminKubeconfig : files.kubeconfigOf(user)),
    async restartApiServer(downMs = 0) {
      await components.get('kube-apiserver')?.kill();
      if (downMs > 0) {
        await new Promise<void>((resolve) => clock.after(downMs, resolve));
      }
      const apiServer = starter.start('kube-apiserver');
      await starter.waitFor(apiProbe(identity, '/readyz'), apiServer);
    },
    stop: parts.stop,
  };
}

/** Runs `work` at the first call; later calls get the same promise. */
function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= work());
}
