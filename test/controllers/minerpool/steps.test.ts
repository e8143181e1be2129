import assert from 'node:assert/strict';
import type { Pod } from '../../../src/api/builtin.ts';
import type { KubeObject } from '../../../src/api/kube-object.ts';
import { createPace } from '../../../src/controller/pace.ts';
import { inFlightShare } from '../../../src/controller/in-flight-share.ts';
import { createExpectations } from '../../../src/controller/expectations.ts';
import { decide } from '../../../src/controllers/minerpool/decide.ts';
import type { Plan } from '../../../src/controllers/minerpool/plan.ts';
import { podSource, revisionName } from '../../../src/controllers/minerpool/revision.ts';
import type { Fleet } from '../../../src/controllers/fleet/fleet.ts';
import { writableClusters } from '../../../src/controllers/minerpool/writable-clusters.ts';
import type { ClusterView } from '../../../src/controllers/fleet/cluster-view.ts';
import { memberPod, placedPool, seenFleet } from '../../support/seen-fleet.ts';
import { seenHere } from '../../support/seen-here.ts';
import { doSteps, type StepsDone, type StepParts } from '../../../src/controllers/minerpool/steps.ts';
import type { DeleteOptions, KubeClient } from '../../../src/kube/client.ts';
import { ApiError, isConflict } from '../../../src/kube/errors.ts';
import { manualClock, settle } from '../../support/manual-clock.ts';
import { NOW, minerPool, poolPod } from '../../support/pool-objects.ts';

const REVISION = revisionName('pool', podSource(minerPool()));

/** The pods of an API server: names are unique, deletes check the UID, and single names can be made to refuse. */
function podServer(pods: Pod[]): {
  client: KubeClient;
  pods: Map<string, Pod>;
  deletes: DeleteOptions[];
  refuse: Map<string, ApiError>;
} {
  const byName = new Map(pods.map((pod) => [pod.metadata.name, pod]));
  const refuse = new Map<string, ApiError>();
  const deletes: DeleteOptions[] = [];
  const check = (verb: string, name: string): void => {
    const error = refuse.get(`${verb} ${name}`);
    if (error !== undefined) {
      throw error;
    }
  };
  const client = {
    get: (_type: unknown, { name }: { name: string }) => {
      const pod = byName.get(name);
      return pod === undefined ? Promise.reject(failure(404, 'NotFound')) : Promise.resolve(pod);
    },
    create: async (_type: unknown, manifest: KubeObject) => {
      await Promise.resolve();
      check('create', manifest.metadata.name);
      if (byName.has(manifest.metadata.name)) {
        throw failure(409, 'AlreadyExists');
      }
      const pod = { ...manifest, metadata: { ...manifest.metadata, uid: `new-${manifest.metadata.name}` } };
      byName.set(pod.metadata.name, pod as Pod);
      return pod;
    },
    delete: async (_type: unknown, { name }: { name: string }, options: DeleteOptions) => {
      await Promise.resolve();
      check('delete', name);
      if (!byName.has(name)) {
        throw failure(404, 'NotFound');
      }
      if (byName.get(name)?.metadata.uid !== options.uid) {
        throw failure(409, 'Conflict');
      }
      deletes.push(options);
      byName.delete(name);
    },
  } as unknown as KubeClient;
  return { client, pods: byName, deletes, refuse };
}

function failure(code: number, reason: string, message = reason): ApiError {
  return new ApiError(message, { code, reason });
}

/** The plan that a cache holding `cached` leads to. */
function planFor(
  cached: Pod[],
  awaySince: () => number | undefined = () => undefined,
  pool = minerPool(),
): Plan {
  return decide(seenHere({ pool, pods: cached, awaySince }), NOW);
}

function run(
  plan: Plan,
  client: KubeClient,
  parts: Partial<Pick<StepParts, 'clock' | 'pace' | 'isOutdated'>> = {},
): Promise<StepsDone> & { expectations: ReturnType<typeof createExpectations> } {
  const { clock = manualClock(), pace = createPace(), isOutdated = () => false } = parts;
  const expectations = createExpectations(clock);
  const part = inFlightShare({ alone: 64, shared: 64 }).join();
  const { signal } = new AbortController();
  const view = { kind: 'reachable', client, session: 0 };
  const clusters = writableClusters({ view: () => view } as unknown as Fleet, '');
  const done = doSteps(plan, { clusters, expectations, part, pace, clock, signal, isOutdated });
  return Object.assign(done, { expectations });
}

const ready = (ordinal: number): Pod => poolPod({ ordinal, revision: REVISION, node: 'n', readyFor: 60 });

