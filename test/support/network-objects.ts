import type { StakeAccount } from '../../src/api/stake-account.ts';
import { StakeAccountSpec } from '../../src/api/stake-account/spec.ts';
import type { StakingNetwork } from '../../src/api/staking-network.ts';
import { StakingNetworkSpec } from '../../src/api/staking-network/spec.ts';
import { tokenUnits } from '../../src/chain/amounts/amount.ts';
import type { NetworkFacts } from '../../src/chain/protocols/protocol.ts';

export const REGISTRY = `0x${'ab'.repeat(20)}`;

/** A StakingNetwork `net` as the API server has it, defaults filled in. */
export function stakingNetwork(
  spec: object = {},
  metadata: Partial<StakingNetwork['metadata']> = {},
): StakingNetwork {
  return {
    apiVersion: 'headframe.dev/v1alpha1',
    kind: 'StakingNetwork',
    metadata: {
      name: 'net',
      uid: 'uid-of-net',
      resourceVersion: '1',
      generation: 1,
      creationTimestamp: '2026-01-01T00:00:00Z',
      ...metadata,
    },
    spec: StakingNetworkSpec.parse({
      chainId: 31337,
      endpoints: [{ name: 'node', url: 'http://127.0.0.1:8545' }],
      protocol: { headframe: { minerRegistry: REGISTRY } },
      ...spec,
    }),
  };
}

/** A StakeAccount that is only watched. */
export function stakeAccount(name: string, address: string, network = 'net'): StakeAccount {
  return {
    apiVersion: 'headframe.dev/v1alpha1',
    kind: 'StakeAccount',
    metadata: {
      name,
      namespace: 'default',
      uid: `uid-of-${name}`,
      resourceVersion: '1',
      generation: 1,
      creationTimestamp: '2026-01-01T00:00:00Z',
    },
    spec: StakeAccountSpec.parse({ networkRef: { name: network }, address }),
  };
}

/** What a network may say of itself. */
export function networkFacts(facts: Partial<NetworkFacts> = {}): NetworkFacts {
  return {
    token: { address: REGISTRY, symbol: 'TST', decimals: 18 },
    terms: {
      stakePerMiner: tokenUnits(10n ** 18n),
      stakePerUnit: tokenUnits(25n * 10n ** 17n),
      thawingSeconds: 3600,
      maxVerifierCutPpm: 100_000,
    },
    epoch: undefined,
    paused: [],
    contracts: { MinerRegistry: REGISTRY },
    ...facts,
  };
}
