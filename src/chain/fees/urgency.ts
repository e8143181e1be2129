import { wei } from '../amounts/amount.ts';
import type { Wei } from '../amounts/amount.ts';

/** How much an effect is worth its gas. Essential: a duty that is lost when its time is over. Optional: it can wait for cheaper gas. */
export type Lane =
  | { readonly kind: 'optional' }
  | {
      readonly kind: 'essential';
      /** Milliseconds since the duty could first be done. */
      readonly elapsedMs: number;
      /** Milliseconds from then until it is lost. */
      readonly periodMs: number;
    };

/** What gas may cost, in wei per unit. */
export interface Patience {
  /** What is paid without hesitation. More only for essential duties, and the more the less time is left. */
  readonly targetFeePerGas: Wei;
  /** What is never exceeded. */
  readonly maxFeePerGas: Wei;
}

/** Times are reckoned in thousandths of the period. */
const STEPS = 1000n;

/**
 * The most that may be offered now: the target for what can wait; for essential duties the target at first, then towards the
 * maximum with the square of the time that has passed, and the maximum from the deadline on (the ramp of Arbitrum's data poster).
 */
export function feeCeiling({ targetFeePerGas, maxFeePerGas }: Patience, lane: Lane): Wei {
  const target = targetFeePerGas < maxFeePerGas ? targetFeePerGas : maxFeePerGas;
  if (lane.kind === 'optional') {
    return target;
  }
  const passed = thousandths(lane.elapsedMs, lane.periodMs);
  return wei(target + ((maxFeePerGas - target) * passed * passed) / (STEPS * STEPS));
}

/** A clock that went back counts as no time at all; a period without length is over at once. */
function thousandths(elapsedMs: number, periodMs: number): bigint {
  if (!(periodMs > 0) || elapsedMs >= periodMs) {
    return STEPS;
  }
  return elapsedMs > 0 ? BigInt(Math.floor((elapsedMs / periodMs) * Number(STEPS))) : 0n;
}
