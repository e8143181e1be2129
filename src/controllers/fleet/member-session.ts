import type { Change } from '../../kube/informer.ts';
import { type KubeClient, kubeClient } from '../../kube/client.ts';
import type { Connection } from '../../kube/connection.ts';
import type { KubeMetrics } from '../../kube/metrics.ts';
import { createRecovery } from '../../kube/recovery.ts';
import { createTransport } from '../../kube/transport.ts';
import type { Pod } from '../../api/builtin.ts';
import type { Logger } from '../../telemetry/logger.ts';
import type { Clock } from '../../time/clock.ts';
import { memberPodIndexes } from '../caches.ts';
import { concernsCluster } from '../pod-roles.ts';
import { createInventoryCaches } from './inventory-caches.ts';
import { nodeAbsence } from './node-absence.ts';
import { createNodeUsages } from './node-usages.ts';
import { type ClusterView, readClusterUid } from './cluster-view.ts';

/** A connection to another cluster, with the informers of its inventory. */
export interface MemberSession {
  view(): ClusterView;
  /** Cuts every connection; resolves when nothing runs any more. */
  close(): Promise<void>;
}

/** What a session is built from. */
export interface SessionParts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics?: KubeMetrics;
  /** Makes a client whose writes are refused when this process does not lead. */
  readonly fence: (client: KubeClient) => KubeClient;
}

/** Who is told what a session sees. */
export interface SessionListener {
  /** The view may have become another. */
  readonly changed: () => void;
  readonly podChanged: (change: Change<Pod>) => void;
}

/** A cluster far away may be slow; one that does not answer must be known to be away. */
const REQUEST_TIMEOUT_MS = 10_000;
/** Watches have sockets of their own: what is left are lists, page by page, and the pods that are made. */
const MAX_SOCKETS = 48;
/** Between two questions for the namespace that a server that is there refuses. */
const UID_RETRY_MS = 5000;

let sessions = 0;

/** Begins to watch a cluster. */
export function openSession(
  connection: Connection,
  { clock, log, metrics, fence }: SessionParts,
  { changed, podChanged }: SessionListener,
): MemberSession {
  const session = ++sessions;
  const stop = new AbortController();
  const transport = createTransport(connection, {
    clock,
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
    maxSockets: MAX_SOCKETS,
    ...(metrics === undefined ? {} : { metrics }),
  });
  const recovery = createRecovery({ transport, clock });
  const { nodes, pods } = createInventoryCaches({
    transport,
    clock,
    log,
    recovery,
    onHealth: changed,
    podIndexes: memberPodIndexes,
    ...(metrics === undefined ? {} : { metrics }),
  });
  const usages = createNodeUsages(nodes, pods);
  const awaySince = nodeAbsence(nodes, clock);
  // Whoever is refused for now comes again later: no worker waits for a slow cluster that others need.
  const writer = fence(kubeClient(transport, { retries: 0, clock }));
  let uid: string | undefined;
  let uidError: Error | undefined;

  async function learnUid(): Promise<void> {
    const client = kubeClient(transport, { retries: 0, signal: stop.signal, clock });
    while (uid === undefined && !stop.signal.aborted) {
      try {
        uid = await readClusterUid(client);
        uidError = undefined;
      } catch (error) {
        uidError = error as Error;
      }
      changed();
      if (uidError !== undefined) {
        await recovery.pause(uidError, UID_RETRY_MS, stop.signal);
      }
    }
  }

  nodes.onChange(changed);
  pods.onChange((change) => {
    podChanged(change);
    if (concernsCluster(change)) {
      changed();
    }
  });
  // An empty cluster has no changes to tell of.
  void Promise.all([nodes.whenSynced(), pods.whenSynced()]).then(changed);
  const running = [nodes.start(stop.signal), pods.start(stop.signal), learnUid()];

  return {
    view() {
      const error = nodes.lastError ?? pods.lastError ?? uidError;
      if (error !== undefined) {
        return { kind: 'away', reason: 'Unreachable', message: error.message };
      }
      return nodes.synced && pods.synced && uid !== undefined
        ? {
            kind: 'reachable',
            uid,
            nodes: () => nodes.store.list(),
            usages,
            pods: pods.store,
            awaySince,
            client: writer,
            session,
          }
        : { kind: 'connecting' };
    },
    async close() {
      stop.abort();
      transport.close();
      await Promise.all(running);
    },
  };
}
