import assert from 'node:assert/strict';
import type { RequestEntry } from '../../../src/devcluster/fault-proxy/request-record.ts';
import type { TestCluster } from '../../support/test-cluster.ts';
import { untilPasses } from '../../support/until-passes.ts';
import { isWrite, startProxiedOperator, type ProxiedOperator } from './operator-behind-proxy.ts';
import { putOnTrial } from './pool-on-trial.ts';

/** Two operators, one lease, and a pool that gives whoever leads something to write all the time. */
export interface Contest {
  readonly leader: ProxiedOperator;
  /** Has full caches and waits for the lease. */
  readonly standby: ProxiedOperator;
  /** No more changes; waits until the pool is as it was last wanted, and judges the whole record of its pods. */
  settled(): Promise<void>;
  /** Ends both operators. The pool is deleted. */
  stop(): Promise<void>;
}

const CHANGE_EVERY_MS = 150;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** @param name of the pool and of the lease */
export async function startContest(cluster: TestCluster, name: string): Promise<Contest> {
  const start = (): Promise<ProxiedOperator> =>
    startProxiedOperator(cluster.connection, [`--leader-election-id=${name}`]);
  const pool = await putOnTrial(cluster, name);
  const leader = await start();
  await untilPasses(() => assert.ok(leads(leader)));
  const standby = await start();
  await untilPasses(() => assert.ok(looks(standby)));
  let over = false;
  const working = work();

  async function work(): Promise<void> {
    for (let replicas = 1; !over; replicas = (replicas % 3) + 1) {
      await pool.apply({ replicas, image: 1 });
      await sleep(CHANGE_EVERY_MS);
    }
  }

  async function endWork(): Promise<void> {
    over = true;
    await working;
  }

  return {
    leader,
    standby,
    async settled() {
      await endWork();
      await pool.settled();
    },
    async stop() {
      await endWork();
      await Promise.all([leader.stop(), standby.stop()]);
      await pool.delete();
      await pool.stop();
    },
  };
}

function leads({ proxy }: ProxiedOperator): boolean {
  return proxy.record.some(({ resource, verb, status }) => {
    return (
      resource === 'leases' && (verb === 'update' || verb === 'create') && [200, 201].includes(status ?? 0)
    );
  });
}

function looks({ proxy }: ProxiedOperator): boolean {
  return proxy.record.some(({ resource, verb }) => resource === 'leases' && verb === 'get');
}

/** What the operator wrote besides its lease. */
export function writes({ proxy }: ProxiedOperator): RequestEntry[] {
  return proxy.record.filter((entry) => isWrite(entry) && entry.resource !== 'leases');
}

/** Waits for the first write of an operator, and says when it arrived: monotonic milliseconds of the proxy's record. */
export async function firstWrite(operator: ProxiedOperator): Promise<number> {
  return untilPasses(() => {
    const [first] = writes(operator);
    assert.ok(first);
    return first.at;
  });
}
