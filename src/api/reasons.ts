import { computeClusterReasons } from './reasons/compute-cluster.ts';
import { minerPoolReasons } from './reasons/miner-pool.ts';
import { usageReasons } from './reasons/usage.ts';

/**
 * Every condition reason and event reason that Headframe writes. A reason is part of the API: it keeps its meaning, and
 * nothing else may be written (the type {@link Reason} sees to it).
 */
export const reasons = { ...minerPoolReasons, ...computeClusterReasons, ...usageReasons } as const;

/** A reason that Headframe may write. */
export type Reason = keyof typeof reasons;
