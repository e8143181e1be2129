import assert from 'node:assert/strict';
import type { MinerPool } from '../../../src/api/miner-pool.ts';
import { createOwnWrites } from '../../../src/controller/own-writes.ts';
import { decide } from '../../../src/controllers/minerpool/decide.ts';
import {
  isHeld,
  reachesAbroad,
  withOurs,
  withoutOurs,
} from '../../../src/controllers/minerpool/finalizer.ts';
import { noPlaces } from '../../../src/controllers/minerpool/places.ts';
import type { Plan } from '../../../src/controllers/minerpool/plan.ts';
import { recordedStatus, withRecord } from '../../../src/controllers/minerpool/write-ahead.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import { ApiError, isConflict } from '../../../src/kube/errors.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { NOW, minerPool } from '../../support/pool-objects.ts';
import {
  MODEL,
  type SeenFleet,
  memberPod,
  placedPool,
  placementOf,
  seenFleet,
} from '../../support/seen-fleet.ts';

const OURS = 'headframe.dev/member-pods';

/** An API server that has one pool, and refuses what was worked out from another version of it. */
function serverWith(stored: MinerPool): { client: KubeClient; writes: string[]; pool: () => MinerPool } {
  let pool = stored;
  const writes: string[] = [];
  const write = (what: string, seen: unknown, change: (pool: MinerPool) => MinerPool): Promise<MinerPool> => {
    if (seen !== pool.metadata.resourceVersion) {
      return Promise.reject(new ApiError('changed', { code: 409, reason: 'Conflict' }));
    }
    writes.push(what);
    const { metadata, ...rest } = change(pool);
    pool = { ...rest, metadata: { ...metadata, resourceVersion: `${metadata.resourceVersion}+` } };
    return Promise.resolve(pool);
  };
  const client = {
    mergePatch: (_type: unknown, _key: unknown, patch: { metadata: MinerPool['metadata'] }) => {
      const { resourceVersion, finalizers = [] } = patch.metadata;
      return write(`finalizers ${finalizers.join(' ')}`, resourceVersion, (before) => ({
        ...before,
        metadata: { ...before.metadata, finalizers },
      }));
    },
    patchStatus: (_type: unknown, seen: MinerPool, status: Partial<NonNullable<MinerPool['status']>>) =>
      write(
        `places ${status.placement?.places.map(({ cluster, ordinals }) => `${cluster} ${ordinals}`).join(', ')}`,
        seen.metadata.resourceVersion,
        (before) => ({ ...before, status: { ...(before.status ?? ({} as never)), ...status } }),
      ),
  } as unknown as KubeClient;
  return { client, writes, pool: () => pool };
}

async function record(
  seen: SeenFleet,
  stored = seen.pool,
): Promise<{ plan: Plan; writes: string[]; pool: MinerPool; isBehind: boolean }> {
  const server = serverWith(stored);
  const ownWrites = createOwnWrites(manualClock());
  const plan = await withRecord(
    decide(seenFleet(seen), NOW),
    { client: server.client, ownWrites },
    new AbortController().signal,
  );
  return { plan, writes: server.writes, pool: server.pool(), isBehind: ownWrites.isBehind(seen.pool) };
}

const held = { finalizers: [OURS] };

