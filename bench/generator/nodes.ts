import type { Node } from '../../src/api/builtin.ts';
import { gpuModels, memoryMiBOf } from '../../src/compute/gpu-model.ts';
import { type NodeSpec, nodeCapacity, nodeLabels } from '../../src/devcluster/node-agent/node-object.ts';
import type { Manifest } from '../../src/api/kube-object.ts';

/** KWOK manages the nodes that carry this annotation. */
export const KWOK_ANNOTATION = { 'kwok.x-k8s.io/node': 'fake' } as const;

export const GPUS_PER_NODE = 8;
const MODEL = 'h100-sxm5-80gb';

/** Nodes with eight H100 each, from number `from` on, labelled as NVIDIA's feature discovery labels them. */
export function benchNodes(from: number, count: number): Manifest<Node>[] {
  return Array.from({ length: count }, (_, index) => benchNode(from + index));
}

function benchNode(index: number): Manifest<Node> {
  const spec = nodeSpec(`gpu-${index}`);
  const capacity = nodeCapacity(spec);
  const node: Manifest<Node> & Pick<Node, 'status'> = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: spec.name, labels: nodeLabels(spec), annotations: { ...KWOK_ANNOTATION } },
    spec: {},
    status: { capacity, allocatable: capacity },
  };
  return node;
}

function nodeSpec(name: string): NodeSpec {
  const model = gpuModels.find(({ id }) => id === MODEL);
  const [product] = model?.products ?? [];
  const memoryMiB = model && memoryMiBOf(model);
  if (product === undefined || memoryMiB === undefined) {
    throw new Error(`the GPU catalogue has no ${MODEL}`);
  }
  return {
    name,
    vendor: 'NVIDIA',
    product,
    gpus: GPUS_PER_NODE,
    memoryMiB,
    cpu: '192',
    memory: '2Ti',
  };
}

/** Nodes for so many pods of one GPU, with a twentieth to spare. */
export function nodesFor(pods: number): number {
  return Math.ceil((pods * 1.05) / GPUS_PER_NODE);
}
