import { Pods, type Pod } from '../../src/api/builtin.ts';
import { controllerOf, type Immutable, type KubeObject } from '../../src/api/kube-object.ts';
import { MinerPools, type MinerPool } from '../../src/api/miner-pool.ts';
import { parsePodName } from '../../src/controllers/minerpool/replica.ts';
import { reflect, type ReflectorOptions, type ReflectorSink } from '../../src/kube/reflector.ts';
import type { Transport } from '../../src/kube/transport.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { systemClock } from '../../src/time/clock.ts';
import type { PoolEvent } from './pool-surplus.ts';

/** Everything that was written about the pools of one name, one after the other, and their pods. */
export interface PoolRecord {
  readonly events: readonly PoolEvent[];
  /** Tells of a spec, as the server answered its write: a watch that breaks may miss one. */
  specWritten(pool: Immutable<MinerPool>, mostPods: number): void;
  stop(): Promise<void>;
}

/** Watches the pools of that name in the namespace `default`, and their pods, on watches of its own. */
export async function startPoolRecord(transport: Transport, name: string): Promise<PoolRecord> {
  const stopping = new AbortController();
  const events: PoolEvent[] = [];
  const common = {
    transport,
    namespace: 'default',
    clock: systemClock,
    random: Math.random,
    log: silentLogger,
  };

  const pools = follow<MinerPool>(
    { ...common, type: MinerPools, fieldSelector: `metadata.name=${name}` },
    {
      seen({ metadata, status }) {
        const generation = status?.observedGeneration;
        if (generation !== undefined) {
          events.push({ kind: 'specObserved', at: versionOf(metadata), pool: metadata.uid, generation });
        }
      },
      gone: () => undefined,
    },
    stopping.signal,
  );
  const leaving = new Set<string>();
  const pods = follow<Pod>(
    { ...common, type: Pods, labelSelector: `headframe.dev/pool=${name}` },
    {
      seen(pod, previous, after) {
        const { metadata } = pod;
        const at = versionOf(metadata);
        if (previous === undefined) {
          events.push({
            kind: 'podCreated',
            at,
            pool: controllerOf(pod)?.uid ?? '',
            pod: metadata.uid,
            name: metadata.name,
            ordinal: parsePodName(metadata.name)?.ordinal,
            after: after ?? at,
          });
        }
        if (metadata.deletionTimestamp !== undefined && !leaving.has(metadata.uid)) {
          leaving.add(metadata.uid);
          events.push({ kind: 'podLeft', at, pod: metadata.uid });
        }
      },
      gone: ({ metadata }, at) => events.push({ kind: 'podLeft', at, pod: metadata.uid }),
    },
    stopping.signal,
  );
  await Promise.all([pools.listed, pods.listed]);
  return {
    events,
    specWritten({ metadata }, mostPods) {
      const { uid: pool, generation = 0 } = metadata;
      events.push({ kind: 'specWritten', at: versionOf(metadata), pool, generation, mostPods });
    },
    async stop() {
      stopping.abort();
      await Promise.all([pools.ended, pods.ended]);
    },
  };
}

/** What becomes of the objects of one kind. */
interface Listener<T> {
  /** @param after set when a list told of it: it may have been written at any time since that resourceVersion */
  readonly seen: (object: Immutable<T>, previous: Immutable<T> | undefined, after?: number) => void;
  readonly gone: (object: Immutable<T>, at: number) => void;
}

/** A reflector without a cache: a list after a gap in the watch must not pass for changes of that moment. */
function follow<T extends KubeObject>(
  options: ReflectorOptions<T>,
  { seen, gone }: Listener<T>,
  signal: AbortSignal,
): { readonly listed: Promise<void>; readonly ended: Promise<void> } {
  const held = new Map<string, Immutable<T>>();
  /** The last that the watch has told of. */
  let latest = 0;
  const nothing = (): void => undefined;
  let haveListed = nothing;
  const listed = new Promise<void>((resolve) => (haveListed = resolve));

  function take(object: Immutable<T>, after?: number): void {
    const { uid } = object.metadata;
    const previous = held.get(uid);
    held.set(uid, object);
    if (previous?.metadata.resourceVersion !== object.metadata.resourceVersion) {
      seen(object, previous, after);
    }
    latest = Math.max(latest, versionOf(object.metadata));
  }

  const sink: ReflectorSink<T> = {
    reduce: (object) => object as Immutable<T>,
    replace(objects) {
      const after = latest;
      const there = new Set(objects.map(({ metadata }) => metadata.uid));
      for (const [uid, object] of held) {
        if (!there.has(uid)) {
          held.delete(uid);
          gone(object, after);
        }
      }
      objects.forEach((object) => take(object, after));
      haveListed();
    },
    set: (object) => take(object as Immutable<T>),
    remove(object) {
      held.delete(object.metadata.uid);
      const at = versionOf(object.metadata);
      latest = Math.max(latest, at);
      gone(object as Immutable<T>, at);
    },
    failed: nothing,
    recovered: nothing,
  };
  return { listed, ended: reflect(options, sink, signal) };
}

/** Both API servers count all their writes with one counter (etcd's revision), so versions of different kinds can be compared. */
function versionOf({ resourceVersion }: { readonly resourceVersion: string }): number {
  return Number(resourceVersion);
}
