import { randomBytes } from 'node:crypto';
import { silentLogger, type Logger } from '../../telemetry/logger.ts';
import { sleep, systemClock, type Clock } from '../../time/clock.ts';
import { selfSignedCertificate } from '../tls/self-signed-certificate.ts';
import { createDefaultNamespaces } from './default-namespaces.ts';
import { startDefaultServiceAccounts } from './default-service-accounts.ts';
import { startDefinitions } from './definitions.ts';
import { requestHandler } from './http/handler.ts';
import { startListener, type Listener } from './http/listener.ts';
import { kubeconfigText } from './kubeconfig.ts';
import { builtinServed } from './resources/builtin.ts';
import { createRegistry } from './resources/registry.ts';
import { createStore } from './storage/store.ts';

export interface ApiServerOptions {
  readonly clock?: Clock;
  readonly log?: Logger;
  /** Default 0: any free one. */
  readonly port?: number;
  /** The bearer token. Default: a random one. */
  readonly token?: string;
}

/** A Kubernetes API server inside this process, for demo and tests: one user who may do all, objects in memory. */
export interface ApiServer {
  /** `https://127.0.0.1:PORT` */
  readonly url: string;
  /** PEM of the certificate that the server shows, which is its own authority. */
  readonly certificate: string;
  readonly token: string;
  /** The text of a kubeconfig. */
  readonly kubeconfig: string;
  /** PEM of the certificate with which the server shows itself to node agents (`kubectl logs`). */
  readonly kubeletClientCertificate: string;
  /** Forgets the history of all objects: watches and lists from an older resourceVersion get 410. */
  compact(): void;
  /** Drops all connections and refuses new ones for `downMs`; then listens again on the same port, with the same objects. */
  restart(downMs?: number): Promise<void>;
  /** Drops all connections. May be called twice. */
  stop(): Promise<void>;
}

/** Resolves when the server answers. @throws Error when the port is taken */
export async function startApiServer(options: ApiServerOptions = {}): Promise<ApiServer> {
  const { clock = systemClock, log = silentLogger } = options;
  const token = options.token ?? randomBytes(24).toString('base64url');
  const serving = selfSignedCertificate({
    commonName: 'headframe-apiserver',
    dnsNames: ['localhost'],
    addresses: ['127.0.0.1'],
    usage: 'server',
    now: clock.now(),
  });
  const kubeletClient = selfSignedCertificate({
    commonName: 'kube-apiserver-kubelet-client',
    usage: 'client',
    now: clock.now(),
  });
  const store = createStore();
  const registry = createRegistry(builtinServed(store));
  createDefaultNamespaces(store, clock);
  const reactions = [startDefaultServiceAccounts(store, clock), startDefinitions({ store, registry, clock })];
  const handler = requestHandler({ store, registry, clock, kubeletClient }, { token, log });
  const listen = (port: number): Promise<Listener> => startListener({ ...serving, port, handler });

  let listener = await listen(options.port ?? 0);
  const { port } = listener;
  const url = `https://127.0.0.1:${port}`;
  let stopped = false;
  return {
    url,
    certificate: serving.certificate,
    token,
    kubeconfig: kubeconfigText({ server: url, certificate: serving.certificate, token }),
    kubeletClientCertificate: kubeletClient.certificate,
    compact: () => store.compact(),
    async restart(downMs = 0) {
      await listener.close();
      await sleep(clock, downMs);
      if (!isStopped()) {
        listener = await listen(port);
      }
    },
    async stop() {
      stopped = true;
      reactions.forEach((stop) => stop());
      await listener.close();
    },
  };

  function isStopped(): boolean {
    return stopped;
  }
}
