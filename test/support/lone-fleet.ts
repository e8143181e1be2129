import type { Caches } from '../../src/controllers/caches.ts';
import { type Fleet, createFleet } from '../../src/controllers/fleet/fleet.ts';
import { type KnownClusters, createKnownClusters } from '../../src/controllers/fleet/known-clusters.ts';
import { createLocalCluster } from '../../src/controllers/fleet/local-cluster.ts';
import { secretPace } from '../../src/controllers/fleet/members.ts';
import { type Assumed, createAssumed } from '../../src/controllers/minerpool/assumed.ts';
import {
  type RefusingClusters,
  createRefusingClusters,
} from '../../src/controllers/minerpool/refusing-clusters.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import type { Clock } from '../../src/time/clock.ts';

/** The local cluster of the caches; the client answers for the Secrets of others, if there are any. */
export function loneFleet(client: KubeClient, caches: Pick<Caches, 'nodes' | 'pods'>, clock: Clock): Fleet {
  const parts = {
    client,
    namespace: 'headframe-system',
    pace: secretPace,
    clock,
    log: silentLogger,
    fence: (unfenced: KubeClient) => unfenced,
  };
  const nothing = { get: () => undefined, list: () => [] };
  return createFleet(createLocalCluster(client, caches, clock), parts, { clusters: nothing, pools: nothing });
}

/** What a controller knows of clusters when there is one. */
export function loneSources(
  client: KubeClient,
  caches: Pick<Caches, 'clusters' | 'nodes' | 'pods'>,
  clock: Clock,
): { fleet: Fleet; known: KnownClusters; assumed: Assumed; refusing: RefusingClusters } {
  const fleet = loneFleet(client, caches, clock);
  return {
    fleet,
    known: createKnownClusters(caches.clusters.store, fleet),
    assumed: createAssumed(),
    refusing: createRefusingClusters(),
  };
}
