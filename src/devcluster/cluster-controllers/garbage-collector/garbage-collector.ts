import type { KubeObject } from '../../../api/kube-object.ts';
import type { KubeClient } from '../../../kube/client.ts';
import type { Change } from '../../../kube/informer.ts';
import type { Transport } from '../../../kube/transport.ts';
import type { Logger } from '../../../telemetry/logger.ts';
import type { Clock } from '../../../time/clock.ts';
import { apiResources, type ApiResource, type ApiResources } from '../api-resources.ts';
import { keyQueue } from '../key-queue.ts';
import { createCollector } from './collect.ts';
import { ownerGraph } from './graph.ts';
import { createMonitors } from './monitors.ts';
import { ImpossibleOwnerError, UnknownOwnerKindError } from './references.ts';

export interface GarbageCollectorOptions {
  readonly transport: Transport;
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Logger;
  /** Told of every object of a namespace that is gone. */
  readonly onRemoved: (namespace: string) => void;
}

/** Deletes what has lost its owners, and serves the finalizers `foregroundDeletion` and `orphan`. */
export interface GarbageCollector {
  /** The kinds that there are from now on; resolves when all are watched. */
  follow(resources: ApiResources): Promise<void>;
  stop(): Promise<void>;
}

/** kube-controller-manager: concurrent-gc-syncs 20. */
const WORKERS = 20;

export function createGarbageCollector(options: GarbageCollectorOptions): GarbageCollector {
  const { transport, client, clock, log, onRemoved } = options;
  const graph = ownerGraph();
  /** Objects with an owner of a kind that nobody serves: looked at again when the kinds change. */
  const undecided = new Set<string>();
  let resources = apiResources([]);
  /** What came before all kinds were watched: dependents unseen must not count as none. */
  let held: Set<string> | undefined = new Set();

  const collector = createCollector({ graph, client, resources: () => resources, enqueue });
  const queue = keyQueue({ run, clock, log, workers: WORKERS });
  const monitors = createMonitors({ transport, clock, log, onChange, onGone });

  function enqueue(uids: readonly string[]): void {
    for (const uid of uids) {
      if (held === undefined) {
        queue.add(uid);
      } else {
        held.add(uid);
      }
    }
  }

  async function run(uid: string): Promise<void> {
    try {
      await collector.collect(uid);
      undecided.delete(uid);
    } catch (error) {
      if (error instanceof UnknownOwnerKindError) {
        undecided.add(uid);
      } else if (error instanceof ImpossibleOwnerError) {
        log.warn('an object names an impossible owner', { uid, error });
      } else {
        throw error;
      }
    }
  }

  function onChange(resource: ApiResource, { type, object }: Change<KubeObject>): void {
    const { uid, namespace } = object.metadata;
    if (type !== 'deleted') {
      enqueue(graph.observe(resource, object));
      return;
    }
    undecided.delete(uid);
    enqueue(graph.forget(uid));
    if (namespace !== undefined) {
      onRemoved(namespace);
    }
  }

  function onGone(resource: ApiResource): void {
    for (const { uid } of graph.ofResource(resource)) {
      enqueue(graph.forget(uid));
    }
  }

  return {
    async follow(next) {
      held ??= new Set();
      resources = next;
      await monitors.follow(next);
      const waiting = [...held, ...undecided];
      held = undefined;
      undecided.clear();
      enqueue(waiting);
    },
    async stop() {
      await Promise.all([monitors.stop(), queue.stop()]);
    },
  };
}
