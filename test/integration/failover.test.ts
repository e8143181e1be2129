import assert from 'node:assert/strict';
import { clusterKind, startTestCluster, type TestCluster } from '../support/test-cluster.ts';
import { untilPasses } from '../support/until-passes.ts';
import type { RequestEntry } from '../../src/devcluster/fault-proxy/request-record.ts';
import { isWrite, startProxiedOperator, type ProxiedOperator } from './support/operator-behind-proxy.ts';
import { putOnTrial, type PoolOnTrial } from './support/pool-on-trial.ts';

/** The former leader's goodbye, a look at the lease every second at most, and the first reconcile. */
const AFTER_TERM_MS = 2000;
/** The lease of 15 s, and 2 s. */
const AFTER_KILL_MS = 17_000;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe(`two operators on the ${clusterKind} control plane`, function () {
  this.timeout(120_000);
  let cluster: TestCluster;
  let pool: PoolOnTrial;
  let leader: ProxiedOperator;
  let standby: ProxiedOperator;
  let working: Promise<void>;
  let over = false;

  before(async () => {
    cluster = await startTestCluster();
    pool = await putOnTrial(cluster, 'contested');
    leader = await start();
    await untilPasses(() => assert.ok(leads(leader)));
    standby = await start();
    await untilPasses(() => assert.ok(looks(standby)));
    working = work();
  });
  after(async () => {
    over = true;
    await working;
    await Promise.all([leader.stop(), standby.stop()]);
    await pool.stop();
    await cluster.stop();
  });

  function start(): Promise<ProxiedOperator> {
    return startProxiedOperator(cluster.connection, ['--leader-election-id=contested']);
  }

  /** Always something to do, so that whoever leads writes. */
  async function work(): Promise<void> {
    for (let replicas = 1; !over; replicas = (replicas % 3) + 1) {
      await pool.apply({ replicas, image: 1 });
      await sleep(150);
    }
  }

  const leads = ({ proxy }: ProxiedOperator): boolean =>
    proxy.record.some(({ resource, verb, status }) => {
      return (
        resource === 'leases' && (verb === 'update' || verb === 'create') && [200, 201].includes(status ?? 0)
      );
    });

  /** It has full caches and waits for the lease. */
  const looks = ({ proxy }: ProxiedOperator): boolean =>
    proxy.record.some(({ resource, verb }) => resource === 'leases' && verb === 'get');

  const writes = ({ proxy }: ProxiedOperator): RequestEntry[] =>
    proxy.record.filter((entry) => isWrite(entry) && entry.resource !== 'leases');

  async function firstWrite(operator: ProxiedOperator): Promise<number> {
    return untilPasses(() => {
      const [first] = writes(operator);
      assert.ok(first);
      return first.at;
    });
  }

  /** The standby leads now; another one stands by. */
  async function changeOver(): Promise<void> {
    await leader.stop();
    leader = standby;
    standby = await start();
    await untilPasses(() => assert.ok(looks(standby)));
  }

  it('only the leader writes', async () => {
    await untilPasses(() => assert.ok(writes(leader).length > 5));
    assert.deepEqual(writes(standby), []);
  });

  it('on SIGTERM the other acts within 2 s', async () => {
    const endedAt = performance.now();
    const finished = leader.program.end('SIGTERM');
    const tookOverMs = (await firstWrite(standby)) - endedAt;
    assert.ok(tookOverMs <= AFTER_TERM_MS, `${tookOverMs} ms`);
    assert.equal((await finished).code, 0);
    await changeOver();
  });

  it('on SIGKILL the other acts within 17 s', async () => {
    const endedAt = performance.now();
    await leader.program.end('SIGKILL');
    const tookOverMs = (await firstWrite(standby)) - endedAt;
    assert.ok(tookOverMs <= AFTER_KILL_MS, `${tookOverMs} ms`);
    assert.ok(tookOverMs > 10_000, 'nobody may have taken a lease that had not run out');
    await changeOver();
  });

  it('a leader that was frozen never writes after it has lost its lease, and ends', async () => {
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
  });

  it('left the pool as it was last wanted, and never with a pod too many', async () => {
    over = true;
    await working;
    await pool.settled();
  });
});
