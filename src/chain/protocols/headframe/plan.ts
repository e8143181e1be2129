import type { AccountState, Desired, MovePlan, NetworkFacts } from '../protocol.ts';
import { checkInMoves } from './check-in.ts';
import { coveredMiners, deregisterMoves, registerMoves, termsMoves } from './miner-moves.ts';
import { thawMoves, unstakeMoves } from './release.ts';
import { scopeOf } from './scope.ts';
import { deprovisionMoves } from './thawed.ts';
import { topUpMoves, topUpOf } from './top-up.ts';

/**
 * What to send next: the duty first, then what frees stake, what adds to it, what uses it, and last what gives it back. Each move would be
 * taken by the chain in this very state, and all of them in this order.
 * @param now milliseconds since 1970
 */
export function plan(facts: NetworkFacts, state: AccountState, desired: Desired, now: number): MovePlan {
  const scope = scopeOf(facts, state, desired, now);
  const topUp = topUpOf(scope);
  const covered = coveredMiners(scope);
  return {
    moves: [
      ...checkInMoves(scope),
      ...deregisterMoves(scope),
      ...deprovisionMoves(scope),
      ...topUpMoves(scope, topUp),
      ...termsMoves(scope),
      ...registerMoves(scope, covered),
      ...thawMoves(scope, covered),
      ...unstakeMoves(scope, topUp.fromIdle),
    ],
    shortages: topUp.shortages,
  };
}
