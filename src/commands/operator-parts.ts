import type { Registry } from 'prom-client';
import { ControllerRevisions } from '../api/builtin.ts';
import { ChainTransactions } from '../api/chain-transaction.ts';
import { ComputeClusters } from '../api/compute-cluster.ts';
import { MANAGER, labels } from '../api/group.ts';
import type { KubeObject } from '../api/kube-object.ts';
import { MinerPools } from '../api/miner-pool.ts';
import { StakeAccounts } from '../api/stake-account.ts';
import { StakingNetworks } from '../api/staking-network.ts';
import { rpcMetrics } from '../chain/rpc/metrics.ts';
import { createExpectations } from '../controller/expectations.ts';
import { inFlightShare } from '../controller/in-flight-share.ts';
import { createOwnWrites } from '../controller/own-writes.ts';
import { createPace } from '../controller/pace.ts';
import { createManager, type Manager } from '../controller/manager.ts';
import { controllerMetrics } from '../controller/metrics.ts';
import {
  BY_ACCOUNT,
  BY_OWNER,
  type StakeCaches,
  accountIndexes,
  accountKeyOf,
  ownerIndex,
} from '../controllers/caches.ts';
import { clusterMetrics } from '../controllers/computecluster/metrics.ts';
import { computeClusterController } from '../controllers/computecluster/controller.ts';
import type { SecretPace } from '../controllers/fleet/member.ts';
import { createFleet } from '../controllers/fleet/fleet.ts';
import { createKnownClusters } from '../controllers/fleet/known-clusters.ts';
import { createLocalCluster } from '../controllers/fleet/local-cluster.ts';
import { secretPace } from '../controllers/fleet/members.ts';
import { createInventoryCaches } from '../controllers/fleet/inventory-caches.ts';
import { type NetworksParts, createNetworks } from '../controllers/networks/networks.ts';
import { protocolFor } from '../controllers/networks/protocol-for.ts';
import { createPriceBoard } from '../controllers/prices/price-board.ts';
import { priceReader } from '../controllers/prices/price-source.ts';
import { createProofSource } from '../controllers/rewards/proof-source.ts';
import { createRewardBoard } from '../controllers/rewards/reward-board.ts';
import { createSlashBoard } from '../controllers/slashes/slash-board.ts';
import { poolRewardMetrics } from '../controllers/chain-metrics/pool-metrics.ts';
import { priceMetrics } from '../controllers/chain-metrics/price-metrics.ts';
import { accountMetrics } from '../controllers/chain-metrics/account-metrics.ts';
import { createTransactionCounts } from '../controllers/chain-metrics/transaction-counts.ts';
import { stakeAccountController } from '../controllers/stakeaccount/controller.ts';
import { stakingNetworkController } from '../controllers/stakingnetwork/controller.ts';
import { networkMetrics } from '../controllers/stakingnetwork/metrics.ts';
import { clusterUsageMetrics } from '../controllers/usage/cluster-metrics.ts';
import { usageController } from '../controllers/usage/controller.ts';
import { registerLive } from '../controllers/usage/live-metrics.ts';
import { poolUsageMetrics } from '../controllers/usage/pool-metrics.ts';
import { createUsage } from '../controllers/usage/usage.ts';
import { lastLook } from '../controllers/usage/look.ts';
import { createAssumed } from '../controllers/minerpool/assumed.ts';
import { createRefusingClusters } from '../controllers/minerpool/refusing-clusters.ts';
import { minerPoolController } from '../controllers/minerpool/controller.ts';
import { type KubeClient, kubeClient } from '../kube/client.ts';
import { createEventRecorder } from '../kube/event-recorder.ts';
import { fencedClient } from '../kube/fenced-client.ts';
import { createInformer, type Informer, type InformerOptions } from '../kube/informer.ts';
import { createLeaderElector, newIdentity } from '../kube/leader-elector.ts';
import { type KubeMetrics } from '../kube/metrics.ts';
import { createRecovery } from '../kube/recovery.ts';
import type { Transport } from '../kube/transport.ts';
import type { Logger } from '../telemetry/logger.ts';
import { systemClock } from '../time/clock.ts';

/** A minute of measurements is what a kill may cost. */
const CHECKPOINT_SECONDS = 60;

/** How long the last events may take to get out when the operator stops, in milliseconds. */
const FLUSH_MS = 2000;

/**
 * Creations and deletions of pods under way at the same time, of a pool that writes alone and of several together. More would make pods
 * sooner that run later, on a small API server, and let whoever comes second wait (docs/adr/0011).
 */
export const PODS_IN_FLIGHT = { alone: 96, shared: 48 };

/** What an operator is built from. */
export interface OperatorParts {
  readonly transport: Transport;
  readonly kubeMetrics: KubeMetrics;
  readonly registry: Registry;
  readonly log: Logger;
  /** Undefined: no leader election. */
  readonly lease: { readonly namespace: string; readonly name: string } | undefined;
  readonly drainTimeoutSeconds: number;
  /** Seconds between two writes of what GPU time has been counted, at least. @default 60 */
  readonly usageCheckpointSeconds?: number;
  /** How often Secrets with kubeconfigs, and with URLs and tokens of chain endpoints, are looked at. @default every minute, and every 5 s while one does not serve */
  readonly secretPace?: SecretPace;
  /** Signs and sends nothing on chain; says what it would send. @default false */
  readonly dryRun?: boolean;
  /** Commands that kubeconfigs in Secrets may name as credential plugins. @default none */
  readonly credentialPlugins?: readonly string[];
  /** The rules of a StakingNetwork's contracts. @default by the type that its spec names */
  readonly protocolFor?: NetworksParts['protocolFor'];
}

