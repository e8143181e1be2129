import { tokenUnits } from '../../amounts/amount.ts';
import type { TokenUnits } from '../../amounts/amount.ts';
import type { StakeTerms } from '../protocol.ts';

const MILLI = 1000n;

/** What miners need, as MinerRegistry reckons it: miners x stakePerMiner + ceil(milliUnits x stakePerUnit / 1000). */
export function required(terms: StakeTerms, miners: number, milliUnits: number): TokenUnits {
  const bySize = BigInt(milliUnits) * terms.stakePerUnit;
  return tokenUnits(BigInt(miners) * terms.stakePerMiner + (bySize + MILLI - 1n) / MILLI);
}
