import type { Holding } from '../../../src/compute/usage/holding.ts';

/** A V100 that pod `a` of pool `ml/miners` holds since 0, unless told otherwise. */
export function holding(facts: Partial<Holding> = {}): Holding {
  const name = facts.name ?? facts.uid ?? 'a';
  return {
    uid: name,
    namespace: 'ml',
    name,
    pool: 'ml/miners',
    model: 'v100-sxm2-16gb',
    units: 1,
    v100Equivalents: 1,
    from: 0,
    until: undefined,
    ...facts,
  };
}
