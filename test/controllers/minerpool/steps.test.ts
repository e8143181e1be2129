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
    assert.ok(error instanceof ApiError);
  });

  it('says why a delete was refused, and creates what is missing all the same', async () => {
    const server = podServer([ready(1), ready(2), ready(3)]);
    server.refuse.set('delete pool-3', failure(403, 'Forbidden', 'may not delete pods'));
    const { outcome, error } = await run(planFor([ready(1), ready(2), ready(3)]), server.client);

    assert.deepEqual([outcome.created, outcome.refusal], [['pool-0'], 'may not delete pods']);
    assert.ok(error instanceof ApiError);
  });

  it('does not call a failure of the network a refusal', async () => {
    const server = podServer([]);
    server.refuse.set('create pool-0', failure(0, 'ConnectionFailed'));
    const { outcome, error } = await run(planFor([]), server.client);

    assert.equal(outcome.refusal, undefined);
    assert.ok(error instanceof ApiError);
  });
});
