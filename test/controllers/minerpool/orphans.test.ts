import assert from 'node:assert/strict';
import type { Pod } from '../../../src/api/builtin.ts';
import { labels } from '../../../src/api/group.ts';
import { removeOrphans } from '../../../src/controllers/minerpool/orphans.ts';
import type { DeleteOptions, KubeClient } from '../../../src/kube/client.ts';
import { ApiError } from '../../../src/kube/errors.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { AWAY, handFleet } from '../../support/hand-fleet.ts';
import { NOW, minerPool } from '../../support/pool-objects.ts';
import { memberPod } from '../../support/seen-fleet.ts';

function labelled(pod: Pod, more: Record<string, string>): Pod {
  return { ...pod, metadata: { ...pod.metadata, labels: { ...pod.metadata.labels, ...more } } };
}

interface Options {
  readonly pool?: ReturnType<typeof minerPool> | undefined;
  readonly home?: string | undefined;
  readonly failure?: ApiError;
  readonly isAway?: boolean;
  readonly signal?: AbortSignal;
}

/** Which of the pods of member `a` are deleted for the pool `default/pool`. */
async function deletedOf(pods: readonly Pod[], options: Options = {}): Promise<string[]> {
  const deleted: string[] = [];
  const client: Partial<KubeClient> = {
    delete: (_type, { name }, { uid }: DeleteOptions = {}) => {
      if (options.failure !== undefined) {
        return Promise.reject(options.failure);
      }
      deleted.push(`${name} ${uid}`);
      return Promise.resolve();
    },
  };
  const home = 'home' in options ? options.home : 'home';
  const { fleet, known, clusters } = handFleet({ a: { pods, client }, local: { pods, client } });
  const parts = {
    fleet: { ...fleet, homeUid: () => Promise.resolve(home) },
    known,
    clock: { now: () => NOW },
  };
  if (options.isAway === true) {
    (clusters['a'] ?? assert.fail()).view = AWAY;
  }
  const { signal = new AbortController().signal } = options;
  await removeOrphans('default/pool', options.pool, parts, { log: silentLogger, signal });
  return deleted;
}

describe('controllers/minerpool/orphans', () => {
  const pod = memberPod('a', 0);
  const { [labels.home]: _home, ...unmarked } = pod.metadata.labels ?? {};
  const rows: { name: string; pods: readonly Pod[]; options?: Options; expect: string[] }[] = [
    { name: 'deletes what a pool has left that is gone', pods: [pod], expect: ['pool-0 a-pool-0'] },
    {
      name: 'leaves the pods of the pool that is there',
      pods: [pod],
      options: { pool: minerPool() },
      expect: [],
    },
    {
      name: 'deletes what a former pool of the name has left',
      pods: [pod],
      options: { pool: minerPool({}, { uid: 'another' }) },
      expect: ['pool-0 a-pool-0'],
    },
    {
      name: 'leaves what another Headframe has made for a pool of the name',
      pods: [labelled(pod, { [labels.home]: 'elsewhere' })],
      expect: [],
    },
    {
      name: 'leaves everything while nobody knows what is ours',
      pods: [pod],
      options: { home: undefined },
      expect: [],
    },
    {
      name: 'leaves also what carries no mark of a Headframe',
      pods: [{ ...pod, metadata: { ...pod.metadata, labels: unmarked } }],
      options: { home: undefined },
      expect: [],
    },
    {
      name: 'leaves pods of another pool',
      pods: [labelled(pod, { [labels.pool]: 'other' })],
      expect: [],
    },
    { name: 'deletes nothing twice', pods: [memberPod('a', 0, { terminating: true })], expect: [] },
    { name: 'waits for a cluster that cannot be asked', pods: [pod], options: { isAway: true }, expect: [] },
    {
      name: 'does not mind who was faster',
      pods: [pod],
      options: { failure: new ApiError('gone', { code: 404, reason: 'NotFound' }) },
      expect: [],
    },
  ];
  for (const { name, pods, options, expect } of rows) {
    it(name, async () => {
      assert.deepEqual(await deletedOf(pods, options), expect);
    });
  }

  it('tries again what was refused', async () => {
    const failure = new ApiError('no', { code: 403, reason: 'Forbidden' });

    await assert.rejects(deletedOf([pod], { failure }), failure);
  });

  it('deletes nothing once the operator must stop', async () => {
    await assert.rejects(deletedOf([pod], { signal: AbortSignal.abort() }));
  });
});
