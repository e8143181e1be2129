import { isDeepStrictEqual } from 'node:util';
import { Pods } from '../../src/api/builtin.ts';
import type { Pod } from '../../src/api/builtin.ts';
import { findCondition } from '../../src/api/conditions.ts';
import { labels } from '../../src/api/group.ts';
import type { Immutable } from '../../src/api/kube-object.ts';
import { MinerPools, type MinerPool } from '../../src/api/miner-pool.ts';
import { createInformer, type Informer } from '../../src/kube/informer.ts';
import type { Transport } from '../../src/kube/transport.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { systemClock } from '../../src/time/clock.ts';
import type { Wanted } from './churn.ts';
import { serves } from '../support/pod-log.ts';

/** Sees every pod come and go, on a watch that no fault befalls. */
export interface Watcher {
  /** What is not as wanted, in words; empty when all is. */
  differences(wanted: ReadonlyMap<string, Wanted>): string[];
  /** Moments at which a pool had more pods than an update or a scale may make, since the start. */
  readonly surplus: readonly string[];
  /** Pods created since the start. */
  readonly created: number;
  stop(): Promise<void>;
}

/** @param mostReplicas more pods than this a pool never wants, nor has for an update */
export async function startWatcher(transport: Transport, mostReplicas: number): Promise<Watcher> {
  const stopping = new AbortController();
  const parts = { transport, clock: systemClock, log: silentLogger };
  const byPool = { pool: (pod: Immutable<Pod>) => [pod.metadata.labels?.[labels.pool] ?? ''] };
  const pods = createInformer({ ...parts, type: Pods, labelSelector: labels.pool, indexes: byPool });
  const pools = createInformer({ ...parts, type: MinerPools });
  const surplus: string[] = [];
  let created = 0;
  pods.onChange((change) => {
    const pool = change.object.metadata.labels?.[labels.pool] ?? '';
    const names = podsOf(pods, pool).map(({ metadata }) => metadata.name);
    created += change.type === 'added' ? 1 : 0;
    if (names.length > mostReplicas) {
      surplus.push(`${pool} had ${names.length} pods: ${names.join(' ')}`);
    }
  });
  const running = [pods.start(stopping.signal), pools.start(stopping.signal)];
  await Promise.all([pods.whenSynced(), pools.whenSynced()]);

  function difference(name: string, { replicas, suspended, image }: Wanted): string[] {
    const count = suspended ? 0 : replicas;
    const wanted: State = {
      statusIsCurrent: true,
      ready: suspended ? 'Suspended' : 'True',
      readyReplicas: count,
      pods: Array.from({ length: count }, (_, ordinal) => `${name}-${ordinal} serves ${image}`).sort(),
    };
    const found = stateOf(pools.store.get(`default/${name}`), podsOf(pods, name));
    return isDeepStrictEqual(wanted, found)
      ? []
      : [`${name}: wanted ${JSON.stringify(wanted)}, found ${JSON.stringify(found)}`];
  }

  return {
    surplus,
    get created() {
      return created;
    },
    differences(wanted) {
      const orphans = [...pods.store.list()].filter(
        ({ metadata }) => !wanted.has(metadata.labels?.[labels.pool] ?? ''),
      );
      return [
        ...[...wanted].flatMap(([name, spec]) => difference(name, spec)),
        ...orphans.map(({ metadata }) => `${metadata.name} has no pool`),
      ];
    },
    async stop() {
      stopping.abort();
      await Promise.all(running);
    },
  };
}

interface State {
  /** The status speaks of the current spec. */
  readonly statusIsCurrent: boolean;
  /** `True`, or the reason why not. */
  readonly ready: string | undefined;
  readonly readyReplicas: number | undefined;
  readonly pods: readonly string[];
}

function stateOf(pool: Immutable<MinerPool> | undefined, pods: readonly Immutable<Pod>[]): State {
  const { observedGeneration, readyReplicas, conditions } = pool?.status ?? {};
  const ready = findCondition(conditions, 'Ready');
  return {
    statusIsCurrent: pool !== undefined && observedGeneration === pool.metadata.generation,
    ready: ready?.status === 'True' ? 'True' : ready?.reason,
    readyReplicas,
    pods: pods
      .map((pod) => {
        const image = pod.spec.containers[0]?.image ?? '';
        return `${pod.metadata.name} ${serves(pod) ? 'serves' : 'does not serve'} ${image}`;
      })
      .sort(),
  };
}

function podsOf(pods: Informer<Pod>, pool: string): Immutable<Pod>[] {
  return [...pods.store.byIndex('pool', pool)];
}
