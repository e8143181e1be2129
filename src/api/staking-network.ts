import { GROUP, VERSION } from './group.ts';
import type { KubeObject, ResourceType } from './kube-object.ts';
import type { KindDefinition } from './schema/kind.ts';
import { StakingNetworkSpec } from './staking-network/spec.ts';
import { StakingNetworkStatus } from './staking-network/status.ts';

/** A chain, and a protocol of staking on it. */
export interface StakingNetwork extends KubeObject {
  spec: StakingNetworkSpec;
  status?: StakingNetworkStatus;
}

export const StakingNetworks: ResourceType<StakingNetwork> = {
  group: GROUP,
  version: VERSION,
  kind: 'StakingNetwork',
  plural: 'stakingnetworks',
  namespaced: false,
};

const ready = '.status.conditions[?(@.type=="Ready")]';

export const stakingNetworkKind: KindDefinition = {
  type: StakingNetworks,
  singular: 'stakingnetwork',
  shortNames: ['snet'],
  description:
    'StakingNetwork is a chain and a protocol of staking on it: where its nodes are, where its contracts are, and what gas may cost. StakeAccounts name it.',
  spec: StakingNetworkSpec,
  status: StakingNetworkStatus,
  rules: [
    {
      rule: 'size(self.metadata.name) <= 63',
      message: 'must have at most 63 characters: the names of networks are labels of metrics',
      fieldPath: '.metadata.name',
    },
  ],
  columns: [
    { name: 'Ready', type: 'string', jsonPath: `${ready}.status`, description: 'Whether it can be used.' },
    { name: 'Chain', type: 'integer', jsonPath: '.spec.chainId', description: 'The chain’s id.' },
    { name: 'Token', type: 'string', jsonPath: '.status.token.symbol', description: 'What is staked.' },
    { name: 'Epoch', type: 'integer', jsonPath: '.status.epoch.number', description: 'The present epoch.' },
    {
      name: 'Reason',
      type: 'string',
      jsonPath: `${ready}.reason`,
      description: 'Why it can be used or not.',
    },
    {
      name: 'Age',
      type: 'date',
      jsonPath: '.metadata.creationTimestamp',
      description: 'Time since the network was created.',
    },
  ],
};
