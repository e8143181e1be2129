import { ensureAssets } from '../../../src/devcluster/control-plane/assets.ts';
import { startControlPlane, type ControlPlane } from '../../../src/devcluster/control-plane/control-plane.ts';
import { startNodeAgent, type NodeAgent } from '../../../src/devcluster/node-agent/node-agent.ts';
import type { NodeSpec } from '../../../src/devcluster/node-agent/node-object.ts';
import { kubeClient, type KubeClient } from '../../../src/kube/client.ts';
import { loadConnection } from '../../../src/kube/kubeconfig.ts';
import { createTransport, type Transport } from '../../../src/kube/transport.ts';
import { installCrds } from '../../../src/commands/demo/install-crds.ts';
import { kubectlOf, type Kubectl } from './kubectl.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { systemClock } from '../../../src/time/clock.ts';

/** A real control plane with our kinds, and nodes that run pods as processes. */
export interface TestCluster {
  readonly controlPlane: ControlPlane;
  readonly kubeconfig: string;
  readonly transport: Transport;
  readonly client: KubeClient;
  readonly agent: NodeAgent;
  readonly kubectl: Kubectl;
  stop(): Promise<void>;
}

const h100 = (name: string): NodeSpec => ({
  name,
  vendor: 'NVIDIA',
  product: 'NVIDIA-H100-80GB-HBM3',
  gpus: 8,
  memoryMiB: 81_559,
  cpu: '32',
  memory: '128Gi',
});

/** Three nodes of eight H100s. */
export async function startTestCluster(): Promise<TestCluster> {
  const assets = await ensureAssets({ progress: (message) => process.stderr.write(`${message}\n`) });
  const controlPlane = await startControlPlane({ assets });
  const { kubeconfig } = controlPlane;
  const connection = await loadConnection({ kubeconfig });
  const transport = createTransport(connection, { clock: systemClock });
  const client = kubeClient(transport);
  await installCrds(client, systemClock);
  const nodes = ['node-a', 'node-b', 'node-c'].map(h100);
  const agent = await startNodeAgent({ connection, nodes, log: silentLogger, clock: systemClock });
  return {
    controlPlane,
    kubeconfig,
    transport,
    client,
    agent,
    kubectl: kubectlOf({ path: controlPlane.kubectl, kubeconfig }),
    async stop() {
      await agent.stop();
      transport.close();
      await controlPlane.stop();
    },
  };
}
