import type { Miner, Move } from '../protocol.ts';
import { required } from './required.ts';
import type { Scope } from './scope.ts';
import { MAX_THAWS, thawedTokens } from './thawed.ts';

/**
 * Starts to thaw what neither the spec nor the miners need. Waits while miners can be taken off: one thaw of all that they free, not one
 * for each batch.
 * @param added miners that are added meanwhile
 */
export function thawMoves(scope: Scope, added: readonly Miner[]): Move[] {
  const { state, desired, moves, isOpen } = scope;
  const waits = desired.deregister.length > 0 && isOpen.MinerRegistry;
  if (!desired.releasesSurplus || !isOpen.StakeManager || waits || state.thaws.length >= MAX_THAWS) {
    return [];
  }
  const surplus = state.provisioned - neededTokens(scope, added);
  return surplus > 0n ? [moves.thaw(surplus, state.provisioned)] : [];
}

/** The most that any has a claim to: the spec, the miners that are there, and those with the ones that are added. */
function neededTokens({ facts, state, desired }: Scope, added: readonly Miner[]): bigint {
  const milliUnits = added.reduce((sum, miner) => sum + miner.milliUnits, state.milliUnits);
  const later = required(facts.terms, state.miners + added.length, milliUnits);
  return [desired.provisioned, state.required, later].reduce((most, each) => (each > most ? each : most));
}

/**
 * Pays back what is idle and not wanted. Waits while stake that has thawed can be made idle: one payment of all.
 * @param wanted what of the idle stake goes behind miners
 */
export function unstakeMoves(scope: Scope, wanted: bigint): Move[] {
  const { state, desired, moves, isOpen } = scope;
  if (!desired.releasesSurplus || !isOpen.StakeManager || thawedTokens(scope) > 0n) {
    return [];
  }
  const surplus = state.idle - wanted;
  return surplus > 0n ? [moves.unstake(surplus, state.idle)] : [];
}