/** Puts the operator together: caches, controllers, lease. Nothing runs yet. */
export function createOperator(parts: OperatorParts): Manager {
  const { transport, registry, log, lease, drainTimeoutSeconds } = parts;
  const clock = systemClock;
  const identity = newIdentity();
  const elector =
    lease === undefined
      ? undefined
      : createLeaderElector({
          client: kubeClient(transport, { lane: 'leases' }),
          lease,
          identity,
          clock,
          log,
        });
  const leads = (): boolean => elector?.isLeader() ?? true;
  const fence = (unfenced: KubeClient): KubeClient => fencedClient(unfenced, leads);
  const client = fence(kubeClient(transport));
  const events = createEventRecorder({ client, component: MANAGER, instance: identity, clock, log });
  const caches = createCaches(parts);
  const { namespace } = transport.connection;
  const fleet = createFleet(
    createLocalCluster(client, caches, clock),
    {
      client,
      namespace,
      pace: parts.secretPace ?? secretPace,
      plugins: parts.credentialPlugins ?? [],
      clock,
      log,
      metrics: parts.kubeMetrics,
      fence,
    },
    { clusters: caches.clusters.store, pools: caches.pools.store },
  );
  const usage = createUsage({
    client,
    namespace,
    caches,
    fleet,
    clock,
    checkpointMs: (parts.usageCheckpointSeconds ?? CHECKPOINT_SECONDS) * 1000,
  });
  // Of several operators one shows them: a sum counts nothing twice.
  registerLive(
    registry,
    [
      ...poolUsageMetrics(usage),
      ...clusterUsageMetrics(usage),
      ...accountMetrics({ caches, clock, counts: createTransactionCounts(caches) }),
      ...poolRewardMetrics(usage, caches),
      ...priceMetrics(caches),
    ],
    leads,
  );
  const networks = createNetworks({
    client,
    namespace,
    pace: parts.secretPace ?? secretPace,
    clock,
    rpcMetrics: rpcMetrics(registry),
    networks: caches.networks.store,
    accounts: caches.accounts.store,
    protocolFor: parts.protocolFor ?? protocolFor,
  });
  const slashes = createSlashBoard({ accounts: caches.accounts.store, clock, log });
  const shared = { client, events, caches, fleet, clock };
  return createManager({
    informers: Object.values(caches),
    controllers: [
      minerPoolController({
        ...shared,
        expectations: createExpectations(clock),
        ownWrites: createOwnWrites(clock),
        inFlight: inFlightShare(PODS_IN_FLIGHT),
        pace: createPace(),
        pools: caches.pools.store,
        known: createKnownClusters(caches.clusters.store, fleet),
        assumed: createAssumed(),
        refusing: createRefusingClusters(),
        usage: usage.pools,
      }),
      computeClusterController({
        ...shared,
        metrics: clusterMetrics(registry),
        usage: usage.clusters,
        xidErrors: (cluster) => usage.clusters.of(cluster)?.xidErrors ?? [],
      }),
      stakingNetworkController({
        ...shared,
        networks,
        prices: createPriceBoard({ read: priceReader({ client, namespace, clock }), clock, log }),
        slashes,
        metrics: networkMetrics(registry, clock),
      }),
      stakeAccountController({
        ...shared,
        caches,
        networks,
        slashes,
        rewards: createRewardBoard({
          source: createProofSource({ client, namespace, clock }),
          networks: caches.networks.store,
          clock,
          log,
        }),
        ownWrites: createOwnWrites(clock),
        dryRun: parts.dryRun ?? false,
      }),
      usageController(usage),
    ],
    ...(elector === undefined ? {} : { elector }),
    clock,
    log,
    metrics: controllerMetrics(registry),
    drainTimeoutMs: drainTimeoutSeconds * 1000,
    flush: async () => {
      await Promise.all([lastLook(usage), events.flush(FLUSH_MS)]);
    },
  });
}

function createCaches({ transport, log, kubeMetrics }: OperatorParts): StakeCaches {
  const reflecting = {
    transport,
    clock: systemClock,
    log,
    metrics: kubeMetrics,
    recovery: createRecovery({ transport, clock: systemClock }),
  };
  function cache<T extends KubeObject>(
    options: Pick<InformerOptions<T>, 'type' | 'indexes' | 'transform' | 'labelSelector'>,
  ): Informer<T> {
    return createInformer({ ...options, ...reflecting });
  }
  return {
    pools: cache({ type: MinerPools }),
    clusters: cache({ type: ComputeClusters }),
    networks: cache({ type: StakingNetworks }),
    accounts: cache({ type: StakeAccounts, indexes: accountIndexes }),
    ...createInventoryCaches(reflecting),
    revisions: cache({
      type: ControllerRevisions,
      labelSelector: `${labels.managedBy}=${MANAGER}`,
      indexes: { [BY_OWNER]: ownerIndex },
    }),
    transactions: cache({
      type: ChainTransactions,
      indexes: { [BY_ACCOUNT]: (transaction) => [accountKeyOf(transaction)] },
    }),
  };
}
