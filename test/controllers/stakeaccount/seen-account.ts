import type { StakeAccount } from '../../../src/api/stake-account.ts';
import type { Move, NetworkFacts } from '../../../src/chain/protocols/protocol.ts';
import { goalOf } from '../../../src/controllers/stakeaccount/goal.ts';
import type { SeenAccount } from '../../../src/controllers/stakeaccount/standing.ts';
import { CONTRACT } from '../../chain/engine/model/world.ts';
import { networkFacts } from '../../support/network-objects.ts';
import { MINER_TAG, stakeAccount } from '../../support/stake-objects.ts';
import { DECIMALS, PER_REPLICA, accountState, ask, grounds, minersOf, poolWith } from './goal-grounds.ts';

/** Noon of 2026-01-01, UTC. */
export const NOW = Date.UTC(2026, 0, 1, 12);
export const EPOCH = { number: 7, startsAt: NOW - 60_000, endsAt: NOW + 540_000 };
const token = { address: CONTRACT, symbol: 'TST', decimals: DECIMALS };

/** A move. */
export const stake: Move = { kind: 'Stake', key: '5 on 0', to: CONTRACT, data: '0x05' };

/** One that is managed. */
export function account(spec: Partial<StakeAccount['spec']> = {}): StakeAccount {
  const given = stakeAccount([]);
  return { ...given, spec: { ...given.spec, mode: 'Manage', ...spec } };
}

export const READY_MINERS = minersOf('pool', 2);

/** Everything is as it is wanted, unless told otherwise. */
export function seen(changes: Partial<SeenAccount> = {}, facts: Partial<NetworkFacts> = {}): SeenAccount {
  const state = accountState(2n * PER_REPLICA, READY_MINERS);
  return {
    kind: 'seen',
    network: { name: 'testnet', chainId: 31_337n, facts: networkFacts({ token, ...facts }) },
    tag: MINER_TAG,
    state,
    miners: READY_MINERS,
    goal: goalOf(grounds({ asks: [ask(poolWith('pool', 2))], miners: READY_MINERS, state })),
    plan: { moves: [], shortages: [] },
    entries: [],
    holds: [],
    foreign: undefined,
    signer: { kind: 'ready', signer: { address: CONTRACT, sign: () => Promise.reject(new Error('no')) } },
    obstacle: undefined,
    problems: [],
    dryRun: false,
    ...changes,
  };
}
