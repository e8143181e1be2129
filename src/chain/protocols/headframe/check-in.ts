import type { Move } from '../protocol.ts';
import type { Scope } from './scope.ts';

/** The duty of the present epoch, while it can be done: it takes miners, and stake that covers them. */
export function checkInMoves({ facts, state, desired, now, moves, hasCheckIns, isOpen }: Scope): Move[] {
  const { epoch } = facts;
  const isDue = hasCheckIns && isOpen.EpochRewards && desired.checksIn && !state.checkedIn;
  const isEligible = state.miners > 0 && state.provisioned >= state.required;
  return epoch !== undefined && isDue && isEligible && now < epoch.endsAt ? [moves.checkIn(epoch)] : [];
}
