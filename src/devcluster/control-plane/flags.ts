import { join } from 'node:path';

/** Where things of one run are: all on 127.0.0.1, all in a folder of its own. */
export interface Layout {
  readonly folder: string;
  readonly ports: {
    readonly etcd: number;
    readonly etcdPeer: number;
    readonly apiServer: number;
    readonly scheduler: number;
    readonly controllerManager: number;
  };
}

/** The files that {@link Layout.folder} holds. */
export interface LayoutFiles {
  readonly etcdData: string;
  readonly logs: string;
  readonly tokens: string;
  readonly serviceAccountKey: string;
  readonly servingCertificate: string;
  readonly servingKey: string;
  readonly kubeletClientCertificate: string;
  readonly kubeletClientKey: string;
  readonly adminKubeconfig: string;
  kubeconfigOf(user: string): string;
  /** Where a component keeps certificates that it makes itself. */
  certificates(component: string): string;
}

export function filesOf({ folder }: Layout): LayoutFiles {
  const file = (name: string): string => join(folder, name);
  return {
    etcdData: file('etcd'),
    logs: file('logs'),
    tokens: file('tokens.csv'),
    serviceAccountKey: file('service-account.key'),
    servingCertificate: file('apiserver.crt'),
    servingKey: file('apiserver.key'),
    kubeletClientCertificate: file('kubelet-client.crt'),
    kubeletClientKey: file('kubelet-client.key'),
    adminKubeconfig: file('kubeconfig'),
    kubeconfigOf: (user) => file(`${user}.kubeconfig`),
    certificates: (component) => file(`certificates-${component}`),
  };
}

/** What differs between runs. */
export interface Tuning {
  /** After so many seconds without a heartbeat a Node counts as lost. Kubernetes' default is 50; tests want it sooner. */
  readonly nodeMonitorGraceSeconds?: number | undefined;
  /** More flags for kube-apiserver, such as `--feature-gates=...`. */
  readonly apiServerFlags?: readonly string[] | undefined;
}

export function etcdFlags(layout: Layout): string[] {
  const client = `http://127.0.0.1:${layout.ports.etcd}`;
  const peer = `http://127.0.0.1:${layout.ports.etcdPeer}`;
  return [
    `--data-dir=${filesOf(layout).etcdData}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    // The data dies with the run: nothing is worth waiting for a disk.
    '--unsafe-no-fsync',
    '--log-level=warn',
  ];
}

export function apiServerFlags(layout: Layout, tuning: Tuning): string[] {
  const files = filesOf(layout);
  return [
    `--etcd-servers=http://127.0.0.1:${layout.ports.etcd}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${layout.ports.apiServer}`,
    '--advertise-address=127.0.0.1',
    // Endpoints may not hold a loopback address: nobody inside the cluster has use for the `kubernetes` Service here.
    '--endpoint-reconciler-type=none',
    `--tls-cert-file=${files.servingCertificate}`,
    `--tls-private-key-file=${files.servingKey}`,
    `--cert-dir=${files.certificates('apiserver')}`,
    `--token-auth-file=${files.tokens}`,
    '--authorization-mode=RBAC',
    `--service-account-key-file=${files.serviceAccountKey}`,
    `--service-account-signing-key-file=${files.serviceAccountKey}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    '--service-cluster-ip-range=10.0.0.0/24',
    // `kubectl logs`: the API server calls the node agent at the Node's InternalIP, with this client certificate. Without
    // --kubelet-certificate-authority it takes the agent's self-signed certificate as it is.
    '--kubelet-preferred-address-types=InternalIP',
    `--kubelet-client-certificate=${files.kubeletClientCertificate}`,
    `--kubelet-client-key=${files.kubeletClientKey}`,
    ...(tuning.apiServerFlags ?? []),
  ];
}

/** The default of 20 requests a second makes both look eight times slower than they are. */
const rates = ['--kube-api-qps=1000', '--kube-api-burst=2000'];

export function schedulerFlags(layout: Layout): string[] {
  return [...clientFlags(layout, 'kube-scheduler', layout.ports.scheduler), ...rates];
}

export function controllerManagerFlags(layout: Layout, tuning: Tuning): string[] {
  const files = filesOf(layout);
  const grace = tuning.nodeMonitorGraceSeconds;
  return [
    ...clientFlags(layout, 'kube-controller-manager', layout.ports.controllerManager),
    ...rates,
    // Each controller has its own service account, with the rights of the bootstrap policy.
    '--use-service-account-credentials=true',
    `--service-account-private-key-file=${files.serviceAccountKey}`,
    `--root-ca-file=${files.servingCertificate}`,
    ...(grace === undefined
      ? []
      : [`--node-monitor-grace-period=${grace}s`, `--node-monitor-period=${monitorSeconds(grace)}s`]),
  ];
}

/** How often heartbeats are looked at: Kubernetes' default of 5 s, or as often as a short grace needs. */
function monitorSeconds(graceSeconds: number): number {
  return Math.min(5, Math.max(1, Math.floor(graceSeconds / 10)));
}

function clientFlags(layout: Layout, component: string, port: number): string[] {
  const kubeconfig = filesOf(layout).kubeconfigOf(component);
  return [
    `--kubeconfig=${kubeconfig}`,
    `--authentication-kubeconfig=${kubeconfig}`,
    `--authorization-kubeconfig=${kubeconfig}`,
    '--leader-elect=false',
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    `--cert-dir=${filesOf(layout).certificates(component)}`,
  ];
}
