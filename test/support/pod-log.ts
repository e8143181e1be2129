import type { Pod } from '../../src/api/builtin.ts';
import { Pods } from '../../src/api/builtin.ts';
import type { Immutable } from '../../src/api/kube-object.ts';
import { createInformer } from '../../src/kube/informer.ts';
import type { Transport } from '../../src/kube/transport.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { systemClock } from '../../src/time/clock.ts';

/** The pods of one pool at one moment of the watch. */
export interface Moment {
  /** Names of the pods that exist, also those on their way out. */
  readonly names: readonly string[];
  /** Pods that are ready and not on their way out. */
  readonly serving: number;
}

/** What a watch saw of a pool's pods, from the start of the log on: every event, in order. */
export interface PodLog {
  readonly moments: readonly Moment[];
  /** Names of every pod created since the start. */
  readonly created: readonly string[];
  pods(): readonly Immutable<Pod>[];
  /** Forgets what was seen so far. */
  restart(): void;
  stop(): Promise<void>;
}

/** Watches the pods of a pool in the namespace `default`, on a watch of its own, independent of the operator's. */
export async function startPodLog(transport: Transport, pool: string): Promise<PodLog> {
  const stopping = new AbortController();
  const informer = createInformer({
    transport,
    type: Pods,
    namespace: 'default',
    labelSelector: `headframe.dev/pool=${pool}`,
    clock: systemClock,
    log: silentLogger,
  });
  let moments: Moment[] = [];
  let created: string[] = [];
  informer.onChange((change) => {
    const pods = [...informer.store.list()];
    moments.push({ names: pods.map(({ metadata }) => metadata.name), serving: pods.filter(serves).length });
    if (change.type === 'added') {
      created.push(change.object.metadata.name);
    }
  });
  const running = informer.start(stopping.signal);
  await informer.whenSynced();
  return {
    get moments() {
      return moments;
    },
    get created() {
      return created;
    },
    pods: () => [...informer.store.list()],
    restart() {
      moments = [];
      created = [];
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/** Ready, and not on its way out. */
export function serves(pod: Immutable<Pod>): boolean {
  return (
    pod.metadata.deletionTimestamp === undefined &&
    pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true
  );
}
