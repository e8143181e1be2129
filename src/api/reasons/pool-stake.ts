import type { ReasonText } from './reason-text.ts';

/** Reasons of MinerPools that need stake. */
export const poolStakeReasons = {
  StakeSufficient: {
    kinds: ['MinerPool', 'StakeAccount'],
    where: ['condition', 'event'],
    meaning: 'The stake covers every replica; of a MinerPool also: each has a registered miner.',
    remedy: '',
  },
  StakeInsufficient: {
    kinds: ['MinerPool', 'StakeAccount'],
    where: ['condition', 'event'],
    meaning:
      'The stake covers fewer replicas than are wanted. Those that it covers run; the others are made when more is staked.',
    remedy:
      'Read the Ready condition of the StakeAccount: raise its spec.stake.max, fund the account, or scale the pool down. After a slash the pool shrinks to what is left.',
  },
  AwaitingStake: {
    kinds: ['MinerPool'],
    where: ['condition'],
    meaning: 'The StakeAccount has not said yet how many replicas its stake covers.',
    remedy: 'Wait; if it lasts, look at the conditions of the StakeAccount.',
  },
  AccountMissing: {
    kinds: ['MinerPool'],
    where: ['condition', 'event'],
    meaning:
      'There is no StakeAccount of the name that spec.stake.accountRef has. Pods that run stay; no other is made.',
    remedy: 'Create the StakeAccount in the namespace of the pool.',
  },
  MinersUnregistered: {
    kinds: ['MinerPool'],
    where: ['condition', 'event'],
    meaning:
      'The stake covers every replica, but not all of their miners are registered on chain. Pods that run stay; one is made once its miner is registered.',
    remedy: 'Wait; if it lasts, look at the conditions of the StakeAccount.',
  },
} as const satisfies Record<string, ReasonText>;
