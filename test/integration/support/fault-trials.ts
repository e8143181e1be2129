import assert from 'node:assert/strict';
import type { RequestEntry } from '../../../src/devcluster/fault-proxy/request-record.ts';
import { clusterKind } from '../../support/test-cluster.ts';
import { untilPasses } from '../../support/until-passes.ts';
import { faultKinds, mixedFaults } from './fault-kinds.ts';
import { isWrite } from './operator-behind-proxy.ts';
import type { PoolOnTrial } from './pool-on-trial.ts';
import { assertRecovers, runTrials, startTrialGround, type Trial, type TrialGround } from './trial-ground.ts';

/** How long a fault lasts between two changes of the pool. */
const STEP_MS = clusterKind === 'real' ? 500 : 250;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What there is before anything goes wrong. */
async function settleIn(pool: PoolOnTrial): Promise<void> {
  await pool.apply({ replicas: 2, image: 1 });
  await pool.settled();
}

/**
 * Scales up, updates, scales down, suspends, resumes, updates: one after the other, none of them waited for. What is under way when the
 * faults end is an update of as many replicas as there ever were: one pod too many would be one more than there may be.
 */
async function liveThrough(pool: PoolOnTrial): Promise<void> {
  const steps = [
    { replicas: 4, image: 1 },
    { replicas: 4, image: 2 },
    { replicas: 1, image: 2 },
    { replicas: 1, image: 2, suspend: true },
    { replicas: 4, image: 2 },
    { replicas: 4, image: 3 },
  ];
  for (const step of steps) {
    await pool.apply(step);
    await sleep(STEP_MS);
  }
}

/** Each kind of fault alone. */
export const eachKind: readonly Trial[] = Object.entries(faultKinds).map(([kind, rules]) => ({
  name: `${kind}: the pods are as wanted, never too many, and the watches back within 2 s`,
  async run(ground, pool) {
    const { proxy } = ground.operator;
    await settleIn(pool);
    const startedAt = performance.now();
    proxy.inject(
      rules.map((rule) => ({ ...rule, name: kind })),
      1,
    );
    proxy.cut();
    await liveThrough(pool);
    await untilPasses(() =>
      assert.ok(proxy.record.some((entry) => entry.at >= startedAt && entry.rule === kind)),
    );
    await assertRecovers(ground, pool, { startedAt, healedAt: await proxy.heal() });
  },
}));

export const refusedConnections: Trial = {
  name: 'connections that are refused: the same',
  async run(ground, pool) {
    const { proxy } = ground.operator;
    const startedAt = performance.now();
    await proxy.refuse();
    await liveThrough(pool);
    await assertRecovers(ground, pool, { startedAt, healedAt: await proxy.heal() });
  },
};

export const restart: Trial = {
  name: 'an API server that is killed and comes back: the same',
  async run(ground, pool) {
    const startedAt = performance.now();
    await pool.apply({ replicas: 4, image: 1 });
    await ground.cluster.controlPlane.restartApiServer(500);
    const healedAt = performance.now();
    await pool.apply({ replicas: 3, image: 2 });
    await assertRecovers(ground, pool, { startedAt, healedAt });
  },
};

export const deletion: Trial = {
  name: 'a pool that is deleted while answers are lost leaves nothing behind',
  async run({ operator: { proxy } }, pool) {
    await pool.apply({ replicas: 4, image: 1 });
    await pool.settled();
    proxy.inject(mixedFaults(), 7);
    proxy.cut();
    await pool.delete();
    await sleep(2 * STEP_MS);
    await proxy.heal();
    await pool.settled();
  },
};

/** All kinds of faults at once. */
export const allAtOnce = (seed: number): Trial => ({
  name: `all of them at once (seed ${seed}): the same, and then neither a write nor a list`,
  async run(ground, pool) {
    const { proxy } = ground.operator;
    const startedAt = performance.now();
    proxy.inject(mixedFaults(), seed);
    proxy.cut();
    await liveThrough(pool);
    await assertRecovers(ground, pool, { startedAt, healedAt: await proxy.heal() });

    // An event that met a fault waits ten seconds for its next try, and an API server may end a watch at any time: neither counts.
    const busySince = (at: number): RequestEntry[] =>
      proxy.record.filter((entry) => entry.at > at && entry.resource !== 'events' && !entry.resumes);
    await untilPasses(() => assert.deepEqual(busySince(performance.now() - 1000).filter(isWrite), []));
    const calmAt = performance.now();
    await sleep(1500);
    const busy = busySince(calmAt);
    assert.deepEqual(
      busy.map(({ verb, path }) => `${verb} ${path}`),
      [],
    );
  },
});

/** How to try faults. */
export interface FaultTrials {
  /** Title of the suite, without the control plane. */
  readonly title: string;
  /** Trials under way at the same time: each with an API server, a fault proxy before it, and an operator of its own. */
  readonly grounds: number;
}

/** A suite of trials. */
export function tryFaults(trials: readonly Trial[], { title, grounds: wanted }: FaultTrials): void {
  describe(`${title}, on the ${clusterKind} control plane`, function () {
    this.timeout(240_000);
    let grounds: TrialGround[] = [];
    let outcomes: readonly Promise<void>[] = [];

    before(async () => {
      grounds = await Promise.all(Array.from({ length: wanted }, startTrialGround));
      outcomes = runTrials(trials, grounds);
    });
    after(async () => {
      await Promise.allSettled(outcomes);
      await Promise.all(grounds.map((ground) => ground.stop()));
    });

    trials.forEach(({ name }, index) => {
      it(name, () => outcomes[index]);
    });
  });
}
