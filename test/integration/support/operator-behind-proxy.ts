import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFaultProxy, type FaultProxy } from '../../../src/devcluster/fault-proxy/fault-proxy.ts';
import type { RequestEntry } from '../../../src/devcluster/fault-proxy/request-record.ts';
import type { Connection } from '../../../src/kube/connection.ts';
import { startOperator, type RunningProgram } from '../../support/operator.ts';

/** An operator in a process of its own that reaches the API server through a fault proxy of its own. */
export interface ProxiedOperator {
  readonly proxy: FaultProxy;
  /** The one that runs now, or ran last. */
  readonly program: RunningProgram;
  /** Kills the operator with SIGKILL and starts another behind the same proxy. */
  restart(): Promise<void>;
  /** Ends the operator, then the proxy. */
  stop(): Promise<void>;
}

export async function startProxiedOperator(
  target: Connection,
  flags: readonly string[] = [],
): Promise<ProxiedOperator> {
  const proxy = await startFaultProxy({ target });
  const folder = await mkdtemp(join(tmpdir(), 'headframe-test-'));
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, proxy.kubeconfig, { mode: 0o600 });
  let program = startOperator(kubeconfig, flags);
  return {
    proxy,
    get program() {
      return program;
    },
    async restart() {
      await program.end('SIGKILL');
      program = startOperator(kubeconfig, flags);
    },
    async stop() {
      await program.end('SIGKILL');
      await proxy.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What the operator keeps a watch on. */
export const watched = [
  'minerpools',
  'computeclusters',
  'stakingnetworks',
  'stakeaccounts',
  'chaintransactions',
  'pods',
  'nodes',
  'controllerrevisions',
];

/**
 * Milliseconds from the recovery until every watch was open; infinite as long as one is not. The proxy has reset all in which a fault was
 * left, so a watch that outlived that moment is sound; one that was answered only to be told that its version has expired is none.
 *
 * One second that the server itself asks for after that does not count: kube-apiserver is ready before the storage of custom resources
 * is, and answers the first request with `429, Retry-After: 1`.
 */
export function reconnectMs(record: readonly RequestEntry[], healedAt: number): number {
  const times = watched.map((resource) => {
    const watches = record.filter((entry) => entry.resource === resource && entry.verb === 'watch');
    const opened = watches
      .filter(({ status }) => status === 200)
      .filter(({ answeredAt = Infinity, endedAt = Infinity }) => {
        return endedAt > Math.max(healedAt, answeredAt) + RESET_MS;
      })
      .map(({ answeredAt = Infinity }) => answeredAt);
    const openedAt = Math.min(...opened);
    const askedToWait = watches.some(
      ({ status, rule, answeredAt = 0 }) =>
        status === 429 && rule === undefined && answeredAt > healedAt && answeredAt < openedAt,
    );
    return Math.max(0, openedAt - healedAt - (askedToWait ? ASKED_TO_WAIT_MS : 0));
  });
  return Math.max(...times);
}

/** What kube-apiserver's Retry-After says. */
const ASKED_TO_WAIT_MS = 1000;

/** Until the proxy's record knows that a connection was reset, or that the API server has ended a watch with its first event. */
const RESET_MS = 50;

const writing = ['create', 'update', 'patch', 'delete'];

export function isWrite({ verb }: RequestEntry): boolean {
  return writing.includes(verb);
}

/** The most requests that arrived within any one second between two moments. */
export function busiestSecond(record: readonly RequestEntry[], from: number, to: number): number {
  const times = record.map(({ at }) => at).filter((at) => at >= from && at <= to);
  let most = 0;
  let first = 0;
  times.forEach((at, index) => {
    while ((times[first] ?? at) <= at - 1000) {
      first++;
    }
    most = Math.max(most, index - first + 1);
  });
  return most;
}
