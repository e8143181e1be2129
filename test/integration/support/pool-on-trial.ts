import assert from 'node:assert/strict';
import { findCondition } from '../../../src/api/conditions.ts';
import type { Manifest } from '../../../src/api/kube-object.ts';
import { MinerPools, type MinerPool } from '../../../src/api/miner-pool.ts';
import { isNotFound } from '../../../src/kube/errors.ts';
import { startPodLog, type PodLog } from '../../support/pod-log.ts';
import { startPoolRecord } from '../../support/pool-record.ts';
import { surplusOf } from '../../support/pool-surplus.ts';
import type { TestCluster } from '../../support/test-cluster.ts';
import { untilPasses } from '../../support/until-passes.ts';

/** What the pool is told to be. */
export interface Wanted {
  readonly replicas: number;
  /** Tells one template from the next. */
  readonly image: number;
  readonly suspend?: boolean;
}

/** A pool whose every pod is on record, from a watch that no fault touches. */
export interface PoolOnTrial {
  readonly log: PodLog;
  /** Writes the spec, past the proxy. */
  apply(wanted: Wanted): Promise<void>;
  delete(): Promise<void>;
  /** Waits for exactly what was asked for last, and a status that says so; then judges the whole record. */
  settled(limitMs?: number): Promise<void>;
  stop(): Promise<void>;
}

const MAX_SURGE = 1;

export async function putOnTrial(cluster: TestCluster, name: string): Promise<PoolOnTrial> {
  const key = { namespace: 'default', name };
  const log = await startPodLog(cluster.transport, name);
  const record = await startPoolRecord(cluster.transport, name);
  let wanted: Wanted | undefined;

  const podNames = (): string[] =>
    log
      .pods()
      .map(({ metadata }) => metadata.name)
      .sort();

  async function assertAsWanted({ replicas, image, suspend = false }: Wanted): Promise<void> {
    const count = suspend ? 0 : replicas;
    assert.deepEqual(podNames(), Array.from({ length: count }, (_, ordinal) => `${name}-${ordinal}`).sort());
    const images = new Set(log.pods().map(({ spec }) => spec.containers[0]?.image));
    assert.deepEqual([...images], count === 0 ? [] : [imageOf(image)]);
    assert.ok(log.pods().every(({ metadata }) => metadata.deletionTimestamp === undefined));
    await assertStatus(suspend);
  }

  async function assertStatus(suspend: boolean): Promise<void> {
    const { metadata, status } = await cluster.client.get(MinerPools, key);
    const ready = findCondition(status?.conditions, 'Ready');
    assert.deepEqual(
      [status?.observedGeneration, ready?.observedGeneration, ready?.status],
      [metadata.generation, metadata.generation, suspend ? 'False' : 'True'],
      ready?.message,
    );
  }

  return {
    log,
    async apply(next) {
      wanted = next;
      const pool = await cluster.client.apply(MinerPools, manifest(key, next), { force: true });
      record.specWritten(pool, mostPods(next));
    },
    async delete() {
      wanted = undefined;
      await cluster.client.delete(MinerPools, key).catch((error: unknown) => {
        assert.ok(isNotFound(error), String(error));
      });
    },
    async settled(limitMs = 60_000) {
      await untilPasses(async () => {
        if (wanted === undefined) {
          assert.deepEqual(podNames(), []);
        } else {
          await assertAsWanted(wanted);
        }
      }, limitMs);
      assert.deepEqual(surplusOf(record.events), []);
    },
    async stop() {
      await Promise.all([log.stop(), record.stop()]);
    },
  };
}

/** Whoever wants no replicas wants no surge. */
function mostPods({ replicas, suspend = false }: Wanted): number {
  return suspend || replicas === 0 ? 0 : replicas + MAX_SURGE;
}

const imageOf = (image: number): string => `example/idle:${image}`;

/** Pods that cost nothing: an image that no node knows idles. */
function manifest(
  metadata: { namespace: string; name: string },
  { replicas, image, suspend = false }: Wanted,
): Manifest<MinerPool> {
  return {
    apiVersion: 'headframe.dev/v1alpha1',
    kind: 'MinerPool',
    metadata,
    spec: {
      replicas,
      suspend,
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: MAX_SURGE } },
      template: {
        spec: {
          terminationGracePeriodSeconds: 0,
          containers: [{ name: 'miner', image: imageOf(image) }],
        },
      },
    },
  } as unknown as Manifest<MinerPool>;
}
