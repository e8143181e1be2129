import type { StakingNetwork } from '../../api/staking-network.ts';
import { secretPace } from '../../controllers/fleet/members.ts';
import { createNetworks } from '../../controllers/networks/networks.ts';
import type { NetworkView, UsableNetwork } from '../../controllers/networks/network-view.ts';
import { mayPass } from '../../controllers/networks/network-look.ts';
import { protocolFor } from '../../controllers/networks/protocol-for.ts';
import type { KubeClient } from '../../kube/client.ts';
import { silentLogger } from '../../telemetry/logger.ts';
import { sleep, systemClock } from '../../time/clock.ts';
import { ExitError } from '../exit-error.ts';

/** By then a look has ended or was given up, in milliseconds: it may take 30 s. */
const PATIENCE_MS = 35_000;

/** So often it is looked at, if what is wrong may be over in a moment, with a pause between. */
const LOOKS = 3;
const PAUSE_MS = 1000;

/**
 * Looks at a network as the operator does, and works with it; the connections are closed afterwards.
 * @param namespace in which the Secrets of its endpoints are
 * @throws ExitError of code 2 that says why it cannot be used
 */
export async function withNetwork<Result>(
  network: StakingNetwork,
  { client, namespace }: { readonly client: KubeClient; readonly namespace: string },
  work: (network: UsableNetwork) => Promise<Result>,
): Promise<Result> {
  const { name } = network.metadata;
  const networks = createNetworks({
    client,
    namespace,
    pace: secretPace,
    clock: systemClock,
    networks: { get: () => network },
    accounts: { byIndex: () => [] },
    protocolFor,
  });
  const end = new AbortController();
  networks.begin(end.signal);
  try {
    for (let looks = 1; ; looks++) {
      const late = new Promise<void>((resolve) => networks.onLateLook(() => resolve()));
      const { look } = await networks.look(network, silentLogger);
      if (look === undefined) {
        await Promise.race([late, sleep(systemClock, PATIENCE_MS, end.signal)]);
      }
      const view = networks.view(name);
      if (view.kind === 'usable') {
        return await work(view);
      }
      if (looks === LOOKS || view.kind !== 'away' || !mayPass(view.reason)) {
        throw new ExitError(`StakingNetwork '${name}' cannot be used: ${obstacle(view)}`, 2);
      }
      // Connects anew: each look is a first one, which waits for nothing that failed before.
      networks.forget(name);
      await sleep(systemClock, PAUSE_MS, end.signal);
    }
  } finally {
    end.abort();
  }
}

function obstacle(view: Exclude<NetworkView, UsableNetwork>): string {
  switch (view.kind) {
    case 'away':
      return `${view.message} (${view.reason})`;
    case 'connecting':
      return 'its nodes did not answer in time';
    case 'missing':
      return 'it is being deleted';
  }
}
