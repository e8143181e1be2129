/*
 * npm run bench:transactions: how many transactions a second 20 accounts send, what each costs, and what a thousand accounts at rest
 * cost. The scenario says how many (scenario.ts), the world is a chain, an API server and the operator (world/), runners measure
 * (runner/), the checker asks the chain and judges (checker/), the report shows (report/).
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { columns } from '../../src/commands/columns.ts';
import { rfc3339, systemClock } from '../../src/time/clock.ts';
import { machineAndVersions } from '../machine.ts';
import { missedLimits } from './checker/limits.ts';
import type { TransactionResult } from './report/result.ts';
import { tablesOf } from './report/tables.ts';
import { runReading } from './runner/reading.ts';
import { type RunParts, runThroughput } from './runner/throughput.ts';
import { scenarioAt } from './scenario.ts';
import { type ControlPlaneKind, controlPlaneKinds, startBenchCluster } from './world/cluster.ts';
import { bundleOperator } from './world/operator.ts';

interface Settings {
  readonly scale: number;
  readonly controlPlane: ControlPlaneKind;
  readonly json?: string;
}

await new Command('bench:transactions')
  .description('measure how many transactions accounts send, and what they cost; fail when a limit is missed')
  .addOption(new Option('--scale <factor>', 'multiplies every count').argParser(factor).default(1))
  .addOption(
    new Option('--control-plane <kind>', 'which API server').choices(controlPlaneKinds).default('embedded'),
  )
  .option('--json <file>', 'write the result there')
  .action(run)
  .parseAsync();

async function run({ scale, controlPlane, json }: Settings): Promise<void> {
  const result = await measured(scale, controlPlane);
  for (const { title, head, rows } of tablesOf(result)) {
    process.stdout.write(`${title}\n\n${columns(head, rows)}\n\n`);
  }
  if (json !== undefined) {
    await mkdir(dirname(json), { recursive: true });
    await writeFile(json, `${JSON.stringify(result, null, 2)}\n`);
  }
  for (const limit of result.missed) {
    process.stderr.write(`limit missed: ${limit}\n`);
    process.exitCode = 1;
  }
}

async function measured(scale: number, controlPlane: ControlPlaneKind): Promise<TransactionResult> {
  const { headframe, versions, hardware } = machineAndVersions();
  const date = rfc3339(systemClock.now());
  const scenario = scenarioAt(scale);
  const folder = await mkdtemp(join(tmpdir(), 'headframe-bench-'));
  try {
    const program = await bundleOperator(folder);
    const throughput = await onCluster(controlPlane, program, (parts) =>
      runThroughput(scenario.throughput, parts),
    );
    const reading = await onCluster(controlPlane, program, (parts) => runReading(scenario.reading, parts));
    const missed = missedLimits(throughput, reading, scale === 1);
    return {
      date,
      scale,
      headframe,
      hardware,
      node: versions.node,
      controlPlane,
      throughput,
      reading,
      missed,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Each part on an API server of its own. */
async function onCluster<T>(
  kind: ControlPlaneKind,
  program: string,
  work: (parts: RunParts) => Promise<T>,
): Promise<T> {
  const cluster = await startBenchCluster(kind);
  try {
    return await work({ cluster, program, say });
  } finally {
    await cluster.stop();
  }
}

/** Progress is for people: standard output belongs to the tables. */
function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function factor(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 1)) {
    throw new InvalidArgumentError('It must be a number above 0, up to 1.');
  }
  return value;
}