describe('controllers/minerpool/steps', () => {
  it('creates what is missing, and expects to see it', async () => {
    const server = podServer([ready(0)]);
    const running = run(planFor([ready(0)]), server.client);
    const { outcome, error } = await running;

    assert.deepEqual([...server.pods.keys()].sort(), ['pool-0', 'pool-1', 'pool-2']);
    assert.deepEqual(outcome.created, ['pool-1', 'pool-2']);
    assert.equal(error, undefined);
    assert.equal(running.expectations.satisfied('default/pool'), false);
    running.expectations.observe('new-pool-1', false);
    running.expectations.observe('new-pool-2', false);
    assert.equal(running.expectations.satisfied('default/pool'), true);
  });

  it('leaves the rest to the next slice when the time is up, which then goes on at the pace it had', async () => {
    const server = podServer([]);
    const clock = { monotonic: () => (server.pods.size < 30 ? 0 : 3000) };
    const plan = planFor([], () => undefined, minerPool({ replicas: 500 }));
    const pace = createPace();

    const { outcome, error, more } = await run(plan, server.client, { clock, pace });

    assert.deepEqual([error, more], [undefined, true]);
    assert.ok(outcome.created.length >= 30 && outcome.created.length < 100, `${outcome.created.length} made`);

    let begun = 0;
    const never = { ...server.client, create: () => (begun++, new Promise<never>(() => undefined)) };
    const next = planFor([...server.pods.values()], () => undefined, minerPool({ replicas: 500 }));
    void run(next, never, { pace });
    await settle();
    assert.ok(begun >= 16, `${begun} begun before the first answer`);
  });

  it('ends its slice when the pool is another by now', async () => {
    const server = podServer([]);
    const pace = createPace();
    const plan = planFor([], () => undefined, minerPool({ replicas: 500 }));

    const { outcome, more } = await run(plan, server.client, {
      pace,
      isOutdated: () => server.pods.size >= 30,
    });

    assert.equal(more, true);
    assert.ok(outcome.created.length < 100, `${outcome.created.length} made`);
    const { scope } = plan;
    assert.equal(pace.firstBatch(scope.pool.metadata.uid, scope.updateRevision), 1);
  });

  it('leaves alone a pod of its own that the cache did not show, and waits for the cache', async () => {
    const server = podServer([ready(0), ready(1), ready(2)]);
    const running = run(planFor([ready(0), ready(1)]), server.client);
    const { outcome, error } = await running;

    assert.deepEqual([outcome.created, outcome.taken, error], [[], [], undefined]);
    assert.equal(running.expectations.satisfied('default/pool'), false);
  });

  it('reports a stranger that the cache did not show', async () => {
    const stranger = { ...ready(2), metadata: { ...ready(2).metadata, ownerReferences: [] } };
    const { outcome, error } = await run(planFor([ready(0), ready(1)]), podServer([stranger]).client);

    assert.deepEqual([outcome.taken, error], [['pool-2'], undefined]);
  });

  it('takes a pod that is gone for deleted, and waits for the cache', async () => {
    const running = run(planFor([ready(0), ready(1), ready(2), ready(3)]), podServer([]).client);
    const { outcome, error } = await running;

    assert.deepEqual([outcome.deleted, error], [[], undefined]);
    assert.equal(running.expectations.satisfied('default/pool'), false);
  });

  it('never deletes a pod of another UID, and tries again: who answers with a conflict has not said that the pod is gone', async () => {
    const other = { ...ready(3), metadata: { ...ready(3).metadata, uid: 'other' } };
    const server = podServer([other]);
    const running = run(planFor([ready(0), ready(1), ready(2), ready(3)]), server.client);
    const { outcome, error } = await running;

    assert.equal(server.pods.get('pool-3'), other);
    assert.deepEqual(outcome.deleted, []);
    assert.ok(error !== undefined && isConflict(error));
    assert.equal(running.expectations.satisfied('default/pool'), true);
  });

  it('waits for the node when it can, and does not when nobody is left to answer', async () => {
    const atWork = podServer([ready(3)]);
    await run(planFor([ready(0), ready(1), ready(2), ready(3)]), atWork.client);
    const lost = podServer([ready(0), ready(1), ready(2)]);
    await run(
      planFor([ready(0), ready(1), ready(2)], () => NOW - 61_000),
      lost.client,
    );

    assert.deepEqual(atWork.deletes, [{ uid: 'pool-3-uid' }]);
    assert.deepEqual(
      lost.deletes.map(({ gracePeriodSeconds }) => gracePeriodSeconds),
      [0, 0, 0],
    );
    assert.deepEqual([...lost.pods.values()].map(({ metadata }) => metadata.uid).sort(), [
      'new-pool-0',
      'new-pool-1',
      'new-pool-2',
    ]);
  });

  it('says why a create was refused, after one call', async () => {
    const server = podServer([]);
    for (const ordinal of [0, 1, 2]) {
      server.refuse.set(`create pool-${ordinal}`, failure(403, 'Forbidden', 'exceeded quota: gpus'));
    }
    const { outcome, error } = await run(planFor([]), server.client);

    assert.deepEqual([outcome.created, outcome.refusal], [[], 'exceeded quota: gpus']);
    assert.deepEqual([[...outcome.refusedIn], outcome.madeIn.size], [[['local', 'exceeded quota: gpus']], 0]);
    assert.ok(error instanceof ApiError);
  });

  it('says why a delete was refused, and creates what is missing all the same', async () => {
    const server = podServer([ready(1), ready(2), ready(3)]);
    server.refuse.set('delete pool-3', failure(403, 'Forbidden', 'may not delete pods'));
    const { outcome, error } = await run(planFor([ready(1), ready(2), ready(3)]), server.client);

    assert.deepEqual([outcome.created, outcome.refusal], [['pool-0'], 'may not delete pods']);
    assert.deepEqual([outcome.refusedIn.size, [...outcome.madeIn]], [0, ['local']]);
    assert.ok(error instanceof ApiError);
  });

  it('does not call a failure of the network a refusal', async () => {
    const server = podServer([]);
    server.refuse.set('create pool-0', failure(0, 'ConnectionFailed'));
    const { outcome, error } = await run(planFor([]), server.client);

    assert.equal(outcome.refusal, undefined);
    assert.ok(error instanceof ApiError);
  });

  describe('in several clusters', () => {
    const home = placedPool({ a: [0, 1], b: [2, 3] }, { replicas: 4 });

    interface Several {
      readonly done: StepsDone;
      readonly expectations: ReturnType<typeof createExpectations>;
    }

    /** Does what the pool asks for in members `a` and `b`; one without a server cannot be reached any more. */
    async function runIn(
      servers: Partial<Record<'a' | 'b', ReturnType<typeof podServer>>>,
      pool = home,
      pods: Record<string, Pod[]> = {},
    ): Promise<Several> {
      const plan = decide(
        seenFleet({
          pool,
          clusters: { a: { free: 8, pods: pods['a'] ?? [] }, b: { free: 8, pods: pods['b'] ?? [] } },
        }),
        NOW,
      );
      const expectations = createExpectations(manualClock());
      const view = (name: string): ClusterView => {
        const client = servers[name as 'a' | 'b']?.client;
        return client === undefined
          ? { kind: 'away', reason: 'Unreachable', message: '' }
          : ({ kind: 'reachable', client, session: 7 } as unknown as ClusterView);
      };
      const done = await doSteps(plan, {
        clusters: writableClusters({ view } as unknown as Fleet, 'home'),
        expectations,
        part: inFlightShare({ alone: 64, shared: 64 }).join(),
        pace: createPace(),
        clock: manualClock(),
        isOutdated: () => false,
        signal: new AbortController().signal,
      });
      return { done, expectations };
    }

    it('makes each pod where it belongs, and expects it of the session of its cluster', async () => {
      const servers = { a: podServer([]), b: podServer([]) };
      const { done, expectations } = await runIn(servers);

      assert.equal(done.error, undefined);
      assert.deepEqual([...servers.a.pods.keys()], ['pool-0', 'pool-1']);
      assert.deepEqual([...servers.b.pods.keys()], ['pool-2', 'pool-3']);
      const satisfied = (key: string): boolean => expectations.satisfied(key);
      assert.deepEqual(
        ['default/pool', 'default/pool@a#7', 'default/pool@b#7', 'default/pool@b#6'].map(satisfied),
        [true, false, false, true],
      );
    });

    it('makes all in one although another refuses, and says which did', async () => {
      const servers = { a: podServer([]), b: podServer([]) };
      for (const ordinal of [0, 1]) {
        servers.a.refuse.set(`create pool-${ordinal}`, failure(403, 'Forbidden', 'exceeded quota: gpus'));
      }
      const { done } = await runIn(servers);

      assert.deepEqual([...servers.a.pods.keys()], []);
      assert.deepEqual([...servers.b.pods.keys()], ['pool-2', 'pool-3']);
      assert.equal(done.outcome.refusal, 'cluster a: exceeded quota: gpus');
      assert.ok(done.error instanceof ApiError);
    });

    it('makes all in one although another cannot be reached any more: that is no refusal', async () => {
      const b = podServer([]);
      const { done } = await runIn({ b });

      assert.deepEqual([...b.pods.keys()], ['pool-2', 'pool-3']);
      assert.equal(done.outcome.refusal, undefined);
      assert.match(done.error?.message ?? '', /cluster a cannot be reached/);
    });

    it('deletes all in one although another refuses each of many', async () => {
      const many = 200;
      const inA = Array.from({ length: many }, (_, ordinal) => memberPod('a', ordinal + 2));
      const inB = [0, 1].map((ordinal) => memberPod('b', ordinal));
      const servers = { a: podServer(inA), b: podServer(inB) };
      for (let ordinal = 2; ordinal < many + 2; ordinal++) {
        servers.a.refuse.set(`delete pool-${ordinal}`, failure(403, 'Forbidden', 'may not delete pods'));
      }
      const { done } = await runIn(servers, placedPool({}, { replicas: 0 }), { a: inA, b: inB });

      assert.deepEqual([...servers.b.pods.keys()], []);
      assert.equal(servers.a.pods.size, many);
      assert.equal(done.outcome.refusal, 'cluster a: may not delete pods');
    });
  });
});
