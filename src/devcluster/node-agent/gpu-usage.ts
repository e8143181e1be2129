import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sleep, type Clock } from '../../time/clock.ts';
import { cpuSecondsByGroup } from './cpu-usage.ts';
import { dcgmText, type GpuSample } from './dcgm.ts';

/** One GPU and, if a container has it, who and as which process group. */
export interface GpuInUse extends Omit<GpuSample, 'utilisation'> {
  readonly group?: number | undefined;
}

/** How busy each process group was of late: 1 when it used {@link BUSY_CORE_SHARE} of a core or more. */
export interface UsageMeter {
  utilisation(group: number): number;
  /** Measures until the signal, every few seconds; not while it is not needed. */
  run(signal: AbortSignal): Promise<void>;
}

const MEASURE_MS = 2_000;

/** A simulated GPU has a tenth of a core to offer: a laptop has few cores, and a demo twenty GPUs that mine. */
const BUSY_CORE_SHARE = 0.1;

/** What a meter measures, and when. */
export interface UsageMeterOptions {
  readonly clock: Clock;
  /** Whether there is any process group to ask for: to measure is to read a file of every process of the machine. */
  readonly isNeeded: () => boolean;
  /** Processor seconds used so far, by process group. @default those of this machine */
  readonly read?: () => Map<number, number>;
}

export function createUsageMeter({
  clock,
  isNeeded,
  read = cpuSecondsByGroup,
}: UsageMeterOptions): UsageMeter {
  let before = new Map<number, number>();
  let measuredAt = clock.monotonic();
  let shares = new Map<number, number>();

  function measure(): void {
    // A group that is not there while there is none starts later, and from nothing.
    const now = isNeeded() ? read() : new Map<number, number>();
    const elapsedSeconds = (clock.monotonic() - measuredAt) / 1000;
    measuredAt = clock.monotonic();
    shares = new Map(
      [...now].map(([group, used]) => [group, busy(used - (before.get(group) ?? 0), elapsedSeconds)]),
    );
    before = now;
  }

  return {
    utilisation: (group) => shares.get(group) ?? 0,
    async run(signal) {
      const over = (): boolean => signal.aborted;
      while (!over()) {
        measure();
        await sleep(clock, MEASURE_MS, signal);
      }
    },
  };
}

/** A group that has lost a process may have used less than before. */
function busy(usedSeconds: number, elapsedSeconds: number): number {
  const whole = elapsedSeconds * BUSY_CORE_SHARE;
  return whole <= 0 ? 0 : Math.min(1, Math.max(0, usedSeconds / whole));
}

/** The simulated DCGM exporter of all nodes of an agent. */
export interface GpuExporter {
  /** `http://127.0.0.1:PORT/metrics` */
  readonly url: string;
  close(): Promise<void>;
}

export async function startGpuExporter(
  gpus: () => readonly GpuInUse[],
  meter: UsageMeter,
): Promise<GpuExporter> {
  const server = createServer((request, response) => {
    if (request.url?.split('?')[0] !== '/metrics') {
      response.writeHead(404).end('not found\n');
      return;
    }
    const samples = gpus().map(({ group, ...gpu }) => ({
      ...gpu,
      utilisation: group === undefined ? 0 : meter.utilisation(group),
    }));
    response.setHeader('Content-Type', 'text/plain; version=0.0.4; charset=utf-8');
    response.end(dcgmText(samples));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/metrics`, close: () => closeServer(server) };
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
