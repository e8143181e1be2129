import assert from 'node:assert/strict';
import { startTestCluster, type TestCluster } from '../../support/test-cluster.ts';
import { untilPasses } from '../../support/until-passes.ts';
import {
  busiestSecond,
  reconnectMs,
  startProxiedOperator,
  watched,
  type ProxiedOperator,
} from './operator-behind-proxy.ts';
import { inTurns } from './in-turns.ts';
import { putOnTrial, type PoolOnTrial } from './pool-on-trial.ts';
import { timeLimit } from './time-limit.ts';

/** A cluster with an operator behind a fault proxy: where one fault after the other is tried. */
export interface TrialGround {
  readonly cluster: TestCluster;
  readonly operator: ProxiedOperator;
  stop(): Promise<void>;
}

/** Something to try: a fault and what must come of it. The pool is new, and there is no fault yet. */
export interface Trial {
  readonly name: string;
  run(ground: TrialGround, pool: PoolOnTrial): Promise<void>;
}

const RECONNECT_MS = timeLimit(2000);
/**
 * In any one second while things go wrong. A key that fails is tried after 5, 10, 20 ... ms, some eight times in the first second, each
 * time with a handful of writes (pods, status, events); a watch at most every 0.6 s; the look at the server every 0.19 s.
 */
const MOST_PER_SECOND = 100;
/** The same without writes and what belongs to them: eight watches, each at most four times (ended, resumed, expired, listed), and six looks. */
const MOST_WATCHES_PER_SECOND = 38;

/** Starts everything; the operator's watches are open then. */
export async function startTrialGround(): Promise<TrialGround> {
  const cluster = await startTestCluster();
  const operator = await startProxiedOperator(cluster.connection);
  const { record } = operator.proxy;
  await untilPasses(() =>
    assert.ok(watched.every((resource) => record.some((entry) => entry.resource === resource))),
  );
  return {
    cluster,
    operator,
    async stop() {
      await operator.stop();
      await cluster.stop();
    },
  };
}

/** Runs the trials, as many at the same time as there are grounds. */
export function runTrials(trials: readonly Trial[], grounds: readonly TrialGround[]): Promise<void>[] {
  const names = new Map(trials.map((trial, index) => [trial, `pool-${index}`]));
  return inTurns(trials, grounds, (trial, ground) => runTrial(trial, ground, names.get(trial) ?? ''));
}

async function runTrial(trial: Trial, ground: TrialGround, name: string): Promise<void> {
  const pool = await putOnTrial(ground.cluster, name);
  try {
    await trial.run(ground, pool);
  } finally {
    try {
      await ground.operator.proxy.heal();
      await pool.delete();
      await pool.settled();
    } finally {
      await pool.stop();
    }
  }
}

/**
 * What must hold after every fault: all watches back in time, the pool as wanted, nothing too much at any time, and never a hot loop.
 * Moments are of the proxy's record.
 */
export async function assertRecovers(
  { operator }: TrialGround,
  pool: PoolOnTrial,
  { startedAt, healedAt }: { readonly startedAt: number; readonly healedAt: number },
): Promise<void> {
  const { record } = operator.proxy;
  await untilPasses(() => assert.notEqual(reconnectMs(record, healedAt), Infinity), 20_000);
  const reconnectedMs = reconnectMs(record, healedAt);
  assert.ok(reconnectedMs <= RECONNECT_MS, `all watches were back after ${reconnectedMs} ms`);
  await pool.settled();
  const busiest = busiestSecond(record, startedAt, performance.now());
  assert.ok(busiest <= MOST_PER_SECOND, `${busiest} requests within a second`);
  const watching = record.filter(({ verb }) => ['watch', 'list', 'other'].includes(verb));
  const most = busiestSecond(watching, startedAt, performance.now());
  assert.ok(most <= MOST_WATCHES_PER_SECOND, `${most} watches, lists and looks within a second`);
  assert.equal(operator.program.child.exitCode, null, operator.program.stderr());
}
