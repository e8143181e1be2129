import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Clock, sleep } from '../../time/clock.ts';

const run = promisify(execFile);

/** How often the table is asked for. kubectl costs a tenth of a second of one core each time. */
const REFRESH_MS = 2000;

/** What the demo shows: what anyone sees with kubectl, from the very kubectl of the control plane. */
const SHOWN = 'computeclusters,minerpools,pods';

export interface TableOptions {
  readonly kubectl: string;
  readonly kubeconfig: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** A terminal is cleared before each table; elsewhere a table is printed when it differs from the one before. */
  readonly output: NodeJS.WriteStream;
  /** Stands above the table. */
  readonly heading: string;
}

/** Shows the cluster's objects until `signal` is aborted. */
export async function showTable(options: TableOptions): Promise<void> {
  const { clock, signal, output, heading } = options;
  let shown = '';
  while (!signal.aborted) {
    const table = await kubectlGet(options);
    if (table !== undefined && (output.isTTY || table !== shown)) {
      output.write(output.isTTY ? `\x1b[2J\x1b[H${heading}\n${table}` : `\n${table}`);
      shown = table;
    }
    await sleep(clock, REFRESH_MS, signal);
  }
}

/** Undefined when kubectl could not answer this time: the next table will tell. */
async function kubectlGet({ kubectl, kubeconfig, signal }: TableOptions): Promise<string | undefined> {
  try {
    const args = ['--kubeconfig', kubeconfig, 'get', SHOWN, '--all-namespaces'];
    const { stdout } = await run(kubectl, args, { signal });
    return stdout;
  } catch {
    return undefined;
  }
}
