import type { Node } from '../../api/builtin.ts';
import type { ComputeCluster, ComputeClusterStatus } from '../../api/compute-cluster.ts';
import { condition, setConditions } from '../../api/conditions.ts';
import type { Immutable } from '../../api/kube-object.ts';
import type { InventoryLine } from '../../compute/inventory.ts';
import { isReady } from '../../compute/node-gpus.ts';

/** The CRD's bound on status.gpus. */
const MAX_MODELS = 256;

/** What is known of a cluster. */
export interface ObservedCluster {
  readonly cluster: Immutable<ComputeCluster>;
  readonly nodes: readonly Immutable<Node>[];
  readonly inventory: readonly InventoryLine[];
}

/**
 * The one derivation of a cluster's status: its inventory and what is odd about it. Pure.
 * @param now milliseconds since 1970
 */
export function statusOf({ cluster, nodes, inventory }: ObservedCluster, now: number): ComputeClusterStatus {
  const { generation } = cluster.metadata;
  return {
    nodes: { total: nodes.length, ready: nodes.filter(isReady).length },
    gpus: inventory.slice(0, MAX_MODELS).map(gpuEntry),
    totals: {
      allocatable: sum(inventory, (line) => line.allocatable),
      allocated: sum(inventory, (line) => line.allocated),
      free: sum(inventory, (line) => line.free),
      petaflops: decimal(sum(inventory, (line) => line.tflops) / 1000),
      v100Equivalents: decimal(sum(inventory, (line) => line.v100Equivalents)),
    },
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    conditions: setConditions(cluster.status?.conditions, conditions(inventory), { now, generation }),
  };
}

function gpuEntry(line: InventoryLine): ComputeClusterStatus['gpus'][number] {
  return {
    model: line.model,
    product: line.product,
    vendor: line.vendor,
    catalogued: line.known ? 'Known' : 'Unknown',
    nodes: line.nodes,
    allocatable: line.allocatable,
    allocated: line.allocated,
    free: line.free,
    ...(line.memoryMiB === undefined ? {} : { memoryMiB: line.memoryMiB }),
    petaflops: decimal(line.tflops / 1000),
    v100Equivalents: decimal(line.v100Equivalents),
  };
}

function conditions(inventory: readonly InventoryLine[]): Parameters<typeof setConditions>[1] {
  const unknown = inventory.filter((line) => !line.known);
  const total = sum(inventory, (line) => line.allocatable);
  return [
    total === 0
      ? condition(
          'Ready',
          true,
          'NoGPUs',
          'no node offers GPUs; is the device plugin of the GPU vendor installed?',
        )
      : condition('Ready', true, 'InventoryKnown', `${total} GPUs of ${inventory.length} models`),
    unknown.length === 0
      ? condition('GPUModelsKnown', true, 'AllGPUModelsKnown')
      : condition('GPUModelsKnown', false, 'UnknownGPUModels', unknownMessage(unknown)),
  ];
}

function unknownMessage(unknown: readonly InventoryLine[]): string {
  const names = unknown.map(({ product, allocatable }) => `${allocatable} x '${product}'`).join(', ');
  return `${names}: not in the GPU catalogue, counted with 0 PFLOPS`;
}

function sum(lines: readonly InventoryLine[], value: (line: InventoryLine) => number): number {
  return lines.reduce((total, line) => total + value(line), 0);
}

/** At most three digits after the point, no trailing zeros: `31.661`, `0`. */
function decimal(value: number): string {
  return String(Number(value.toFixed(3)));
}
