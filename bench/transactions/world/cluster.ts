import { Secrets } from '../../../src/api/builtin.ts';
import { API_VERSION } from '../../../src/api/group.ts';
import { type StakeAccount, StakeAccounts } from '../../../src/api/stake-account.ts';
import { StakeAccountSpec } from '../../../src/api/stake-account/spec.ts';
import { StakingNetworks } from '../../../src/api/staking-network.ts';
import { StakingNetworkSpec } from '../../../src/api/staking-network/spec.ts';
import { installCrds } from '../../../src/commands/demo/install-crds.ts';
import { ensureAssets } from '../../../src/devcluster/control-plane/assets.ts';
import { startControlPlane } from '../../../src/devcluster/control-plane/control-plane.ts';
import { startEmbeddedControlPlane } from '../../../src/devcluster/embedded-control-plane.ts';
import { type KubeClient, kubeClient } from '../../../src/kube/client.ts';
import { loadConnection } from '../../../src/kube/kubeconfig.ts';
import { createTransport } from '../../../src/kube/transport.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { systemClock } from '../../../src/time/clock.ts';
import { inParallel } from '../../world/in-parallel.ts';
import type { BenchChain } from './chain.ts';

/** Which API server: one in the process of the bench, or kube-apiserver with etcd. */
export type ControlPlaneKind = 'embedded' | 'real';

export const controlPlaneKinds: readonly ControlPlaneKind[] = ['embedded', 'real'];

/** Where all objects of the bench are. */
export const NAMESPACE = 'default';

const NETWORK = 'bench';

/** An API server with our kinds. */
export interface BenchCluster {
  readonly kubeconfig: string;
  readonly client: KubeClient;
  stop(): Promise<void>;
}

export async function startBenchCluster(kind: ControlPlaneKind): Promise<BenchCluster> {
  const plane =
    kind === 'real'
      ? await startControlPlane({ assets: await ensureAssets() })
      : await startEmbeddedControlPlane({ log: silentLogger });
  const transport = createTransport(await loadConnection({ kubeconfig: plane.kubeconfig }), {
    clock: systemClock,
  });
  const client = kubeClient(transport);
  const stop = async (): Promise<void> => {
    transport.close();
    await plane.stop();
  };
  try {
    await installCrds(client, systemClock);
    return { kubeconfig: plane.kubeconfig, client, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The network of a chain, with the defaults but for how often it is looked at and how much a transaction may cost. */
export async function createNetwork({ client }: BenchCluster, { chain, at }: BenchChain): Promise<void> {
  await client.create(StakingNetworks, {
    apiVersion: API_VERSION,
    kind: 'StakingNetwork',
    metadata: { name: NETWORK },
    spec: StakingNetworkSpec.parse({
      chainId: chain.chainId,
      endpoints: [{ name: 'anvil', url: chain.url }],
      protocol: { headframe: { minerRegistry: at.minerRegistry, epochRewards: at.epochRewards } },
      pollSeconds: 1,
      fees: { maxTransactionCost: '1' },
    }),
  });
}

/** Accounts that send. Their caps are no limit here. */
export async function createPayers({ client }: BenchCluster, { payers }: BenchChain): Promise<void> {
  await inParallel(payers, 16, async ({ name, address, key }) => {
    await client.create(Secrets, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { namespace: NAMESPACE, name },
      data: { key: Buffer.from(key).toString('base64') },
    });
    await createAccount(client, name, {
      address,
      mode: 'Manage',
      signer: { type: 'PlainKey', plainKey: { keyFrom: { name, key: 'key' } } },
      spendCap: { perDay: '5000', reservedForDuties: '1' },
    });
  });
}

/** Accounts that are only watched, from the `from`-th to before the `to`-th. */
export async function createObserved({ client }: BenchCluster, from: number, to: number): Promise<void> {
  const numbers = Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
  await inParallel(numbers, 16, (number) =>
    createAccount(client, `observed-${number}`, {
      address: `0x${(number + 1).toString(16).padStart(40, 'a')}`,
    }),
  );
}

async function createAccount(
  client: KubeClient,
  name: string,
  spec: Record<string, unknown>,
): Promise<StakeAccount> {
  return client.create(StakeAccounts, {
    apiVersion: API_VERSION,
    kind: 'StakeAccount',
    metadata: { namespace: NAMESPACE, name },
    spec: StakeAccountSpec.parse({ networkRef: { name: NETWORK }, ...spec }),
  });
}
