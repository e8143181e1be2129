import type { NodeSelectorRequirement } from '../../api/builtin.ts';
import type { Immutable } from '../../api/kube-object.ts';
import type { MinerPoolSpec } from '../../api/miner-pool.ts';
import { parseQuantity, wholeUnits } from '../../api/quantity.ts';
import type { GpuDemand } from '../../compute/gpu-demand.ts';
import type { PodSource } from './revision.ts';

const MIB = 1024n * 1024n;

/** `spec.gpus` as the compute side understands it. */
export function gpuDemand(gpus: Immutable<MinerPoolSpec['gpus']>): GpuDemand {
  return {
    vendor: gpus.vendor,
    countPerReplica: gpus.countPerReplica,
    models: gpus.models,
    minMemoryMiB: gpus.minMemory === undefined ? 0 : mebibytes(gpus.minMemory),
  };
}

/** Rounded up, so that no GPU with less than was asked for will do. */
function mebibytes(quantity: string | number): number {
  return Number((wholeUnits(parseQuantity(quantity)) + MIB - 1n) / MIB);
}

/** The template's own node selector, in the form of requirements. */
export function templateRequirements({ template }: PodSource): readonly NodeSelectorRequirement[] {
  return Object.entries(template.spec.nodeSelector ?? {}).map(([key, value]) => ({
    key,
    operator: 'In',
    values: [value],
  }));
}
