import { tokenUnits } from '../../amounts/amount.ts';
import { minerRegistry } from '../../contracts/generated/miner-registry.ts';
import { stakeManager } from '../../contracts/generated/stake-manager.ts';
import { CLAIM, DEREGISTRATION } from '../protocol.ts';
import type { AccountState, Holdings, Move, NetworkFacts } from '../protocol.ts';
import { erc20 } from './erc20.ts';
import { required } from './required.ts';
import { thawedBy } from './thawed.ts';

/** A move that is looked at, and what it is done to. */
interface Sight {
  readonly facts: NetworkFacts;
  readonly before: Holdings;
  readonly data: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What becomes another by a move of a kind. */
type Effect = (sight: Sight) => Partial<AccountState> | Holdings;

const stake = stakeManager.writes;
const registry = minerRegistry.writes;

const effects: Readonly<Record<string, Effect>> = {
  CheckIn: () => ({ checkedIn: true }),
  // Where rewards are paid to the account itself has said, and its state does not tell.
  [CLAIM]: () => ({}),
  Approve: ({ data }) => ({ allowance: tokenUnits(erc20.writes.approve.decodeArgs(data)?.[1] ?? 0n) }),
  Stake: ({ before: { state }, data }) => {
    const tokens = stake.stake.decodeArgs(data)?.[0] ?? 0n;
    return { ...paid(state, tokens), idle: tokenUnits(state.idle + tokens) };
  },
  StakeToProvision: ({ before: { state }, data }) => {
    const tokens = stake.stakeToProvision.decodeArgs(data)?.[2] ?? 0n;
    return { ...paid(state, tokens), provisioned: tokenUnits(state.provisioned + tokens) };
  },
  Provision: ({ before: { state }, data }) => ({
    ...provided(state, stake.provision.decodeArgs(data)?.[2] ?? 0n),
    hasProvision: true,
  }),
  AddToProvision: ({ before: { state }, data }) =>
    provided(state, stake.addToProvision.decodeArgs(data)?.[2] ?? 0n),
  Thaw: thawing,
  Deprovision: ({ before: { state }, now }) => {
    const thawed = thawedBy(state.thaws, now);
    const tokens = thawed.reduce((sum, each) => sum + each.tokens, 0n);
    return {
      idle: tokenUnits(state.idle + tokens),
      thawing: tokenUnits(state.thawing > tokens ? state.thawing - tokens : 0n),
      thaws: state.thaws.slice(thawed.length),
    };
  },
  Unstake: ({ before: { state }, data }) => {
    const tokens = stake.unstake.decodeArgs(data)?.[0] ?? 0n;
    return {
      idle: tokenUnits(state.idle - tokens),
      walletTokens: tokenUnits(state.walletTokens + tokens),
    };
  },
  StageTerms: () => ({ outdatedTerms: 'Staged' }),
  AcceptTerms: ({ before: { state, miners } }) => {
    const { outdatedTerms: _outdated, ...rest } = state;
    return { state: rest, miners };
  },
  RegisterMiners: ({ facts, before, data }) => {
    const added = (registry.registerMany.decodeArgs(data)?.[1] ?? []).map(({ id, milliUnits }) => ({
      id,
      milliUnits: Number(milliUnits),
    }));
    return withMiners(facts, before.state, [...before.miners, ...added]);
  },
  [DEREGISTRATION]: ({ facts, before, data }) => {
    const gone = new Set(registry.deregisterMany.decodeArgs(data)?.[1]);
    return withMiners(
      facts,
      before.state,
      before.miners.filter(({ id }) => !gone.has(id)),
    );
  },
};

/**
 * What an account is like once the chain has taken a move: what nobody else does meanwhile, and no gas. Pure.
 * @param now milliseconds since 1970: when the move is included
 * @throws TypeError for a move of another protocol
 */
export function foresee(
  facts: NetworkFacts,
  before: Holdings,
  { kind, data }: Pick<Move, 'kind' | 'data'>,
  now: number,
): Holdings {
  const effect = Object.hasOwn(effects, kind) ? effects[kind] : undefined;
  if (effect === undefined) {
    throw new TypeError(`${kind} is no move of this protocol`);
  }
  const after = effect({ facts, before, data, now });
  return 'state' in after ? after : { ...before, state: { ...before.state, ...after } };
}

/** Out of the wallet, which uses up as much of the allowance. */
function paid({ walletTokens, allowance }: AccountState, tokens: bigint): Partial<AccountState> {
  return {
    walletTokens: tokenUnits(walletTokens - tokens),
    allowance: tokenUnits(allowance - tokens),
  };
}

function provided({ idle, provisioned }: AccountState, tokens: bigint): Partial<AccountState> {
  return { idle: tokenUnits(idle - tokens), provisioned: tokenUnits(provisioned + tokens) };
}

function thawing({ facts, before: { state }, data, now }: Sight): Partial<AccountState> {
  const tokens = tokenUnits(stake.thaw.decodeArgs(data)?.[2] ?? 0n);
  return {
    provisioned: tokenUnits(state.provisioned - tokens),
    thawing: tokenUnits(state.thawing + tokens),
    thaws: [...state.thaws, { tokens, dueAt: now + facts.terms.thawingSeconds * 1000 }],
  };
}

function withMiners({ terms }: NetworkFacts, state: AccountState, miners: Holdings['miners']): Holdings {
  const milliUnits = miners.reduce((sum, miner) => sum + miner.milliUnits, 0);
  return {
    state: {
      ...state,
      miners: miners.length,
      milliUnits,
      required: required(terms, miners.length, milliUnits),
    },
    miners,
  };
}
