import * as z from 'zod';
import { address, coinAmount, gwei } from '../schema/chain-fields.ts';
import { celRules } from '../schema/kind.ts';
import { Endpoint } from './endpoint.ts';
import { Prices } from './prices.ts';
import { Rewards } from './rewards.ts';

/** Where Multicall3 is on nearly every chain (github.com/mds1/multicall3). */
const MULTICALL3 = '0xcA11bde05977b3631167028862bE2a173976CA11';

const Protocol = z.object({
  type: z
    .enum(['Headframe'])
    .default('Headframe')
    .describe('Which rules of staking the contracts follow. Headframe: the reference contracts.'),
  headframe: z
    .object({
      minerRegistry: address().describe('The MinerRegistry. StakeManager and token are read from it.'),
      epochRewards: address()
        .exactOptional()
        .describe('The EpochRewards of that registry. Absent: there are no check-ins and no rewards.'),
    })
    .exactOptional()
    .describe('Where the reference contracts are.'),
});

const Fees = z
  .object({
    targetFeeGwei: gwei()
      .default('50')
      .describe('What a unit of gas may cost without hesitation, in gwei (10^-9 of the coin).'),
    maxFeeGwei: gwei()
      .default('200')
      .describe(
        'What a unit of gas never costs more than, in gwei. Between the target and this only duties are paid for, and the more the nearer their end is.',
      ),
    maxPriorityFeeGwei: gwei().default('10').describe('The highest tip, in gwei per unit of gas.'),
    minPriorityFeeGwei: gwei()
      .default('0.01')
      .describe('The least tip that is offered, in gwei per unit of gas: nodes forget what offers less.'),
    maxTransactionCost: coinAmount()
      .default('0.1')
      .describe('The most that one transaction may cost in the worst case, in the coin of the chain.'),
  })
  .prefault({});

const Finality = z
  .object({
    type: z
      .enum(['Tag', 'Depth'])
      .default('Tag')
      .describe(
        'When a block stays for ever. Tag: when the chain calls it finalized. Depth: when so many blocks are on it.',
      ),
    depth: z
      .int32()
      .min(1)
      .max(10_000)
      .default(64)
      .describe('With the type Depth: how many blocks, its own included.'),
  })
  .prefault({});

/** What is wanted of a network. Defaults are filled in by the API server, so a spec that is read has them. */
export const StakingNetworkSpec = z.object({
  chainId: z
    .int()
    .min(1)
    .max(4_503_599_627_370_476)
    .meta(celRules({ rule: 'self == oldSelf', message: 'may not change: make another StakingNetwork' }))
    .describe('The chain’s id (EIP-155). Endpoints that serve another chain are not used.'),
  endpoints: z
    .array(Endpoint)
    .min(1)
    .max(8)
    .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] })
    .describe(
      'JSON-RPC endpoints of the chain, the preferred first. Transactions go to all; state is read from one that keeps up with the chain.',
    ),
  protocol: Protocol.meta(
    celRules(
      {
        rule: "self.type != 'Headframe' || has(self.headframe)",
        message: 'must set headframe when type is Headframe',
      },
      {
        rule: 'self == oldSelf',
        message:
          'may not change: stake, epochs and rewards are of these contracts; make another StakingNetwork',
      },
    ),
  ).describe('What stake is on this network.'),
  multicall3: address()
    .default(MULTICALL3)
    .describe('The Multicall3 contract, by which many accounts are read in one call.'),
  pollSeconds: z
    .int32()
    .min(1)
    .max(3600)
    .default(12)
    .describe('How often the chain is looked at, in seconds. A block’s time is a good choice.'),
  maxHeadAgeSeconds: z
    .int32()
    .min(1)
    .max(86_400)
    .default(300)
    .describe(
      'A latest block that is older means that the nodes do not follow the chain, or that it stands still.',
    ),
  confirmations: z
    .int32()
    .min(1)
    .max(1000)
    .default(3)
    .describe('How many blocks, its own included, make an inclusion worth writing down.'),
  finality: Finality.describe('When what happened on chain is taken to be so for ever.'),
  fees: Fees.describe('What gas may cost on this network.'),
  prices: Prices.exactOptional().describe(
    'Where prices come from. Absent: what is earned is told in tokens only, and claims heed their minimum only.',
  ),
  rewards: Rewards.exactOptional().describe(
    'Where proofs of rewards are. Absent: rewards are neither shown nor claimed.',
  ),
});
export type StakingNetworkSpec = z.infer<typeof StakingNetworkSpec>;
