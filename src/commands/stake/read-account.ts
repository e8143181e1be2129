import { Pods } from '../../api/builtin.ts';
import { labels } from '../../api/group.ts';
import { keyOf } from '../../api/kube-object.ts';
import { type MinerPool, MinerPools } from '../../api/miner-pool.ts';
import { type StakeAccount, StakeAccounts } from '../../api/stake-account.ts';
import { type StakingNetwork, StakingNetworks } from '../../api/staking-network.ts';
import type { Entry } from '../../chain/engine/entry.ts';
import { readClusterUid } from '../../controllers/fleet/cluster-view.ts';
import type { PodSight } from '../../controllers/stakeaccount/grounds.ts';
import { kubeOutbox } from '../../controllers/stakeaccount/outbox.ts';
import { rivalOf } from '../../controllers/stakeaccount/rivals.ts';
import { tagOf } from '../../controllers/stakeaccount/tag.ts';
import type { KubeClient } from '../../kube/client.ts';
import { isForbidden, isNotFound } from '../../kube/errors.ts';
import type { ClusterAccess } from '../cluster-access.ts';
import { ExitError } from '../exit-error.ts';

/** What the cluster knows of an account. Nothing of it is a key. */
export interface AccountObjects {
  readonly account: StakeAccount;
  readonly network: StakingNetwork;
  /** Of its namespace. */
  readonly pools: readonly MinerPool[];
  /** Its transactions on the chain of the network. */
  readonly entries: readonly Entry[];
  /** What the ids of its miners begin with. */
  readonly tag: string;
  /** Pods of pools of its namespace. */
  readonly pods: PodSight;
  /** `namespace/name` of an older StakeAccount that manages the same account on chain. */
  readonly rival: string | undefined;
}

/** @throws ExitError of code 2 when account or network is not there; ApiError */
export async function readAccount(name: string, access: ClusterAccess): Promise<AccountObjects> {
  const { client, namespace } = access;
  const account = await accountNamed(name, access);
  const { items: networks } = await client.list(StakingNetworks);
  const chainOf = ({ spec }: Pick<StakeAccount, 'spec'>): StakingNetwork | undefined =>
    networks.find(({ metadata }) => metadata.name === spec.networkRef.name);
  const network = chainOf(account);
  if (network === undefined) {
    const others = networks.map(({ metadata }) => metadata.name).join(', ');
    throw new ExitError(
      `there is no StakingNetwork '${account.spec.networkRef.name}', which StakeAccount ${namespace}/${name} is on; there ${others === '' ? 'is none' : `are: ${others}`}`,
      2,
    );
  }
  const { items: pools } = await client.list(MinerPools, { namespace });
  const [entries, tag, pods, accounts] = await Promise.all([
    entriesOf(client, account, network),
    tagOf(account, () => homeUid(client)),
    podsOf(client, account, pools),
    accountsBeside(client, namespace),
  ]);
  const rival = rivalOf(account, accounts, (other) => chainOf(other)?.spec.chainId);
  return { account, network, pools, entries, tag, pods, rival: rival && keyOf(rival) };
}

async function accountNamed(
  name: string,
  { client, namespace, missing }: ClusterAccess,
): Promise<StakeAccount> {
  try {
    return await client.get(StakeAccounts, { namespace, name });
  } catch (error) {
    if (!isNotFound(error)) {
      throw error;
    }
    throw await missing(
      `there is no StakeAccount '${name}' in namespace '${namespace}'; name another with --namespace, or see kubectl get stakeaccounts --all-namespaces`,
    );
  }
}

/** As the operator lists them. Nothing is written by it. */
function entriesOf(
  client: KubeClient,
  { metadata, spec }: StakeAccount,
  network: StakingNetwork,
): Promise<readonly Entry[]> {
  const { namespace = '', name } = metadata;
  const outbox = kubeOutbox(client, {
    namespace,
    account: name,
    chainId: network.spec.chainId,
    address: spec.address,
  });
  return outbox.reload();
}

/** Undefined for users who may not see it: then the ids of new miners differ from those that the operator gives. */
async function homeUid(client: KubeClient): Promise<string | undefined> {
  return readClusterUid(client).catch((error: unknown) => {
    if (isForbidden(error)) {
      return undefined;
    }
    throw error;
  });
}

/** Only an account with pools may have to wait for pods of one that is gone. */
async function podsOf(
  client: KubeClient,
  { metadata, status }: StakeAccount,
  pools: readonly MinerPool[],
): Promise<PodSight> {
  const { namespace = '' } = metadata;
  const { items } =
    (status?.pools ?? []).length === 0
      ? { items: [] }
      : await client.list(Pods, { namespace, labelSelector: labels.pool });
  const byKey = new Map<string, MinerPool>(pools.map((pool) => [keyOf(pool), pool]));
  return {
    caches: {
      pods: { store: { list: () => items } },
      pools: { store: { get: (key) => byKey.get(key), list: () => pools } },
    },
  };
}

/** All that the user may see. */
async function accountsBeside(client: KubeClient, namespace: string): Promise<readonly StakeAccount[]> {
  const all = client.list(StakeAccounts).catch((error: unknown) => {
    if (isForbidden(error)) {
      return client.list(StakeAccounts, { namespace });
    }
    throw error;
  });
  return (await all).items;
}
