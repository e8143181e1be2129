import type { KubeObject } from '../../../api/kube-object.ts';
import type { Change, Informer } from '../../../kube/informer.ts';
import { createInformer } from '../../../kube/informer.ts';
import type { Transport } from '../../../kube/transport.ts';
import type { Logger } from '../../../telemetry/logger.ts';
import { sleep, type Clock } from '../../../time/clock.ts';
import { resourceKey, type ApiResource, type ApiResources } from '../api-resources.ts';

/** Watches of every kind that can be listed, watched and deleted, as discovery names them. */
export interface Monitors {
  /** Starts watches of kinds that are new and ends those of kinds that are gone; resolves when the new ones are synced. */
  follow(resources: ApiResources): Promise<void>;
  /** Ends all watches. */
  stop(): Promise<void>;
}

export interface MonitorsOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onChange: (resource: ApiResource, change: Change<KubeObject>) => void;
  readonly onGone: (resource: ApiResource) => void;
}

/** Events are many, own nothing, and expire by themselves. (kube-controller-manager: gc-ignored resources) */
const IGNORED = new Set(['/Event', 'events.k8s.io/Event']);
const NEEDED = ['list', 'watch', 'delete'];
/** A kind that cannot be listed must not hold up all others for ever. (garbagecollector: 30 s) */
const SYNC_PATIENCE_MS = 30_000;

interface Monitor {
  readonly resource: ApiResource;
  readonly informer: Informer<KubeObject>;
  readonly stopped: AbortController;
  readonly ended: Promise<void>;
}

export function collectable({ group, kind, verbs }: ApiResource): boolean {
  return !IGNORED.has(`${group}/${kind}`) && NEEDED.every((verb) => verbs.includes(verb));
}

export function createMonitors(options: MonitorsOptions): Monitors {
  const { transport, clock, log, onChange, onGone } = options;
  const monitors = new Map<string, Monitor>();
  let stopped = false;

  function open(resource: ApiResource): Monitor {
    const informer = createInformer<KubeObject>({
      transport,
      clock,
      log,
      type: resource,
      transform: ({ apiVersion, kind, metadata }) => ({ apiVersion, kind, metadata }),
    });
    informer.onChange((change) => onChange(resource, change));
    const stopped = new AbortController();
    return { resource, informer, stopped, ended: informer.start(stopped.signal) };
  }

  async function close(monitor: Monitor): Promise<void> {
    monitor.stopped.abort();
    await monitor.ended;
  }

  return {
    async follow(resources) {
      const wanted = new Map(resources.all.filter(collectable).map((one) => [resourceKey(one), one]));
      for (const [key, monitor] of monitors) {
        if (!wanted.has(key)) {
          monitors.delete(key);
          await close(monitor);
          onGone(monitor.resource);
        }
      }
      for (const [key, resource] of wanted) {
        if (!stopped && !monitors.has(key)) {
          monitors.set(key, open(resource));
        }
      }
      const patience = new AbortController();
      const all = [...monitors.values()];
      await Promise.race([
        Promise.all(all.map(({ informer }) => informer.whenSynced())),
        Promise.all(all.map(({ ended }) => ended)),
        sleep(clock, SYNC_PATIENCE_MS, patience.signal),
      ]);
      patience.abort();
    },
    async stop() {
      stopped = true;
      await Promise.all([...monitors.values()].map(close));
    },
  };
}
