import { epochRewards } from '../../contracts/generated/epoch-rewards.ts';
import { minerRegistry } from '../../contracts/generated/miner-registry.ts';
import { stakeManager } from '../../contracts/generated/stake-manager.ts';
import type { AllowedCall } from '../../signing/allow-list.ts';
import type { NetworkFacts } from '../protocol.ts';
import { addressesOf } from './addresses.ts';
import { erc20 } from './erc20.ts';

const stake = stakeManager.writes;
const registry = minerRegistry.writes;

const stakeCalls = [
  stake.deprovision,
  stake.stake,
  stake.stakeToProvision,
  stake.provision,
  stake.addToProvision,
  stake.setProvisionParameters,
  stake.thaw,
  stake.unstake,
];
const minerCalls = [registry.deregisterMany, registry.registerMany, registry.acceptProvisionParameters];
const rewardCalls = [epochRewards.writes.checkIn, epochRewards.writes.claim, epochRewards.writes.claimMany];

/** Everything that a plan may ever ask for. None of it takes any of the coin along. */
export function allowed(facts: NetworkFacts): readonly AllowedCall[] {
  const at = addressesOf(facts);
  return [
    // Whoever may take tokens from the wallet has them.
    { to: at.token, selector: erc20.writes.approve.selector, firstAddress: at.stakeManager },
    ...stakeCalls.map(({ selector }) => ({ to: at.stakeManager, selector })),
    ...minerCalls.map(({ selector }) => ({ to: at.minerRegistry, selector })),
    ...(at.epochRewards === undefined
      ? []
      : rewardCalls.map(({ selector }) => ({ to: at.epochRewards ?? '', selector }))),
  ];
}
