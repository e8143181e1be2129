import assert from 'node:assert/strict';
import type { FaultProxy } from '../../src/devcluster/fault-proxy/fault-proxy.ts';
import type { RequestEntry } from '../../src/devcluster/fault-proxy/request-record.ts';
import { clusterKind, startTestCluster, type TestCluster } from '../support/test-cluster.ts';
import { untilPasses } from '../support/until-passes.ts';
import { faultKinds, mixedFaults } from './support/fault-kinds.ts';
import {
  busiestSecond,
  isWrite,
  reconnectMs,
  startProxiedOperator,
  watched,
  type ProxiedOperator,
} from './support/operator-behind-proxy.ts';
import { putOnTrial, type PoolOnTrial } from './support/pool-on-trial.ts';

const RECONNECT_MS = 2000;
/**
 * In any one second while things go wrong. A key that fails is tried after 5, 10, 20 ... ms, some eight times in the first second, each
 * time with a handful of writes (pods, status, events); a watch at most every 0.6 s; the look at the server every 0.75 s.
 */
const MOST_PER_SECOND = 100;
/** How long a fault lasts between two changes of the pool. */
const STEP_MS = clusterKind === 'real' ? 500 : 250;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe(`the operator under faults, on the ${clusterKind} control plane`, function () {
  this.timeout(120_000);
  let cluster: TestCluster;
  let operator: ProxiedOperator;
  let proxy: FaultProxy;
  let pool: PoolOnTrial;
  let pools = 0;

  before(async () => {
    cluster = await startTestCluster();
    operator = await startProxiedOperator(cluster.connection);
    proxy = operator.proxy;
    await untilPasses(() =>
      assert.ok(watched.every((resource) => proxy.record.some((entry) => entry.resource === resource))),
    );
  });
  after(async () => {
    await operator.stop();
    await cluster.stop();
  });
  beforeEach(async () => {
    pool = await putOnTrial(cluster, `pool-${pools++}`);
  });
  afterEach(async () => {
    await proxy.heal();
    await pool.delete();
    await pool.settled();
    await pool.stop();
  });

  /** Creates, scales up, updates, scales down, suspends, resumes: one after the other, none of them waited for. */
  async function liveThrough(): Promise<void> {
    const steps = [
      { replicas: 3, image: 1 },
      { replicas: 5, image: 1 },
      { replicas: 5, image: 2 },
      { replicas: 2, image: 2 },
      { replicas: 2, image: 2, suspend: true },
      { replicas: 4, image: 2 },
    ];
    for (const step of steps) {
      await pool.apply(step);
      await sleep(STEP_MS);
    }
  }

  /** After `heal`: all watches back in time, the pool as wanted, nothing too much at any time, and then silence. */
  async function recovers(startedAt: number, healedAt: number): Promise<void> {
    await untilPasses(() => assert.notEqual(reconnectMs(proxy.record, healedAt), Infinity), 20_000);
    assert.ok(
      reconnectMs(proxy.record, healedAt) <= RECONNECT_MS,
      `${reconnectMs(proxy.record, healedAt)} ms`,
    );
    await pool.settled();
    const busiest = busiestSecond(proxy.record, startedAt, performance.now());
    assert.ok(busiest <= MOST_PER_SECOND, `${busiest} requests within a second`);
    assert.equal(operator.program.child.exitCode, null, operator.program.stderr());
  }

  for (const [name, rules] of Object.entries(faultKinds)) {
    it(`${name}: the pods are as wanted, never too many, and the watches back within 2 s`, async () => {
      const startedAt = performance.now();
      proxy.inject(
        rules.map((rule) => ({ ...rule, name })),
        1,
      );
      proxy.cut();
      await liveThrough();
      assert.ok(proxy.record.some((entry) => entry.at >= startedAt && entry.rule === name));
      await recovers(startedAt, await proxy.heal());
    });
  }

  it('connections that are refused: the same', async () => {
    const startedAt = performance.now();
    await proxy.refuse();
    await liveThrough();
    await recovers(startedAt, await proxy.heal());
  });

  it('an API server that is killed and comes back: the same', async () => {
    const startedAt = performance.now();
    await pool.apply({ replicas: 4, image: 1 });
    await cluster.controlPlane.restartApiServer(500);
    const backAt = performance.now();
    await pool.apply({ replicas: 3, image: 2 });
    await recovers(startedAt, backAt);
  });

  it('a pool that is deleted while answers are lost leaves nothing behind', async () => {
    await pool.apply({ replicas: 4, image: 1 });
    await pool.settled();
    proxy.inject(mixedFaults(), 7);
    proxy.cut();
    await pool.delete();
    await sleep(2 * STEP_MS);
    await proxy.heal();
    await pool.settled();
  });

  for (const seed of [1, 2]) {
    it(`all of them at once (seed ${seed}): the same, and then neither a write nor a LIST`, async () => {
      const startedAt = performance.now();
      proxy.inject(mixedFaults(), seed);
      proxy.cut();
      await liveThrough();
      await recovers(startedAt, await proxy.heal());

      // An event that met a fault waits ten seconds for its next try: events are left out.
      const busySince = (at: number): RequestEntry[] =>
        proxy.record.filter((entry) => entry.at > at && entry.resource !== 'events');
      await untilPasses(() => assert.deepEqual(busySince(performance.now() - 1000).filter(isWrite), []));
      const calmAt = performance.now();
      await sleep(1500);
      const busy = busySince(calmAt);
      assert.deepEqual(
        busy.map(({ verb, path }) => `${verb} ${path}`),
        [],
      );
    });
  }
});
