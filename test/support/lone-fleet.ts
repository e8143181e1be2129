import type { Caches } from '../../src/controllers/caches.ts';
import { type Fleet, createFleet } from '../../src/controllers/fleet/fleet.ts';
import { createLocalCluster } from '../../src/controllers/fleet/local-cluster.ts';
import { secretPace } from '../../src/controllers/fleet/members.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import type { Clock } from '../../src/time/clock.ts';

/** The local cluster of the caches; the client answers for the Secrets of others, if there are any. */
export function loneFleet(client: KubeClient, caches: Pick<Caches, 'nodes' | 'pods'>, clock: Clock): Fleet {
  return createFleet(createLocalCluster(client, caches, clock), {
    client,
    namespace: 'headframe-system',
    pace: secretPace,
    clock,
    log: silentLogger,
    fence: (unfenced) => unfenced,
  });
}
