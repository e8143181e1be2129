/*
 * npm run bench:placement: what placement saves, without a cluster. Scenarios say what (scenarios/), the generator makes fleets and
 * prices from a seed (generator/), strategies choose places (strategies/), runners let them (runner/), a linear program says how good
 * it could be (optimum/), limits say what must hold (limits.ts), the report shows (report/). Everything but the times is the same
 * every time.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { columns } from '../../src/commands/columns.ts';
import { rfc3339, systemClock } from '../../src/time/clock.ts';
import { machineAndVersions } from '../machine.ts';
import { missedLimits } from './limits.ts';
import { loadSolver } from './optimum/solver.ts';
import type { PlacementResult } from './report/result.ts';
import { tablesOf } from './report/tables.ts';
import { contest } from './runner/contest.ts';
import { gapsOf } from './runner/gap.ts';
import { growth } from './runner/growth.ts';
import { fleet } from './scenarios/fleet.ts';
import { instanceSets } from './scenarios/instances.ts';
import { headframe } from './strategies/headframe.ts';

interface Settings {
  readonly scale: number;
  readonly json?: string;
}

await new Command('bench:placement')
  .description('simulate what placement saves, and fail when a limit is missed')
  .addOption(new Option('--scale <factor>', 'multiplies every count').argParser(factor).default(1))
  .option('--json <file>', 'write the result there')
  .action(run)
  .parseAsync();

async function run({ scale, json }: Settings): Promise<void> {
  const result = await simulated(scale);
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

async function simulated(scale: number): Promise<PlacementResult> {
  const solve = await loadSolver();
  const { headframe: program, versions } = machineAndVersions();
  const whole = fleet({ scale });
  const contests = [0.25, 0.5, 1].map((share) => contest(fleet({ scale, share })));
  const gaps = instanceSets(scale).flatMap((set) => gapsOf(set, headframe, solve));
  const measured = { contests, growth: growth(whole, scale) };
  return {
    date: rfc3339(systemClock.now()),
    scale,
    versions: { headframe: program.version, commit: program.commit, node: versions.node },
    fleet: {
      nodes: whole.fleet.nodes,
      clusters: whole.fleet.clusters,
      pools: whole.pools.length,
      hours: whole.hours,
      seed: whole.seed,
    },
    gaps,
    ...measured,
    // How long little takes says nothing: it is over before the clock has moved.
    missed: missedLimits(scale === 1 ? measured : { ...measured, growth: [] }),
  };
}

function factor(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 1)) {
    throw new InvalidArgumentError('It must be a number above 0, up to 1.');
  }
  return value;
}
