import type { Move, Thaw } from '../protocol.ts';
import type { Scope } from './scope.ts';

/** Thawing.MAX_REQUESTS: as many thaw requests may be open at once. */
export const MAX_THAWS = 100;

/** Stake that has thawed, in the smallest unit of the token: what {@link deprovisionMoves} makes idle. */
export function thawedTokens(scope: Scope): bigint {
  return scope.isOpen.StakeManager ? sum(dueThaws(scope)) : 0n;
}

/** Takes out what has thawed: it can be slashed until then. What a slash has left nothing of only when its place is needed. */
export function deprovisionMoves(scope: Scope): Move[] {
  const { state, moves, isOpen } = scope;
  const [oldest, ...more] = dueThaws(scope);
  if (oldest === undefined || !isOpen.StakeManager) {
    return [];
  }
  const isWorthIt = sum([oldest, ...more]) > 0n || state.thaws.length >= MAX_THAWS;
  return isWorthIt ? [moves.deprovision(oldest.dueAt)] : [];
}

/** They are taken out in their order, up to the first that is not due. */
export function thawedBy(thaws: readonly Thaw[], now: number): readonly Thaw[] {
  const notDue = thaws.findIndex(({ dueAt }) => dueAt > now);
  return notDue === -1 ? thaws : thaws.slice(0, notDue);
}

function dueThaws({ state, now }: Scope): readonly Thaw[] {
  return thawedBy(state.thaws, now);
}

function sum(thaws: readonly Thaw[]): bigint {
  return thaws.reduce((total, { tokens }) => total + tokens, 0n);
}
