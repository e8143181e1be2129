import { tokenUnits } from '../../amounts/amount.ts';
import type { Move, Shortage } from '../protocol.ts';
import type { Scope } from './scope.ts';
import { thawedTokens } from './thawed.ts';

/** Where missing stake comes from. In the smallest unit of the token. */
interface TopUp {
  /** Out of what is idle. */
  readonly fromIdle: bigint;
  /** Out of the wallet, as far as it and the cap allow. */
  readonly fromWallet: bigint;
  readonly shortages: readonly Shortage[];
}

/** What of the stake that is wanted is not there, and where it comes from. What has thawed counts as idle: it soon is. */
export function topUpOf(scope: Scope): TopUp {
  const { state, desired } = scope;
  const missing = max(0n, desired.provisioned - state.provisioned);
  const fromIdle = min(missing, state.idle + thawedTokens(scope));
  const needed = missing - fromIdle;
  const staked = stakedTokens(scope);
  const allowed = min(needed, max(0n, desired.maxStaked - staked));
  const shortages: Shortage[] = [];
  if (needed > allowed) {
    shortages.push({ kind: 'Cap', needed: tokenUnits(staked + needed), allowed: desired.maxStaked });
  }
  if (allowed > state.walletTokens) {
    shortages.push({ kind: 'Tokens', needed: tokenUnits(allowed), held: state.walletTokens });
  }
  return { fromIdle, fromWallet: min(allowed, state.walletTokens), shortages };
}

/** Puts stake behind miners: what is idle first. Waits while stake that has thawed can be made idle. */
export function topUpMoves(scope: Scope, { fromIdle, fromWallet }: TopUp): Move[] {
  if (!scope.isOpen.StakeManager || thawedTokens(scope) > 0n) {
    return [];
  }
  return [...provisionMoves(scope, fromIdle), ...stakeMoves(scope, fromWallet, fromIdle)];
}

function provisionMoves({ facts, state, moves }: Scope, tokens: bigint): Move[] {
  if (tokens === 0n) {
    return [];
  }
  return [
    state.hasProvision
      ? moves.addToProvision(tokens, state.provisioned)
      : moves.provision(tokens, facts.terms),
  ];
}

/** Before there is a provision the wallet waits for what is idle: with a provision one call does what else takes two. */
function stakeMoves(scope: Scope, tokens: bigint, fromIdle: bigint): Move[] {
  const { state, moves } = scope;
  if (tokens === 0n) {
    return [];
  }
  const staked = stakedTokens(scope);
  if (state.allowance < tokens) {
    return [moves.approve(tokens, staked)];
  }
  if (state.hasProvision) {
    return [moves.stakeToProvision(tokens, staked)];
  }
  return fromIdle > 0n ? [] : [moves.stake(tokens, staked)];
}

function stakedTokens({ state }: Scope): bigint {
  return state.idle + state.provisioned + state.thawing;
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
