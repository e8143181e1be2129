import { Nodes, Pods } from '../../api/builtin.ts';
import type { KubeObject, ResourceType } from '../../api/kube-object.ts';
import { kubeClient } from '../../kube/client.ts';
import type { Connection } from '../../kube/connection.ts';
import { createInformer, type Informer } from '../../kube/informer.ts';
import { createTransport } from '../../kube/transport.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { systemClock, type Clock } from '../../time/clock.ts';
import { eventWriter } from './event-writer.ts';
import { createGarbageCollector } from './garbage-collector/garbage-collector.ts';
import { Namespaces } from './namespace-type.ts';
import { createScheduler } from './scheduler/scheduler.ts';
import { CustomResourceDefinitions, createServedKinds } from './served-kinds.ts';

export interface ClusterControllersOptions {
  /** To the API server, with all rights. */
  readonly connection: Connection;
  readonly log: Logger;
  readonly clock?: Clock;
  /** After so many seconds without a heartbeat a Node counts as lost; so long a pod outlives its Node object. Default 40. */
  readonly nodeMonitorGraceSeconds?: number;
}

export interface ClusterControllers {
  /** Ends all of them; nothing is written afterwards. May be called twice. */
  stop(): Promise<void>;
}

/** Requests of all controllers that may be under way at the same time. */
const MAX_SOCKETS = 64;

/**
 * What kube-scheduler and kube-controller-manager do for pods, nodes, namespaces and owned objects, as clients of any API
 * server. Resolves when they know the cluster and work.
 */
export async function startClusterControllers(
  options: ClusterControllersOptions,
): Promise<ClusterControllers> {
  const { connection, clock = systemClock } = options;
  const log = options.log.with({ component: 'cluster-controllers' });
  const stopping = new AbortController();
  const { signal } = stopping;
  const transport = createTransport(connection, { clock, maxSockets: MAX_SOCKETS });
  const client = kubeClient(transport, { fieldManager: 'kube-controller-manager', clock, signal });
  const informers: Informer<never>[] = [];

  function informer<T extends KubeObject>(type: ResourceType<T>): Informer<T> {
    const made = createInformer<T>({ transport, type, clock, log });
    informers.push(made as unknown as Informer<never>);
    return made;
  }

  const shared = { transport, client, clock, log, signal };
  const pods = informer(Pods);
  const nodes = informer(Nodes);
  const namespaces = informer(Namespaces);
  const events = eventWriter({ client, clock, log, component: 'default-scheduler' });
  const scheduler = createScheduler({ ...shared, pods, nodes, namespaces, events });
  const collector = createGarbageCollector({ ...shared, onRemoved: () => undefined });
  const kinds = createServedKinds({
    ...shared,
    definitions: informer(CustomResourceDefinitions),
    onKinds: (resources) => collector.follow(resources),
  });

  const watching = informers.map((one) => one.start(signal));
  await Promise.all(informers.map((one) => one.whenSynced()));
  scheduler.start();
  kinds.start();

  return {
    async stop() {
      stopping.abort();
      await Promise.all([scheduler.settled(), collector.stop(), kinds.stop(), events.stop(), ...watching]);
      transport.close();
    },
  };
}
