import { fleet } from './fleet.ts';
import { pool } from './pool.ts';
import type { PlacementScenario, SimulatedPool } from './scenario.ts';

/** Instances that are small enough to compare each with its optimum. */
export interface InstanceSet {
  readonly about: string;
  /** Its seed is that of the first instance; each further one has the next. */
  readonly scenario: PlacementScenario;
  readonly instances: number;
  /** In which order the pools are placed, one after the other: the operator takes them as they come. */
  readonly order: 'as listed' | 'by chance';
}

const fivePools: readonly SimulatedPool[] = [
  pool('any', 60),
  pool('capped', 40, { usdCap: 1 }),
  pool('memory', 40, { minMemoryMiB: 40_960 }),
  pool('a100', 30, { models: ['a100-sxm4-80gb'] }),
  pool('pairs', 20, { countPerReplica: 2 }),
];

/** @param scale of the number of instances, in (0, 1] */
export function instanceSets(scale = 1): readonly InstanceSet[] {
  const instances = Math.ceil(200 * scale);
  return [
    instanceSet('one pool', [pool('any', 190)], 'as listed', instances),
    instanceSet('five pools, as they come', fivePools, 'by chance', instances),
    instanceSet('five pools, most choice first', fivePools, 'as listed', instances),
  ];
}

/** Some 290 GPUs, of which the pools want 210 at most. Nothing is lost to starts: all placements begin at once. */
function instanceSet(
  about: string,
  pools: readonly SimulatedPool[],
  order: InstanceSet['order'],
  instances: number,
): InstanceSet {
  const whole = fleet();
  return {
    about,
    scenario: {
      ...whole,
      fleet: { ...whole.fleet, clusters: 4, nodes: 24, kindsPerCluster: 3 },
      hours: 1,
      startMinutes: 0,
      pools,
    },
    instances,
    order,
  };
}
