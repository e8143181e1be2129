import type { AccountState, Desired, NetworkFacts } from '../protocol.ts';
import { addressesOf } from './addresses.ts';
import { movesOf } from './moves.ts';
import type { Moves } from './moves.ts';

/** What one plan is made from. */
export interface Scope {
  readonly facts: NetworkFacts;
  readonly state: AccountState;
  readonly desired: Desired;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly moves: Moves;
  readonly hasCheckIns: boolean;
  /** Whether contracts take calls now. A paused one refuses everything. */
  readonly isOpen: Readonly<Record<'StakeManager' | 'MinerRegistry' | 'EpochRewards', boolean>>;
}

/** @param now milliseconds since 1970 */
export function scopeOf(facts: NetworkFacts, state: AccountState, desired: Desired, now: number): Scope {
  const at = addressesOf(facts);
  const isOpen = (contract: string): boolean => !facts.paused.includes(contract);
  return {
    facts,
    state,
    desired,
    now,
    moves: movesOf(at, state.address),
    hasCheckIns: at.epochRewards !== undefined,
    isOpen: {
      StakeManager: isOpen('StakeManager'),
      MinerRegistry: isOpen('MinerRegistry'),
      EpochRewards: isOpen('EpochRewards'),
    },
  };
}
