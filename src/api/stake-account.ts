import { GROUP, VERSION } from './group.ts';
import type { KubeObject, ResourceType } from './kube-object.ts';
import type { KindDefinition } from './schema/kind.ts';
import { StakeAccountSpec } from './stake-account/spec.ts';
import { StakeAccountStatus } from './stake-account/status.ts';

/** One account on a staking network. */
export interface StakeAccount extends KubeObject {
  spec: StakeAccountSpec;
  status?: StakeAccountStatus;
}

export const StakeAccounts: ResourceType<StakeAccount> = {
  group: GROUP,
  version: VERSION,
  kind: 'StakeAccount',
  plural: 'stakeaccounts',
  namespaced: true,
};

const ready = '.status.conditions[?(@.type=="Ready")]';

export const stakeAccountKind: KindDefinition = {
  type: StakeAccounts,
  singular: 'stakeaccount',
  shortNames: ['stk'],
  description:
    'StakeAccount is one account on a staking network: who signs for it, how much it may stake and spend. MinerPools that name it run as many replicas as its stake covers, each with a registered miner.',
  spec: StakeAccountSpec,
  status: StakeAccountStatus,
  rules: [],
  columns: [
    {
      name: 'Ready',
      type: 'string',
      jsonPath: `${ready}.status`,
      description: 'Whether all that is wanted is so on chain.',
    },
    { name: 'Network', type: 'string', jsonPath: '.spec.networkRef.name', description: 'The network.' },
    {
      name: 'Mode',
      type: 'string',
      jsonPath: '.spec.mode',
      description: 'Whether it is managed.',
      priority: 1,
    },
    {
      name: 'Provisioned',
      type: 'string',
      jsonPath: '.status.stake.provisioned',
      description: 'The stake behind its miners.',
    },
    {
      name: 'Desired',
      type: 'string',
      jsonPath: '.status.stake.desired',
      description: 'The stake that is wanted.',
    },
    {
      name: 'Miners',
      type: 'integer',
      jsonPath: '.status.miners.registered',
      description: 'Miners that are registered.',
    },
    {
      name: 'Rewards',
      type: 'string',
      jsonPath: '.status.rewards.claimed',
      description: 'What it was paid for its miners’ work.',
    },
    { name: 'Reason', type: 'string', jsonPath: `${ready}.reason`, description: 'Why it is ready or not.' },
    {
      name: 'Address',
      type: 'string',
      jsonPath: '.spec.address',
      description: 'The account on chain.',
      priority: 1,
    },
    {
      name: 'Thawing',
      type: 'string',
      jsonPath: '.status.stake.thawing',
      description: 'Stake on its way out.',
      priority: 1,
    },
    {
      name: 'Open',
      type: 'integer',
      jsonPath: '.status.openTransactions',
      description: 'Transactions that are under way.',
      priority: 1,
    },
    {
      name: 'Age',
      type: 'date',
      jsonPath: '.metadata.creationTimestamp',
      description: 'Time since the account was created.',
    },
  ],
};
