import assert from 'node:assert/strict';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { clusterKind, startTestCluster, type TestCluster } from '../support/test-cluster.ts';
import { mixedFaults } from '../integration/support/fault-kinds.ts';
import {
  busiestSecond,
  startProxiedOperator,
  type ProxiedOperator,
} from '../integration/support/operator-behind-proxy.ts';
import { putOnTrial, type PoolOnTrial } from '../integration/support/pool-on-trial.ts';

const KILLS = Number(process.env['HEADFRAME_CHAOS_KILLS'] ?? 100);
/** An operator needs some 200 ms and more to start: from dead on arrival to the middle of its work. */
const MIN_LIFE_MS = 150;
const MAX_LIFE_MS = clusterKind === 'real' ? 2000 : 1200;
const MAX_PAUSE_MS = 800;
/** As in trial-ground.ts; every start adds five lists, and the reconciles of everything there is. */
const MOST_PER_SECOND = 150;

const seed = Number(process.env['HEADFRAME_CHAOS_SEED'] ?? Date.now() % 1_000_000);

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe(`${KILLS} kills of the operator under mixed faults, on the ${clusterKind} control plane (HEADFRAME_CHAOS_SEED=${seed})`, function () {
  this.timeout(100_000 + KILLS * 3500);
  let cluster: TestCluster;
  let operator: ProxiedOperator;
  let pools: PoolOnTrial[];

  before(async () => {
    cluster = await startTestCluster();
    pools = await Promise.all(['red', 'green', 'blue'].map((name) => putOnTrial(cluster, name)));
    operator = await startProxiedOperator(cluster.connection);
  });
  after(async () => {
    await operator.stop();
    await Promise.all(pools.map((pool) => pool.stop()));
    await cluster.stop();
  });

  function dice(stream: number): (below: number) => number {
    const generator = xoroshiro128plus(seed + stream);
    return (below) => Math.floor(uniformFloat64(generator) * below);
  }

  /** Creates, scales, updates, suspends and deletes, until told to stop; leaves the pool with a spec. */
  async function churn(
    pool: PoolOnTrial,
    below: (limit: number) => number,
    over: () => boolean,
  ): Promise<void> {
    while (!over()) {
      if (below(8) === 0) {
        await pool.delete();
      } else {
        await pool.apply({ replicas: below(7), image: 1 + below(3), suspend: below(10) === 0 });
      }
      await sleep(below(MAX_PAUSE_MS));
    }
    await pool.apply({ replicas: 1 + below(6), image: 1 + below(3) });
  }

  it('ends with exactly the wanted pods, never had too many, and never ran hot', async () => {
    const startedAt = performance.now();
    let over = false;
    const churning = pools.map((pool, index) => churn(pool, dice(1 + index), () => over));
    const below = dice(0);
    try {
      for (let kill = 0; kill < KILLS; kill++) {
        operator.proxy.inject(mixedFaults(), seed + kill);
        await sleep(MIN_LIFE_MS + below(MAX_LIFE_MS - MIN_LIFE_MS));
        await operator.restart();
      }
    } finally {
      over = true;
      await Promise.all(churning);
    }
    await operator.proxy.heal();
    await ensureRuns();

    await Promise.all(pools.map((pool) => pool.settled()));
    assert.ok(pools.every((pool) => pool.log.created.length > 0));
    const busiest = busiestSecond(operator.proxy.record, startedAt, performance.now());
    assert.ok(busiest <= MOST_PER_SECOND, `${busiest} requests within a second`);
  });

  /** An operator that meets a fault at its very first request ends: whoever runs it starts it again. */
  async function ensureRuns(): Promise<void> {
    await sleep(500);
    if (operator.program.child.exitCode !== null) {
      await operator.restart();
    }
  }
});
