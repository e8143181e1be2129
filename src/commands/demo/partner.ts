import { readFile } from 'node:fs/promises';
import { Secrets } from '../../api/builtin.ts';
import { startEmbeddedControlPlane } from '../../devcluster/embedded-control-plane.ts';
import { startNodeAgent } from '../../devcluster/node-agent/node-agent.ts';
import type { ProcessGuard } from '../../devcluster/process/guard.ts';
import type { KubeClient } from '../../kube/client.ts';
import { silentLogger } from '../../telemetry/logger.ts';
import { createLogger } from '../../telemetry/winston-logger.ts';
import { systemClock } from '../../time/clock.ts';
import { connect } from '../connect.ts';
import { partnerNodes } from './nodes.ts';
import { deleteIfThere } from './delete-if-there.ts';
import type { Teardown } from './teardown.ts';

/** Of the Secret with the kubeconfig, as the sample compute-cluster-member.yaml names it. */
export const PARTNER = 'partner-university';

/** What starting the partner takes. */
export interface PartnerParts {
  /** Of the cluster in which the operator runs. */
  readonly client: KubeClient;
  /** Of the operator: Secrets with kubeconfigs are there. */
  readonly namespace: string;
  /** Whether what is brought into that cluster has to be taken out of it. */
  readonly borrowed: boolean;
  readonly teardown: Teardown;
  readonly guard: ProcessGuard;
}

/** The second cluster of the demo: an API server inside this process with nodes of its own, and the Secret by which it is reached. */
export async function startPartner(parts: PartnerParts): Promise<void> {
  const { client, namespace, borrowed, teardown, guard } = parts;
  const controlPlane = await startEmbeddedControlPlane({ log: silentLogger });
  guard.ownFolder(controlPlane.dataFolder);
  teardown.push('the second control plane', () => controlPlane.stop());
  const connection = await connect({ kubeconfig: controlPlane.kubeconfig });
  const agent = await startNodeAgent({
    connection,
    nodes: partnerNodes,
    log: createLogger({ level: 'warn' }),
    clock: systemClock,
    clientCertificate: controlPlane.kubeletClientCertificate,
  });
  teardown.push('the nodes of the second cluster', () => agent.stop());
  if (borrowed) {
    teardown.push('the Secret of the second cluster', () =>
      deleteIfThere(client, Secrets, { namespace, name: PARTNER }),
    );
  }
  const kubeconfig = await readFile(controlPlane.kubeconfig);
  await client.create(Secrets, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: PARTNER, namespace },
    data: { kubeconfig: kubeconfig.toString('base64') },
  });
}
