import type { Immutable } from '../../api/kube-object.ts';
import type { MinerPool } from '../../api/miner-pool.ts';
import { type GpuCatalogue, builtInCatalogue } from '../../compute/gpu-catalogue.ts';
import { unitOfModel } from '../../compute/gpu-unit.ts';

/** What a pool asks of its StakeAccount. */
export interface PoolDemand {
  /** Replicas that it wants to have miners for; 0 while it is suspended or being deleted. */
  readonly replicas: number;
  /** The size of a replica, in thousandths of the units of spec.stake.units; undefined when nobody can tell. */
  readonly milliUnits: number | undefined;
  /** Why {@link milliUnits} is undefined. */
  readonly problem?: string;
  /** Stake that the pool wants for each unit, in the token; undefined: what the network asks for. */
  readonly perUnit: string | undefined;
}

const MILLI = 1000;

/** Undefined when the pool needs no stake. */
export function demandOf(
  pool: Immutable<MinerPool>,
  catalogue: GpuCatalogue = builtInCatalogue,
): PoolDemand | undefined {
  const { spec, metadata } = pool;
  if (spec.stake === undefined) {
    return undefined;
  }
  const isOff = spec.suspend || metadata.deletionTimestamp !== undefined;
  return {
    replicas: isOff ? 0 : spec.replicas,
    perUnit: spec.stake.perUnit,
    ...sizeOf(spec.stake.units, spec.gpus, catalogue),
  };
}

type Size = Pick<PoolDemand, 'milliUnits' | 'problem'>;

function sizeOf(
  units: NonNullable<MinerPool['spec']['stake']>['units'],
  gpus: Immutable<MinerPool['spec']['gpus']>,
  catalogue: GpuCatalogue,
): Size {
  switch (units) {
    case 'Replica':
      return { milliUnits: MILLI };
    case 'Gpu':
      return { milliUnits: MILLI * gpus.countPerReplica };
    case 'V100e':
      return sizeInV100e(gpus, catalogue);
  }
}

/** By the largest model that will do: the replica may get that one. */
function sizeInV100e(
  { models, countPerReplica }: Immutable<MinerPool['spec']['gpus']>,
  catalogue: GpuCatalogue,
): Size {
  if (models.length === 0) {
    return {
      milliUnits: undefined,
      problem: 'spec.stake.units is V100e, and spec.gpus.models names no model: any would do, of any size',
    };
  }
  const unknown = models.filter((name) => catalogue.modelsNamed(name).length === 0);
  if (unknown.length > 0) {
    return {
      milliUnits: undefined,
      problem: `spec.stake.units is V100e, and the size of ${unknown.join(', ')} (spec.gpus.models) is not known`,
    };
  }
  const sizes = models
    .flatMap((name) => catalogue.modelsNamed(name))
    .map((model) => unitOfModel(model.id, model).v100Equivalents);
  return { milliUnits: Math.ceil(Math.max(...sizes) * countPerReplica * MILLI) };
}
