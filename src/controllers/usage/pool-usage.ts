import { idleRules } from '../../api/idle-rules.ts';
import { type Immutable, keyOf } from '../../api/kube-object.ts';
import type { MinerPool } from '../../api/miner-pool.ts';
import {
  type IdleRules,
  type IdleSpell,
  type PoolReading,
  idleSpell,
  isIdle,
  poolReading,
} from '../../compute/usage/idleness.ts';
import type { Idleness, PoolUsage } from '../boards/pool-usage.ts';
import type { Books } from './books.ts';

/** The side that is told of looks at clusters. */
export interface PoolUsageBoard extends PoolUsage {
  /**
   * Takes in what was seen last.
   * @param now milliseconds since 1970
   * @param intervalMs between two looks at the cluster that has just been looked at
   */
  update(pools: Iterable<Immutable<MinerPool>>, now: number, intervalMs: number): void;
}

/** Two looks may be missed; what went on in between more is not known. */
const INTERVALS_BETWEEN = 3;

interface Known {
  readonly spell: IdleSpell | undefined;
  readonly idleness: Idleness | undefined;
  /** Since when none of its GPUs is measured, in milliseconds since 1970. */
  readonly blindSince: number | undefined;
}

const unknown: Known = { spell: undefined, idleness: undefined, blindSince: undefined };

export function createPoolUsage(books: Books): PoolUsageBoard {
  let known: ReadonlyMap<string, Known> = new Map();
  const listeners: ((poolKey: string) => void)[] = [];

  function read(uid: string): PoolReading {
    const { holdings, utilisations } = books.heldBy(uid);
    return poolReading(holdings, utilisations);
  }

  return {
    idleness: (uid) => known.get(uid)?.idleness,
    utilisation: (uid) => read(uid).utilisation,
    listen: (listener) => void listeners.push(listener),
    update(pools, now, intervalMs) {
      const former = known;
      const next = new Map<string, Known>();
      known = next;
      for (const pool of pools) {
        const { uid } = pool.metadata;
        const { belowPercent, forSeconds } = idleRules(pool.spec);
        const before = former.get(uid) ?? unknown;
        const after = nextKnown(before, read(uid), now, {
          threshold: belowPercent / 100,
          windowMs: forSeconds * 1000,
          maxGapMs: INTERVALS_BETWEEN * intervalMs,
        });
        next.set(uid, after);
        if (after.idleness !== before.idleness) {
          listeners.forEach((listener) => listener(keyOf(pool)));
        }
      }
    },
  };
}

function nextKnown(before: Known, reading: PoolReading, now: number, rules: IdleRules): Known {
  const { units, measured, busiest } = reading;
  if (units === 0) {
    return unknown;
  }
  const spell = idleSpell(before.spell, reading, now, rules);
  const blindSince = measured > 0 ? undefined : (before.blindSince ?? now);
  return { spell, blindSince, idleness: idlenessNow() };

  function idlenessNow(): Idleness | undefined {
    if (blindSince !== undefined && now - blindSince > rules.maxGapMs) {
      return 'unmeasured';
    }
    if (isIdle(spell, rules)) {
      return spell?.since;
    }
    return busiest !== undefined && busiest >= rules.threshold ? 'busy' : before.idleness;
  }
}
