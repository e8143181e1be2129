import { Leases, Nodes, Pods, type Pod } from '../../api/builtin.ts';
import { Namespaces } from '../../api/namespace.ts';
import type { KubeObject, ResourceType } from '../../api/kube-object.ts';
import { kubeClient } from '../../kube/client.ts';
import type { Connection } from '../../kube/connection.ts';
import { createInformer, type Informer, type InformerOptions } from '../../kube/informer.ts';
import { createTransport } from '../../kube/transport.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { systemClock, type Clock } from '../../time/clock.ts';
import { eventWriter, type EventWriter } from './event-writer.ts';
import { createGarbageCollector } from './garbage-collector/garbage-collector.ts';
import { createNamespaceController } from './namespaces.ts';
import { createNodeLifecycle } from './nodes/node-lifecycle.ts';
import { BY_NODE } from './nodes/node-parts.ts';
import { createPodDeparture } from './nodes/pod-departure.ts';
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
/** kube-controller-manager has waited so long from the beginning; 1.32 made it 50. */
const GRACE_SECONDS = 40;

/**
 * What kube-scheduler and kube-controller-manager do for pods, nodes, namespaces and owned objects, as clients of any API
 * server. Resolves when they know the cluster and work.
 */
export async function startClusterControllers(
  options: ClusterControllersOptions,
): Promise<ClusterControllers> {
  const { connection, clock = systemClock, nodeMonitorGraceSeconds = GRACE_SECONDS } = options;
  const log = options.log.with({ component: 'cluster-controllers' });
  const stopping = new AbortController();
  const { signal } = stopping;
  const transport = createTransport(connection, { clock, maxSockets: MAX_SOCKETS });
  const client = kubeClient(transport, { fieldManager: 'kube-controller-manager', clock, signal });
  const informers: Pick<Informer<KubeObject>, 'start' | 'whenSynced'>[] = [];

  function informer<T extends KubeObject>(
    type: ResourceType<T>,
    indexes: NonNullable<InformerOptions<T>['indexes']> = {},
  ): Informer<T> {
    const made = createInformer<T>({ transport, type, clock, log, indexes });
    informers.push(made);
    return made;
  }

  const shared = { transport, client, clock, log, signal };
  const pods = informer<Pod>(Pods, {
    [BY_NODE]: ({ spec }) => (spec.nodeName === undefined ? [] : [spec.nodeName]),
  });
  const nodes = informer(Nodes);
  const leases = informer(Leases);
  const namespaces = informer(Namespaces);
  const ownEvents = (component: string): EventWriter => eventWriter({ client, clock, log, component });
  const schedulerEvents = ownEvents('default-scheduler');
  const nodeEvents = ownEvents('node-controller');
  const scheduler = createScheduler({ ...shared, pods, nodes, namespaces, events: schedulerEvents });
  const graceMs = 1000 * nodeMonitorGraceSeconds;
  const nodeParts = { ...shared, pods, nodes, leases, events: nodeEvents, graceMs };
  const lifecycle = createNodeLifecycle(nodeParts);
  const departure = createPodDeparture(nodeParts);
  const namespaceController = createNamespaceController({ ...shared, namespaces });
  const onRemoved = (namespace: string): void => namespaceController.removed(namespace);
  const collector = createGarbageCollector({ ...shared, onRemoved });
  const kinds = createServedKinds({
    ...shared,
    definitions: informer(CustomResourceDefinitions),
    onKinds: async (resources) => {
      namespaceController.follow(resources);
      await collector.follow(resources);
    },
  });

  const watching = informers.map((one) => one.start(signal));
  await Promise.all(informers.map((one) => one.whenSynced()));
  scheduler.start();
  [lifecycle, departure, kinds].forEach((controller) => controller.start());

  async function stop(): Promise<void> {
    stopping.abort();
    const controllers = [kinds, collector, lifecycle, departure, namespaceController];
    const writers = [schedulerEvents, nodeEvents];
    await Promise.all([...controllers, ...writers].map((part) => part.stop()));
    await Promise.all([scheduler.settled(), ...watching]);
    transport.close();
  }

  let stopped: Promise<void> | undefined;
  return { stop: () => (stopped ??= stop()) };
}
