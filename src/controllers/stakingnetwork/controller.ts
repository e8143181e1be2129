import { isDeepStrictEqual } from 'node:util';
import type { Immutable } from '../../api/kube-object.ts';
import type { StakeAccount } from '../../api/stake-account.ts';
import { type StakingNetwork, StakingNetworks } from '../../api/staking-network.ts';
import type { ScannedBlock, StakingNetworkStatus } from '../../api/staking-network/status.ts';
import { type Controller, after, done } from '../../controller/controller.ts';
import { mapped, primary } from '../../controller/watch-sources.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { EventRecorder } from '../../kube/event-recorder.ts';
import type { Change } from '../../kube/informer.ts';
import type { Clock } from '../../time/clock.ts';
import type { Caches } from '../caches.ts';
import type { NetworkLook } from '../networks/network-look.ts';
import type { WatchedNetworks } from '../networks/networks.ts';
import type { PriceBoard } from '../prices/price-board.ts';
import type { SlashBoard } from '../slashes/slash-board.ts';
import { transitions } from './events.ts';
import { type NetworkMetrics, noMetrics } from './metrics.ts';
import { connectingStatus, statusOf, statusPatch } from './status.ts';

/** What the controller is built from. */
export interface StakingNetworkParts {
  readonly client: KubeClient;
  readonly events: EventRecorder;
  readonly caches: Pick<Caches, 'networks' | 'accounts'>;
  readonly networks: WatchedNetworks;
  readonly clock: Clock;
  /** Absent: nobody looks at prices. */
  readonly prices?: PriceBoard;
  /** Absent: nobody looks for slashes. */
  readonly slashes?: SlashBoard;
  /** Default: none. */
  readonly metrics?: NetworkMetrics;
}

/** Accounts come in bursts: all that are new are read in one look. */
const GATHER_MS = 200;

/** Looks at every chain at the pace of its spec, and keeps what does not change with every block in the status of its StakingNetwork. */
export function stakingNetworkController(parts: StakingNetworkParts): Controller {
  const { client, events, caches, networks, clock, prices, slashes, metrics = noMetrics } = parts;

  /** What is written stays true until there is a look: a new leader takes nothing away. */
  function statusNow(
    network: Immutable<StakingNetwork>,
    look: NetworkLook | undefined,
  ): StakingNetworkStatus | undefined {
    if (look !== undefined) {
      const more = [prices, slashes].flatMap((board) => board?.statements(network) ?? []);
      return statusOf(network, look, clock.now(), more);
    }
    const isSaid =
      network.status !== undefined && network.status.observedGeneration === network.metadata.generation;
    return isSaid ? undefined : connectingStatus(network, clock.now());
  }

  return {
    name: 'stakingnetwork',
    // No look is waited for longer than a second: networks that hang keep none of the others waiting.
    concurrency: 16,
    watches: [primary(caches.networks), mapped(caches.accounts, networkOfNewAccount, { delayMs: GATHER_MS })],
    begin(wake, signal) {
      networks.onLateLook((name) => wake(name, 0));
      networks.begin(signal);
    },
    async reconcile(key, { log, signal }) {
      const network = caches.networks.store.get(key);
      if (network === undefined || network.metadata.deletionTimestamp !== undefined) {
        networks.forget(key);
        metrics.forget(key);
        prices?.forget(key);
        slashes?.forget(key);
        return done;
      }
      const { look, nextMs } = await networks.look(network, log);
      const worth = prices?.look(network, signal);
      const scanned = slashes?.look(network, networks.view(key), signal) ?? network.status?.scannedBlock;
      const status = withMore(statusNow(network, look), { prices: worth, scannedBlock: scanned });
      if (status !== undefined && !isDeepStrictEqual(status, network.status)) {
        await client.patchStatus(StakingNetworks, network, statusPatch(status, network.status));
        transitions(network.status, status).forEach((event) => events.record(network, event));
      }
      metrics.seen(key, look, status ?? network.status);
      return after(nextMs);
    },
  };
}

interface Said {
  readonly prices: StakingNetworkStatus['prices'] | undefined;
  readonly scannedBlock: Immutable<ScannedBlock> | undefined;
}

/** What others than the look say, where they say something. */
function withMore(
  status: StakingNetworkStatus | undefined,
  { prices, scannedBlock }: Said,
): StakingNetworkStatus | undefined {
  return (
    status && {
      ...status,
      ...(prices === undefined ? {} : { prices: { ...prices } }),
      ...(scannedBlock === undefined ? {} : { scannedBlock: { ...scannedBlock } }),
    }
  );
}

/** An account that appears is read soon; one that goes is read no more, at the next look. */
function networkOfNewAccount(change: Change<StakeAccount>): readonly string[] {
  return change.type === 'added' ? [change.object.spec.networkRef.name] : [];
}
