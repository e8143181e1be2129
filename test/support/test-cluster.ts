import { ensureAssets } from '../../src/devcluster/control-plane/assets.ts';
import { startControlPlane, type ControlPlane } from '../../src/devcluster/control-plane/control-plane.ts';
import { startEmbeddedControlPlane } from '../../src/devcluster/embedded-control-plane.ts';
import { startNodeAgent, type NodeAgent } from '../../src/devcluster/node-agent/node-agent.ts';
import type { NodeSpec } from '../../src/devcluster/node-agent/node-object.ts';
import { kubeClient, type KubeClient } from '../../src/kube/client.ts';
import type { Connection } from '../../src/kube/connection.ts';
import { loadConnection } from '../../src/kube/kubeconfig.ts';
import { createTransport, type Transport } from '../../src/kube/transport.ts';
import { installCrds } from '../../src/commands/demo/install-crds.ts';
import { canary } from './canaries.ts';
import { kubectlOf, type Kubectl } from './kubectl.ts';
import { kubernetesTools } from './kubernetes-tools.ts';
import { searchObjects } from './search-objects.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { systemClock } from '../../src/time/clock.ts';

/** Which API server integration and chaos run on. */
export type ClusterKind = 'embedded' | 'real';

/** `npm test` and `npm run test:chaos` run them on the `embedded` one, the default; `npm run test:e2e` on the `real` one. */
export const clusterKind: ClusterKind =
  process.env['HEADFRAME_TEST_CONTROL_PLANE'] === 'real' ? 'real' : 'embedded';

/** What both control planes have in common. */
export type AnyControlPlane = Pick<
  ControlPlane,
  'kubeconfig' | 'server' | 'kubeletClientCertificate' | 'dataFolder' | 'restartApiServer' | 'stop'
>;

/** A control plane with our kinds, and nodes that run pods as processes. */
export interface TestCluster<Plane extends AnyControlPlane = AnyControlPlane> {
  readonly kind: ClusterKind;
  readonly controlPlane: Plane;
  /** Path of a kubeconfig with all rights. */
  readonly kubeconfig: string;
  readonly connection: Connection;
  readonly transport: Transport;
  readonly client: KubeClient;
  readonly agent: NodeAgent;
  readonly kubectl: Kubectl;
  /** Searches all objects for canaries, then ends everything. */
  stop(): Promise<void>;
}

export interface TestClusterOptions {
  /** Default: three nodes of eight H100s, `node-a` to `node-c`. */
  readonly nodes?: readonly NodeSpec[];
  /** After so many seconds without a heartbeat a Node counts as lost. Default 8; the nodes' hearts beat every second. */
  readonly nodeMonitorGraceSeconds?: number;
}

const NODE_MONITOR_GRACE_SECONDS = 8;
const HEARTBEAT_MS = 1000;

/** A node of eight H100s. */
export function h100Node(name: string): NodeSpec {
  return {
    name,
    vendor: 'NVIDIA',
    product: 'NVIDIA-H100-80GB-HBM3',
    gpus: 8,
    memoryMiB: 81_559,
    cpu: '32',
    memory: '128Gi',
  };
}

/** A cluster of the kind that this run of the suite is about. */
export function startTestCluster(options: TestClusterOptions = {}): Promise<TestCluster> {
  return clusterKind === 'real' ? startRealTestCluster(options) : startEmbeddedTestCluster(options);
}

/** A cluster whose control plane is part of this process. */
async function startEmbeddedTestCluster({
  nodeMonitorGraceSeconds = NODE_MONITOR_GRACE_SECONDS,
  nodes,
}: TestClusterOptions): Promise<TestCluster> {
  const controlPlane = await startEmbeddedControlPlane({ log: silentLogger, nodeMonitorGraceSeconds });
  const { kubectl } = await kubernetesTools();
  return furnish(controlPlane, { kind: 'embedded', kubectl, nodes });
}

/** A cluster with kube-apiserver, etcd, kube-controller-manager and kube-scheduler. */
export async function startRealTestCluster({
  nodeMonitorGraceSeconds = NODE_MONITOR_GRACE_SECONDS,
  nodes,
}: TestClusterOptions = {}): Promise<TestCluster<ControlPlane>> {
  const assets = await ensureAssets({ progress: (message) => process.stderr.write(`${message}\n`) });
  const controlPlane = await startControlPlane({ assets, nodeMonitorGraceSeconds });
  return furnish(controlPlane, { kind: 'real', kubectl: controlPlane.kubectl, nodes });
}

interface Furniture {
  readonly kind: ClusterKind;
  /** Path of the program. */
  readonly kubectl: string;
  readonly nodes: readonly NodeSpec[] | undefined;
}

/** Brings our kinds and the nodes into a cluster that has just started. */
async function furnish<Plane extends AnyControlPlane>(
  controlPlane: Plane,
  { kind, kubectl, nodes = ['node-a', 'node-b', 'node-c'].map(h100Node) }: Furniture,
): Promise<TestCluster<Plane>> {
  const { kubeconfig } = controlPlane;
  const connection = await loadConnection({ kubeconfig });
  const { Authorization = '' } = await connection.headers();
  canary('the token of the test cluster', Authorization.replace('Bearer ', ''));
  const transport = createTransport(connection, { clock: systemClock });
  const client = kubeClient(transport);
  await installCrds(client, systemClock);
  const agent = await startNodeAgent({
    connection,
    nodes,
    log: silentLogger,
    clock: systemClock,
    heartbeatMs: HEARTBEAT_MS,
  });
  return {
    kind,
    controlPlane,
    kubeconfig,
    connection,
    transport,
    client,
    agent,
    kubectl: kubectlOf({ path: kubectl, kubeconfig }),
    async stop() {
      try {
        await searchObjects(transport);
      } finally {
        await agent.stop();
        transport.close();
        await controlPlane.stop();
      }
    },
  };
}
