/*
 * npm run bench: measures the operator on a real control plane, next to Kubernetes' own controllers. Scenarios say what
 * (scenarios/), the generator makes the objects (generator/), the world is what they live in (world/), runners measure (runner/),
 * the checker judges (checker/), the report shows (report/).
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { rfc3339, systemClock } from '../src/time/clock.ts';
import { failures, type Figure, figuresOf } from './checker/check.ts';
import { raceNodes, scaled } from './generator/scale.ts';
import { machineAndVersions } from './machine.ts';
import type { BenchResult } from './report/result.ts';
import { terminalTable } from './report/table.ts';
import type { Reading } from './runner/reading.ts';
import { runScenario } from './runner/run.ts';
import { scenarios } from './scenarios/all.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { BUNDLE, startWorld, type World } from './world/world.ts';

interface Settings {
  readonly scale: number;
  readonly runs?: number;
  readonly json?: string;
  readonly check: boolean;
  readonly program: string;
}

const names = scenarios.map(({ name }) => name);

await new Command('bench')
  .description('measure the operator on a real control plane with simulated GPU nodes')
  .addArgument(new Argument('[scenario...]', 'which; default: all').choices(names))
  .addOption(new Option('--scale <factor>', 'multiplies every count').argParser(factor).default(1))
  .addOption(new Option('--runs <n>', 'rounds of each race; default: as the scenario says').argParser(rounds))
  .option('--json <file>', 'write the result there')
  .option('--program <file>', 'the operator to measure, with the files beside it', BUNDLE)
  .option('--check', 'exit with 1 when a limit is missed', false)
  .action(bench)
  .parseAsync();

async function bench(wanted: readonly string[], settings: Settings): Promise<void> {
  const { scale, runs } = settings;
  // Where the result goes must be there before the wait, not after it.
  await mkdir(dirname(settings.json ?? '.'), { recursive: true });
  const started = systemClock.monotonic();
  const date = rfc3339(systemClock.now());
  const chosen = scenarios.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  const about = machineAndVersions();
  const ran: BenchResult['scenarios'][number][] = [];
  const figures: Figure[] = [];
  say(`starting the control plane and ${raceNodes(scale)} nodes`);
  const world = await startWorld({ program: settings.program, say });
  try {
    await world.ensureNodes(raceNodes(scale));
    for (const original of chosen) {
      const scenario = scaled(original, { scale, rounds: runs });
      say(`${scenario.name}: ${scenario.about}`);
      const begun = systemClock.monotonic();
      figures.push(...figuresOf(scenario, await readings(scenario, world)));
      ran.push({ name: scenario.name, about: scenario.about, seconds: secondsSince(begun) });
    }
  } finally {
    await world.stop();
  }
  const result: BenchResult = {
    date,
    seconds: secondsSince(started),
    scale,
    ...about,
    scenarios: ran,
    figures,
  };
  if (settings.json !== undefined) {
    await writeFile(settings.json, `${JSON.stringify(result, undefined, 2)}\n`);
  }
  process.stdout.write(`${terminalTable(figures)}\n`);
  conclude(figures, settings);
}

/** A scenario that fails must not cost the figures of the others: its own are not measured, and the program ends with 1. */
async function readings(scenario: Scenario, world: World): Promise<readonly Reading[]> {
  try {
    return await runScenario(scenario, world, say);
  } catch (error) {
    say(`${scenario.name} failed: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
    return [];
  }
}

function conclude(figures: readonly Figure[], { check }: Settings): void {
  const failed = failures(figures);
  for (const { scenario, title, verdict } of failed) {
    say(`${scenario}: ${title}: ${verdict}`);
  }
  if (check && failed.length > 0) {
    process.exitCode = 1;
  }
}

function secondsSince(monotonic: number): number {
  return Math.round((systemClock.monotonic() - monotonic) / 1000);
}

/** Progress is for people: standard output belongs to the table. */
function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function factor(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 10)) {
    throw new InvalidArgumentError(`'${text}' must be a number above 0, at most 10.`);
  }
  return value;
}

function rounds(text: string): number {
  if (!/^[1-9]\d?$/.test(text)) {
    throw new InvalidArgumentError(`'${text}' must be a whole number from 1 to 99.`);
  }
  return Number(text);
}
