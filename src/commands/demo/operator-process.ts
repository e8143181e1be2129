import { join } from 'node:path';
import { createWriteStream } from 'node:fs';
import { freePorts } from '../../devcluster/process/free-port.ts';
import type { ProcessGuard } from '../../devcluster/process/guard.ts';

/** An operator that runs as a process of its own, as it does in a cluster. */
export interface OperatorProcess {
  readonly pid: number;
  /** `http://127.0.0.1:PORT/metrics` */
  readonly metricsUrl: string;
  /** Resolves with the exit code, or null when a signal ended it. */
  readonly exited: Promise<number | null>;
  /** Asks for an orderly end and waits for it. */
  stop(): Promise<void>;
}

/** Starts this very program again as `headframe operator`, with its log in `folder`. */
export async function startOperator(options: {
  kubeconfig: string;
  context?: string | undefined;
  folder: string;
  guard: ProcessGuard;
}): Promise<OperatorProcess> {
  const { kubeconfig, context, folder, guard } = options;
  const [metrics = 0, probes = 0] = await freePorts(2);
  const child = guard.spawn(
    process.execPath,
    [
      ...process.execArgv,
      programFile(),
      'operator',
      `--kubeconfig=${kubeconfig}`,
      ...(context === undefined ? [] : [`--context=${context}`]),
      // There is no other: a demo refuses a cluster that has Headframe already. And none may wait for a lease.
      '--no-leader-elect',
      `--metrics-bind-address=127.0.0.1:${metrics}`,
      `--health-probe-bind-address=127.0.0.1:${probes}`,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  child.stderr?.pipe(createWriteStream(join(folder, 'operator.log')));
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return {
    pid: child.pid ?? 0,
    metricsUrl: `http://127.0.0.1:${metrics}/metrics`,
    exited,
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

/** The file that Node was started with: main.ts in a checkout, the bundle otherwise. */
function programFile(): string {
  const [, file] = process.argv;
  if (file === undefined) {
    throw new Error(
      'the demo starts its operator from the file that Node was started with, and there is none',
    );
  }
  return file;
}
