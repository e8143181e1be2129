import { type Secret, Secrets } from '../../api/builtin.ts';
import { API_VERSION } from '../../api/group.ts';
import type { Manifest } from '../../api/kube-object.ts';
import { StakeAccounts } from '../../api/stake-account.ts';
import { StakingNetworks } from '../../api/staking-network.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { DemoChain } from './chain.ts';
import { deleteIfThere } from './delete-if-there.ts';
import { type Sample, readSamples } from './samples.ts';

/** The pool with stake, as its sample names it. */
export const STAKED_POOL = { namespace: 'default', name: 'staked' } as const;

/** The account that the sample of the pool names. */
export const STAKE_ACCOUNT = { namespace: 'default', name: 'devnet-miners' } as const;

const NETWORK = 'devnet';
const KEY_SECRET = { namespace: STAKE_ACCOUNT.namespace, name: 'devnet-miners-key' } as const;

/** Six replicas' worth, and the demo's hint asks for nine. */
const MAX_STAKE_TOKENS = '600';

/** The network, the account and the pool that is staked for. The chain's URL and the contracts' addresses are known only now. */
export async function stakeSamples(
  { chain, at, provider }: DemoChain,
  proofsUrl: string,
): Promise<readonly Sample[]> {
  const network = {
    apiVersion: API_VERSION,
    kind: StakingNetworks.kind,
    metadata: { name: NETWORK },
    spec: {
      chainId: chain.chainId,
      endpoints: [{ name: 'anvil', url: chain.url }],
      protocol: { headframe: { minerRegistry: at.minerRegistry, epochRewards: at.epochRewards } },
      pollSeconds: 1,
      confirmations: 1,
      fees: { maxTransactionCost: '1' },
      rewards: { proofsUrl },
    },
  };
  const account = {
    apiVersion: API_VERSION,
    kind: StakeAccounts.kind,
    metadata: STAKE_ACCOUNT,
    spec: {
      networkRef: { name: NETWORK },
      address: provider.address,
      mode: 'Manage',
      signer: { type: 'PlainKey', plainKey: { keyFrom: { name: KEY_SECRET.name, key: 'key' } } },
      stake: { max: MAX_STAKE_TOKENS },
      // An epoch of ten seconds is many duties a day.
      spendCap: { perDay: '10', reservedForDuties: '1' },
    },
  };
  return [
    { type: StakingNetworks, manifest: network },
    { type: StakeAccounts, manifest: account },
    ...(await readSamples(['miner-pool-staked.yaml'])),
  ];
}

/** Creates the Secret with which the account signs. It is no sample: its content would stand in an annotation. */
export async function createKeySecret(client: KubeClient, { provider }: DemoChain): Promise<void> {
  const secret: Manifest<Secret> = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: KEY_SECRET,
    data: { key: Buffer.from(provider.key).toString('base64') },
  };
  await client.create(Secrets, secret);
}

/** Deletes that Secret. */
export function deleteKeySecret(client: KubeClient): Promise<void> {
  return deleteIfThere(client, Secrets, KEY_SECRET);
}
