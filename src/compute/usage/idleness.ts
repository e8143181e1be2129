import type { Holding } from './holding.ts';
import { type PodUtilisation, WHOLE, isCount } from './pod-utilisation.ts';

/** How the GPUs of a pool were at one moment, over all clusters. */
export interface PoolReading {
  /** Units that its pods hold. */
  readonly units: number;
  /** How many of them were measured. */
  readonly measured: number;
  /** Utilisation of all measured units together, 0 to 1; undefined when none was measured. */
  readonly utilisation: number | undefined;
  /** Utilisation of the busiest, 0 to 1; undefined when none was measured. */
  readonly busiest: number | undefined;
}

/**
 * @param holdings of one pool; those that have ended do not count
 * @param utilisations by UID of the pod, of all clusters
 */
export function poolReading(
  holdings: Iterable<Holding>,
  utilisations: ReadonlyMap<string, PodUtilisation>,
): PoolReading {
  let [units, measured, busy, busiest] = [0, 0, 0, 0];
  for (const holding of holdings) {
    if (holding.until !== undefined || !isCount(holding.units)) {
      continue;
    }
    const utilisation = utilisations.get(holding.uid);
    units += holding.units;
    measured += utilisation?.measured ?? 0;
    busy += utilisation?.busy ?? 0;
    busiest = Math.max(busiest, utilisation?.busiest ?? 0);
  }
  const known = measured > 0;
  return {
    units,
    measured,
    utilisation: known ? busy / measured / WHOLE : undefined,
    busiest: known ? busiest / WHOLE : undefined,
  };
}

/** When a pool counts as idle. */
export interface IdleRules {
  /** Every GPU of the pool is below this utilisation (0 to 1)... */
  readonly threshold: number;
  /** ...for so much measured time in a row. */
  readonly windowMs: number;
  /** Longest time between two measurements that they still speak for. After a longer one the count starts again. */
  readonly maxGapMs: number;
}

/** For how long a pool has been idle; plain JSON. Nothing more need be remembered of a pool. */
export interface IdleSpell {
  /** When its first measurement below the threshold was made, in milliseconds since 1970. */
  readonly since: number;
  /** When the last one was made. */
  readonly seenAt: number;
  /** Measured time between the two. */
  readonly measuredMs: number;
}

/**
 * The spell after one more reading; undefined when the pool is in none. A reading that does not cover all units says nothing: it
 * neither begins, lengthens nor ends a spell, for what is not measured may be at work.
 * @param now milliseconds since 1970
 */
export function idleSpell(
  before: IdleSpell | undefined,
  reading: PoolReading,
  now: number,
  { threshold, maxGapMs }: IdleRules,
): IdleSpell | undefined {
  const { units, measured, busiest } = reading;
  if (units === 0 || (busiest !== undefined && busiest >= threshold)) {
    return undefined;
  }
  if (measured < units) {
    return before;
  }
  if (before === undefined || now - before.seenAt > maxGapMs) {
    return { since: now, seenAt: now, measuredMs: 0 };
  }
  const elapsedMs = Math.max(0, now - before.seenAt);
  return { since: before.since, seenAt: now, measuredMs: before.measuredMs + elapsedMs };
}

/** Whether the spell fills the window. */
export function isIdle(spell: IdleSpell | undefined, { windowMs }: IdleRules): boolean {
  return spell !== undefined && spell.measuredMs >= windowMs;
}
