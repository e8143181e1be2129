import * as z from 'zod';
import { coinAmount, hash, tokenAmount } from '../schema/chain-fields.ts';
import { conditions, count, observedGeneration } from '../schema/fields.ts';

/** The most MinerPools that one account can carry. */
export const MAX_POOLS = 48;

/** Those, and others that are gone, or not understood, while pods of theirs are there. */
export const MAX_POOL_ENTRIES = 64;

/** How many thaw requests are shown. The contracts allow 100 for each account. */
export const MAX_THAWS = 16;

/** The longest list of ordinals, in characters. */
export const MAX_ORDINALS_TEXT = 4096;

const Stake = z.object({
  desired: tokenAmount().describe(
    'What is wanted: of what its pools need, or of the fixed amount, as much as spec.stake.max allows.',
  ),
  provisioned: tokenAmount().describe('What stands behind the miners: staked, and not thawing.'),
  idle: tokenAmount().describe('Staked, but behind nothing: it can be taken out at once.'),
  thawing: tokenAmount().describe('On its way out. A slash can still take it.'),
  required: tokenAmount().describe('What the registered miners need.'),
});

const Slashed = z.object({
  tokens: tokenAmount().describe(
    'What slashes have taken of the stake behind its miners since Headframe looks at the account, from the block on that its scan had reached then; each is counted in a final block.',
  ),
  throughBlock: z
    .int()
    .min(0)
    .describe('The block of the last one that is counted, or the final block from which on they are.'),
});
export type SlashedStatus = z.infer<typeof Slashed>;

const Thaw = z.object({
  tokens: tokenAmount().describe('How much.'),
  dueTime: z.iso.datetime().describe('When it can be taken out.'),
});

const Pool = z.object({
  name: z.string().max(253).describe('The MinerPool.'),
  wanted: count().describe('Replicas that it wants.'),
  allotted: count().describe('Replicas that the stake covers: the pool runs no more.'),
  allotmentId: z
    .string()
    .max(63)
    .exactOptional()
    .describe('Which allotment that is. The pool repeats it in its status once it heeds it.'),
  ceiling: count().describe(
    'So many replicas the pool may still believe that it is allotted: their miners stay registered until the pool heeds less.',
  ),
  requiredPerReplica: tokenAmount().describe('What each replica needs.'),
  registered: z
    .string()
    .max(MAX_ORDINALS_TEXT)
    .describe('Ordinals of the replicas whose miners are registered, such as 0-3,7.'),
  rewardsClaimed: tokenAmount()
    .exactOptional()
    .describe('The pool’s part of status.rewards.claimed, by the size of its miners.'),
});
export type PoolAllotment = z.infer<typeof Pool>;

/** How many claims are remembered that are right and not paid. */
export const MAX_OPEN_CLAIMS = 64;

const PaidBlock = z.object({
  number: z.int().min(0).describe('Its number.'),
  hash: hash().describe('Its hash.'),
});

const OpenClaim = z.object({
  epoch: z.int().min(0).describe('The epoch.'),
  amount: tokenAmount().describe('How much.'),
  shares: z
    .array(
      z.object({
        pool: z.string().max(253).describe('The MinerPool.'),
        milliUnits: z.int().min(0).describe('Size of its miners, in thousandths of a unit.'),
      }),
    )
    .max(MAX_POOL_ENTRIES)
    .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['pool'] })
    .describe('Whose miners were registered when the claim was first seen: by that it is divided.'),
  otherMilliUnits: z
    .int()
    .min(0)
    .describe('Size of the account’s other miners at that time, in thousandths of a unit.'),
  paidBlock: PaidBlock.exactOptional().describe(
    'The block in which it was first seen to be paid: it is counted when that is final, and still part of the chain. Absent: not seen to be paid.',
  ),
});

const Rewards = z.object({
  claimable: tokenAmount().describe('What can be claimed, and is enough to be.'),
  pending: tokenAmount().describe(
    'What is earned and not to be claimed yet: its challenge runs, or there is less than spec.claim.minimum.',
  ),
  claimed: tokenAmount().describe(
    'What was paid of all claims that were seen, each counted in a final block.',
  ),
  unattributed: tokenAmount().describe(
    'The part of claimed that falls to none of status.pools: to miners of others, or to pools that are gone.',
  ),
  open: z
    .array(OpenClaim)
    .max(MAX_OPEN_CLAIMS)
    .default([])
    .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['epoch'] })
    .describe('Claims that are right, and not seen to be paid in a final block.'),
  counted: z.string().max(8192).describe('Epochs whose claims are counted, such as 3-7,9: the newest 256.'),
});
export type RewardsStatus = z.infer<typeof Rewards>;

/** What is observed of an account, as of the last block that was looked at in which something of it changed. Amounts are of the token. */
export const StakeAccountStatus = z.object({
  chainId: z.int().min(1).exactOptional().describe('The chain’s id.'),
  minerTag: z
    .string()
    .max(34)
    .regex(/^0x[0-9a-f]{32}$/)
    .exactOptional()
    .describe('What the ids of the account’s miners begin with: others on the same account are left alone.'),
  stake: Stake.exactOptional().describe('The stake.'),
  thaws: z
    .array(Thaw)
    .max(MAX_THAWS)
    .default([])
    .meta({ 'x-kubernetes-list-type': 'atomic' })
    .describe('Stake on its way out, the next due first.'),
  slashed: Slashed.exactOptional().describe('What slashes have taken. Absent: not looked for yet.'),
  wallet: z
    .object({
      tokens: tokenAmount().describe('Tokens that the account holds and has not staked.'),
      coin: coinAmount().describe('What it has for gas, in the coin of the chain.'),
    })
    .exactOptional()
    .describe('What the account holds itself.'),
  miners: z
    .object({
      registered: count().describe('Miners of the account’s pools that are registered on chain.'),
      foreign: count().describe('Other miners of the same account on chain: Headframe leaves them alone.'),
    })
    .exactOptional()
    .describe('The miners on chain.'),
  rewards: Rewards.exactOptional().describe('What the account has earned. Absent: not known yet.'),
  checkedInEpoch: z.int().min(0).exactOptional().describe('The last epoch whose duty is seen to be done.'),
  nextDuty: z
    .object({
      kind: z.string().max(63).describe('What is to be done, such as CheckIn.'),
      dueTime: z.iso.datetime().describe('By when.'),
    })
    .exactOptional()
    .describe('The next duty that is not done.'),
  openTransactions: count().describe('Transactions of the account whose outcome is not known yet.'),
  pools: z
    .array(Pool)
    .max(MAX_POOLS)
    .default([])
    .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] })
    .describe('What the account’s pools get. MinerPools run as many replicas as this says.'),
  observedGeneration: observedGeneration(),
  conditions: conditions(
    'Ready (all that is wanted is so on chain), StakeSufficient (the stake covers every replica of its pools), SignerReady (with the mode Manage: it can sign), DutiesDone (no duty is late), RewardsKnown (where the network has rewards: what it has earned can be read), Reconciling and Stalled (only while true)',
  ),
});
export type StakeAccountStatus = z.infer<typeof StakeAccountStatus>;
