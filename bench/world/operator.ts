import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePorts } from '../../src/devcluster/process/free-port.ts';
import type { ProcessGuard } from '../../src/devcluster/process/guard.ts';
import { sleep, systemClock } from '../../src/time/clock.ts';
import { parseMetrics, type Scrape, valueOf } from './metrics.ts';

/** The operator as a process of its own, with its settings as shipped. */
export interface Operator {
  readonly pid: number;
  /** Milliseconds from the start of the process to the first /readyz that answered 200. */
  readonly readyAfterMs: number;
  /** Reads /metrics. The event-loop figures in it are those since the scrape before. */
  scrape(): Promise<Scrape>;
  /** CPU time so far, in seconds. */
  cpuSeconds(): Promise<number>;
  /** The largest resident memory so far, in MiB; undefined where the system does not say (Linux does). */
  peakMiB(): Promise<number | undefined>;
  /** Ends it in good order. */
  stop(): Promise<void>;
}

export interface OperatorOptions {
  /** The bundle. */
  readonly program: string;
  readonly kubeconfig: string;
  readonly folder: string;
  readonly guard: ProcessGuard;
  readonly onEnd: (message: string) => void;
  /** Told at each scrape of the event loop's p99 delay since the one before, in ms. */
  readonly onLag: (ms: number) => void;
}

const READY_WITHIN_MS = 120_000;
const LOOK_EVERY_MS = 20;

/**
 * Starts it and waits until it is ready. `HEADFRAME_BENCH_NODE_FLAGS` goes to its Node: `--cpu-prof --cpu-prof-dir=/tmp/profiles`
 * shows where its time goes.
 * @throws Error with the end of its log
 */
export async function startOperator(options: OperatorOptions): Promise<Operator> {
  const { program, kubeconfig, folder, guard, onEnd, onLag } = options;
  const [metricsPort = 0, probePort = 0] = await freePorts(2);
  const nodeFlags = (process.env['HEADFRAME_BENCH_NODE_FLAGS'] ?? '')
    .split(' ')
    .filter((flag) => flag !== '');
  const started = systemClock.monotonic();
  const child = guard.spawn(
    process.execPath,
    [
      ...nodeFlags,
      program,
      'operator',
      `--kubeconfig=${kubeconfig}`,
      `--metrics-bind-address=127.0.0.1:${metricsPort}`,
      `--health-probe-bind-address=127.0.0.1:${probePort}`,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const logFile = join(folder, `operator-${metricsPort}.log`);
  child.stderr?.pipe(createWriteStream(logFile));
  const ended = new AbortController();
  let stopping = false;
  const exited = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      ended.abort();
      resolve();
      if (!stopping) {
        onEnd(`the operator has ended (${signal ?? `exit code ${code ?? '?'}`}); its log is ${logFile}`);
      }
    });
  });
  const deadline = started + READY_WITHIN_MS;
  while (!(await isReady(probePort))) {
    if (ended.signal.aborted || systemClock.monotonic() > deadline) {
      const log = await readFile(logFile, 'utf8').catch(() => '');
      throw new Error(
        `the operator did not become ready:\n${log.trimEnd().split('\n').slice(-10).join('\n')}`,
      );
    }
    await sleep(systemClock, LOOK_EVERY_MS);
  }
  const pid = child.pid ?? 0;
  const scrape = async (): Promise<Scrape> => {
    const answer = await fetch(`http://127.0.0.1:${metricsPort}/metrics`);
    const samples = parseMetrics(await answer.text());
    onLag(valueOf(samples, 'nodejs_eventloop_lag_p99_seconds') * 1000);
    return samples;
  };
  return {
    pid,
    readyAfterMs: systemClock.monotonic() - started,
    scrape,
    async cpuSeconds() {
      return valueOf(await scrape(), 'process_cpu_seconds_total');
    },
    async peakMiB() {
      const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
      const kib = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
      return kib === undefined ? undefined : Number(kib) / 1024;
    },
    async stop() {
      stopping = true;
      child.kill('SIGTERM');
      await exited;
    },
  };
}

async function isReady(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/readyz`).then(
    async (answer) => {
      await answer.arrayBuffer();
      return answer.status === 200;
    },
    () => false,
  );
}
