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
  /** Told at each scrape of the event loop's p99 lag since the one before, in ms: how much later than due a timer ran. */
  readonly onLag: (ms: number) => void;
}

const READY_WITHIN_MS = 120_000;
const LOOK_EVERY_MS = 20;

/**
 * prom-client has Node look at the event loop every 10 ms (eventLoopMonitoringPrecision), and Node's histogram is of the times between two
 * looks (perf_hooks.monitorEventLoopDelay): a loop that does nothing reads 10. What is beyond is the lag.
 */
const SAMPLING_INTERVAL_MS = 10;

/** As the image sets it: what is measured is what is run. */
async function imageNodeOptions(): Promise<string> {
  const dockerfile = await readFile(new URL('../../Dockerfile', import.meta.url), 'utf8');
  const options = /^ENV NODE_OPTIONS="(.*)"$/m.exec(dockerfile)?.[1];
  if (options === undefined) {
    throw new Error('the Dockerfile sets no NODE_OPTIONS: say here what the operator is to be started with');
  }
  return options;
}

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
    { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, NODE_OPTIONS: await imageNodeOptions() } },
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
    const reading = valueOf(samples, 'nodejs_eventloop_lag_p99_seconds') * 1000;
    onLag(Math.max(0, reading - SAMPLING_INTERVAL_MS));
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