describe('controllers/minerpool/write-ahead', () => {
  const rows: (SeenFleet & { name: string; expect: string[] })[] = [
    {
      name: 'holds the pool before it writes of places abroad',
      pool: placedPool({}, {}, { finalizers: ['other'] }),
      clusters: { a: { free: 8 } },
      expect: [`finalizers other ${OURS}`, 'places a 0-2'],
    },
    {
      name: 'holds it once',
      pool: placedPool({}, {}, held),
      clusters: { a: { free: 2 }, b: { free: 1, price: 2 } },
      expect: ['places a 0-1, b 2'],
    },
    {
      name: 'does not hold a pool that has all its places here: garbage collection sees to its pods',
      pool: placedPool({}),
      clusters: { local: { free: 8 } },
      expect: ['places local 0-2'],
    },
    {
      name: 'writes nothing that is written already',
      pool: placedPool({ a: [0, 1, 2] }, {}, held),
      clusters: { a: { free: 8 } },
      expect: [],
    },
    {
      name: 'holds a pool also whose places are written already: somebody may have taken the finalizer away',
      pool: placedPool({ a: [0, 1, 2] }),
      clusters: { a: { free: 8 } },
      expect: [`finalizers ${OURS}`],
    },
    {
      name: 'holds a pool whose places the status is about to tell, although no pod is made yet',
      pool: placedPool({}, { replicas: 1 }),
      clusters: { a: { free: 8, podNamed: () => memberPod('a', 0) } },
      expect: [`finalizers ${OURS}`],
    },
    {
      name: 'leaves to the status what asks for no step',
      pool: placedPool({ a: [0, 1] }, { replicas: 1 }, held),
      clusters: { a: { pods: [memberPod('a', 0)] } },
      expect: [],
    },
    {
      name: 'writes what is left behind before it is removed',
      pool: placedPool({ b: [0, 1, 2] }, {}, held),
      clusters: { a: { pods: [memberPod('a', 0)] }, b: { pods: [0, 1, 2].map((n) => memberPod('b', n)) } },
      expect: ['places b 0-2'],
    },
    {
      name: 'writes nothing of a pool that the scheduler places',
      pool: minerPool(),
      clusters: {},
      expect: [],
    },
  ];
  for (const { name, expect, ...seen } of rows) {
    it(name, async () => {
      const { writes } = await record(seen);
      assert.deepEqual(writes, expect);
    });
  }

  it('gives the plan on with the pool as it is now, and waits for the cache to show it', async () => {
    const { plan, pool, isBehind } = await record({ pool: placedPool({}), clusters: { a: { free: 8 } } });

    assert.deepEqual(plan.scope.pool.metadata, pool.metadata);
    assert.deepEqual(plan.scope.pool.status, pool.status);
    assert.equal(pool.status?.placement?.places[0]?.ordinals, '0-2');
    assert.equal(isBehind, true);
  });

  it('waits for the cache also when it has written nothing but the record', async () => {
    const { isBehind } = await record({ pool: placedPool({}, {}, held), clusters: { a: { free: 8 } } });

    assert.equal(isBehind, true);
  });

  it('makes nothing by a pool that somebody has changed meanwhile', async () => {
    const pool = placedPool({}, {}, held);
    const stored = { ...pool, metadata: { ...pool.metadata, resourceVersion: 'newer' } };

    await assert.rejects(record({ pool, clusters: { a: { free: 8 } } }, stored), isConflict);
  });

  it('writes nothing once the operator must stop', async () => {
    const { client, writes } = serverWith(placedPool({}));
    const plan = decide(seenFleet({ pool: placedPool({}), clusters: { a: { free: 8 } } }), NOW);
    const ownWrites = createOwnWrites(manualClock());

    await assert.rejects(withRecord(plan, { client, ownWrites }, AbortSignal.abort()));
    assert.deepEqual(writes, []);
  });

  it('names every field of the placement, so that a merge patch leaves none of the former ones', () => {
    const before = placementOf(
      { z: [9] },
      { summary: '1/1 cluster', refusals: [{ cluster: 'z', reason: 'r' }] },
    );
    const record = {
      places: new Map([[3, { cluster: 'a', model: MODEL }]]),
      leftBehind: new Map([['b', new Set([1, 0])]]),
      recentMoves: [{ ordinal: 3, at: NOW }],
    };

    assert.deepEqual(recordedStatus(before, record), {
      summary: '1/1 cluster',
      places: [{ cluster: 'a', model: MODEL, replicas: 0, ready: 0, ordinals: '3' }],
      refusals: [],
      leftBehind: [{ cluster: 'b', ordinals: '0-1' }],
      recentMoves: [{ ordinal: 3, moveTime: '2026-01-01T12:00:00Z' }],
    });
    assert.equal(recordedStatus(undefined, noPlaces).summary, '');
  });
});

describe('controllers/minerpool/finalizer', () => {
  it('is wanted by who has, or may have, pods abroad', () => {
    const places = (cluster: string): typeof noPlaces => ({
      ...noPlaces,
      places: new Map([[0, { cluster, model: MODEL }]]),
    });

    assert.equal(reachesAbroad(noPlaces), false);
    assert.equal(reachesAbroad(places('local')), false);
    assert.equal(reachesAbroad(places('a')), true);
    assert.equal(reachesAbroad({ ...noPlaces, leftBehind: new Map([['a', new Set([0])]]) }), true);
  });

  it('is one of several', () => {
    const pool = minerPool({}, { finalizers: ['x', OURS] });

    assert.equal(isHeld(pool), true);
    assert.equal(isHeld(minerPool({}, { finalizers: ['x'] })), false);
    assert.deepEqual(withoutOurs(pool), ['x']);
    assert.deepEqual(withOurs(minerPool()), [OURS]);
  });
});
