import assert from 'node:assert/strict';
import type { Fault } from '../../src/devcluster/fault-proxy/fault.ts';
import { clusterKind, startTestCluster, type TestCluster } from '../support/test-cluster.ts';
import { untilPasses } from '../support/until-passes.ts';
import { inTurns } from '../integration/support/in-turns.ts';
import { isWrite } from '../integration/support/operator-behind-proxy.ts';
import { firstWrite, startContest, writes, type Contest } from '../integration/support/contest.ts';
import { timeLimit } from '../integration/support/time-limit.ts';

/** The former leader's goodbye, a look at the lease every second at most, and the first reconcile. */
const AFTER_TERM_MS = timeLimit(2000);
/** The lease of 15 s, and 2 s. */
const AFTER_KILL_MS = 15_000 + timeLimit(2000);
/** An embedded control plane costs next to nothing, so contests need not wait for each other. */
const CLUSTERS = clusterKind === 'real' ? 1 : 3;

interface Trial {
  readonly name: string;
  run(contest: Contest): Promise<void>;
}

const onTerm: Trial = {
  name: `on SIGTERM the other acts within ${AFTER_TERM_MS / 1000} s`,
  async run({ leader, standby }) {
    const endedAt = performance.now();
    const finished = leader.program.end('SIGTERM');
    const tookOverMs = (await firstWrite(standby)) - endedAt;
    assert.ok(tookOverMs <= AFTER_TERM_MS, `${tookOverMs} ms`);
    assert.equal((await finished).code, 0);
  },
};

const onKill: Trial = {
  name: `on SIGKILL the other acts within ${AFTER_KILL_MS / 1000} s`,
  async run({ leader, standby }) {
    const endedAt = performance.now();
    await leader.program.end('SIGKILL');
    const tookOverMs = (await firstWrite(standby)) - endedAt;
    assert.ok(tookOverMs <= AFTER_KILL_MS, `${tookOverMs} ms`);
    assert.ok(tookOverMs > 10_000, 'nobody may have taken a lease that had not run out');
  },
};

const onFreeze: Trial = {
  name: 'a leader that was frozen never writes after it has lost its lease, and ends',
  async run({ leader, standby }) {
    // Frozen in the middle of a reconcile: when it wakes up, an answer is there before any timer has fired, and the next write is due.
    const fault: Fault = { kind: 'latency', ms: 400, jitterMs: 0 };
    leader.proxy.inject([{ name: 'slow', match: { resources: ['pods'] }, fault }]);
    await untilPasses(() =>
      assert.ok(writes(leader).some(({ rule, answeredAt }) => rule === 'slow' && answeredAt === undefined)),
    );
    leader.program.child.kill('SIGSTOP');
    const frozenAt = performance.now();
    await firstWrite(standby);
    leader.program.child.kill('SIGCONT');
    const { code, stderr } = await leader.program.finished;

    assert.equal(code, 1);
    assert.match(stderr, /another operator has the lease now; this one ends/);
    // What was on its way when it froze came in at once.
    const late = leader.proxy.record.filter((entry) => isWrite(entry) && entry.at > frozenAt + 1000);
    assert.deepEqual(
      late.filter(({ resource }) => resource !== 'leases').map(({ verb, path }) => `${verb} ${path}`),
      [],
    );
    assert.ok(
      late.every(({ status }) => status === 409),
      'a renewal that comes too late is refused',
    );
  },
};

const trials: readonly Trial[] = [onTerm, onKill, onFreeze];

describe(`two operators on the ${clusterKind} control plane: only the leader writes, no pod is ever too many, and`, function () {
  this.timeout(120_000);
  let clusters: TestCluster[] = [];
  let outcomes: readonly Promise<void>[] = [];

  before(async () => {
    clusters = await Promise.all(Array.from({ length: CLUSTERS }, () => startTestCluster()));
    outcomes = inTurns([...trials.entries()], clusters, compete);
  });
  after(async () => {
    await Promise.allSettled(outcomes);
    await Promise.all(clusters.map((cluster) => cluster.stop()));
  });

  async function compete([index, trial]: [number, Trial], cluster: TestCluster): Promise<void> {
    const contest = await startContest(cluster, `contested-${index}`);
    try {
      await untilPasses(() => assert.ok(writes(contest.leader).length > 5));
      assert.deepEqual(writes(contest.standby), []);
      await trial.run(contest);
      await contest.settled();
    } finally {
      await contest.stop();
    }
  }

  trials.forEach(({ name }, index) => {
    it(name, () => outcomes[index]);
  });
});
