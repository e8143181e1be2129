import { Leases, Nodes } from '../../api/builtin.ts';
import type { NodeSpec } from '../../devcluster/node-agent/node-object.ts';
import type { KubeClient } from '../../kube/client.ts';
import { deleteIfThere } from './delete-if-there.ts';

const GIB_MIB = 1024;

/** The demo's hardware: enough for the samples, two vendors, and one GPU that the catalogue does not know. */
export const demoNodes: readonly NodeSpec[] = [
  nvidia('rack-a', 'NVIDIA-H100-80GB-HBM3', 8, 81_559),
  nvidia('rack-b', 'NVIDIA-A100-SXM4-80GB', 4, 80 * GIB_MIB),
  {
    name: 'rack-c',
    vendor: 'AMD',
    product: 'AMD_Instinct_MI300X_OAM',
    gpus: 2,
    memoryMiB: 192 * GIB_MIB,
    cpu: '32',
    memory: '128Gi',
  },
  nvidia('rack-d', 'NVIDIA-L40S', 8, 46_068),
  nvidia('workshop', 'NVIDIA-Prototype-X1', 1, 24 * GIB_MIB),
];

/** The hardware of the demo's second cluster. */
export const partnerNodes: readonly NodeSpec[] = [
  nvidia('campus-a', 'Tesla-V100-SXM2-32GB', 4, 32 * GIB_MIB),
];

function nvidia(name: string, product: string, gpus: number, memoryMiB: number): NodeSpec {
  return { name, vendor: 'NVIDIA', product, gpus, memoryMiB, cpu: '32', memory: '128Gi' };
}

/** Takes the demo's nodes out of a cluster. */
export async function removeNodes(client: KubeClient): Promise<void> {
  for (const { name } of demoNodes) {
    await deleteIfThere(client, Nodes, { name });
    await deleteIfThere(client, Leases, { namespace: 'kube-node-lease', name });
  }
}
