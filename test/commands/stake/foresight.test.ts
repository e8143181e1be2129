import assert from 'node:assert/strict';
import { headframeProtocol } from '../../../src/chain/protocols/headframe/headframe-protocol.ts';
import type { AccountState, Desired, Miner } from '../../../src/chain/protocols/protocol.ts';
import { effectText } from '../../../src/commands/stake/effect.ts';
import { foresight } from '../../../src/commands/stake/foresight.ts';
import type { Picture } from '../../../src/controllers/stakeaccount/work.ts';
import {
  NOON,
  REGISTRY,
  account,
  desired,
  facts,
  minerId,
  minersFrom,
} from '../../chain/protocols/headframe/situations.ts';

const protocol = headframeProtocol({ minerRegistry: REGISTRY, multicall3: REGISTRY });
const token = { symbol: 'HFT', decimals: 0 };

/** `now|then KIND: what it does` of each step, given what is wanted of an account with some miners. */
function stepsOf(
  state: AccountState,
  miners: readonly Miner[],
  want: (miners: readonly Miner[]) => Desired,
): readonly string[] {
  const draw = (now: AccountState, there: readonly Miner[]): Picture =>
    ({
      state: now,
      miners: there,
      goal: {},
      plan: protocol.plan(facts(), now, want(there), NOON),
    }) as unknown as Picture;
  const { steps } = foresight({ protocol, facts: facts() }, draw, { state, miners }, NOON);
  return steps.map((step) => `${step.isNow ? 'now' : 'then'} ${step.move.kind}: ${effectText(step, token)}`);
}

/** Adds those that are not there. */
const adding =
  (wanted: readonly Miner[], changes: Parameters<typeof desired>[0]) =>
  (there: readonly Miner[]): Desired =>
    desired({
      ...changes,
      register: wanted.filter(({ id }) => !there.some((miner) => miner.id === id)),
    });

describe('commands/stake foresight', () => {
  it('goes from an empty account to miners', () => {
    const state = account({ hasProvision: false, walletTokens: 500n });
    assert.deepEqual(stepsOf(state, [], adding(minersFrom(1, 2), { provisioned: 220n, checksIn: true })), [
      'now Approve: the contract may take 220 HFT from the wallet',
      'then Stake: 220 HFT from the wallet to idle stake',
      'then Provision: 220 HFT from idle stake to the stake behind miners',
      'then RegisterMiners: 2 miners',
      'then CheckIn: epoch 7',
    ]);
  });

  it('takes out what has thawed before it asks the wallet', () => {
    const state = account({ walletTokens: 500n, allowance: 500n, thaws: [[100n, -1]] });
    assert.deepEqual(stepsOf(state, [], adding([], { provisioned: 150n })), [
      'now Deprovision: 100 HFT from thawing stake to idle stake',
      'then AddToProvision: 100 HFT from idle stake to the stake behind miners',
      'then StakeToProvision: 50 HFT from the wallet to the stake behind miners',
    ]);
  });

  it('takes off miners, and thaws what they leave', () => {
    const state = account({ miners: 1, milliUnits: 1000, provisioned: 110n });
    const want = (there: readonly Miner[]): Desired =>
      desired({ releasesSurplus: true, deregister: there.map(({ id }) => id) });
    assert.deepEqual(stepsOf(state, [{ id: minerId(1), milliUnits: 1000 }], want), [
      'now DeregisterMiners: 1 miner',
      'then Thaw: 110 HFT from the stake behind miners to thawing stake',
    ]);
  });

  it('has the terms of the network taken on, before miners are added', () => {
    const state = account({ provisioned: 110n, outdatedTerms: 'Unstaged' });
    assert.deepEqual(stepsOf(state, [], adding(minersFrom(1, 1), { provisioned: 110n })), [
      'now StageTerms: 100000 ppm, 86400 s',
      'then AcceptTerms: 100000 ppm, 86400 s',
      'then RegisterMiners: 1 miner',
    ]);
  });

  it('has nothing to do where all is well', () => {
    assert.deepEqual(stepsOf(account(), [], adding([], {})), []);
  });
});
