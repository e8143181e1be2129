/*
 * Ten minutes of users who cannot make up their minds and of everything that can go wrong on the way to the API server, with quiet
 * moments in between: then every change must have been followed, and the operator must hold no more than at the quiet moment before.
 *
 *   npm run soak -- --minutes 10 --seed 1
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { startFaultProxy, type FaultProxy } from '../../src/devcluster/fault-proxy/fault-proxy.ts';
import { startOperator, type RunningProgram } from '../support/operator.ts';
import { clusterKind, h100Node, startTestCluster } from '../support/test-cluster.ts';
import { untilPasses } from '../support/until-passes.ts';
import { createChurn, MOST_REPLICAS, type Churn } from './churn.ts';
import { mixedFaults } from './mixed-faults.ts';
import { fillUp } from './fill-up.ts';
import { FEWEST_FOOTPRINTS, judge, type Finding, type Footprint } from './verdict.ts';
import { startWatcher, type Watcher } from './watcher.ts';

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, seed: { type: 'string', default: '1' } },
});
const minutes = Number(values.minutes);
const seed = Number(values.seed);
if (!(minutes > 0) || !Number.isInteger(seed)) {
  process.stderr.write('--minutes is a number above 0, --seed an integer\n');
  process.exit(2);
}

/** Trouble for so long, then quiet. */
const TROUBLE_MS = 12_000;
const STEP_EVERY_MS = 100;
/** A change that has not been followed so long after the faults have ended was missed. */
const SETTLED_WITHIN_MS = 20_000;
/** Sockets that were being closed are gone. */
const QUIET_MS = 1_500;

let started = performance.now();
const elapsedMinutes = (): number => (performance.now() - started) / 60_000;

const folder = await mkdtemp(join(tmpdir(), 'headframe-soak-'));
const cluster = await startTestCluster({
  nodes: Array.from({ length: 13 }, (_, i) => h100Node(`node-${i}`)),
});
const proxy = await startFaultProxy({ target: cluster.connection });
const kubeconfig = join(folder, 'kubeconfig');
await writeFile(kubeconfig, proxy.kubeconfig, { mode: 0o600 });
const watcher = await startWatcher(cluster.transport, MOST_REPLICAS);
const churn = createChurn(cluster.client, xoroshiro128plus(seed));
const operator = startOperator(
  kubeconfig,
  [],
  ['--expose-gc', '--require', fileURLToPath(new URL('probe.cjs', import.meta.url))],
);

let missed = 0;
const footprints: Footprint[] = [];
try {
  await fillUp(cluster.client, watcher);
  started = performance.now();
  for (let round = 0; elapsedMinutes() < minutes || footprints.length < FEWEST_FOOTPRINTS; round++) {
    missed += await oneRound({ round, proxy, churn, watcher });
    footprints.push(await footprint(operator));
    process.stderr.write(`${elapsedMinutes().toFixed(1)} min: ${JSON.stringify(footprints.at(-1))}\n`);
  }
} finally {
  await operator.end('SIGKILL');
  await watcher.stop();
  await proxy.stop();
  await cluster.stop();
  await rm(folder, { recursive: true, force: true });
}
const findings = judge(footprints);
report(findings);
const flat = findings.every((finding) => finding.flat !== 'no') && warningCount() === 0;
process.exitCode = flat && missed === 0 && watcher.surplus.length === 0 ? 0 : 1;

/** @returns how many changes were missed */
async function oneRound(parts: {
  round: number;
  proxy: FaultProxy;
  churn: Churn;
  watcher: Watcher;
}): Promise<number> {
  const { round, proxy, churn, watcher } = parts;
  proxy.inject(mixedFaults, seed + round);
  const end = performance.now() + TROUBLE_MS;
  while (performance.now() < end) {
    await churn.step();
    await delay(STEP_EVERY_MS);
  }
  await proxy.heal();
  const isSettled = (): void => {
    const differences = watcher.differences(churn.wanted);
    if (differences.length > 0) {
      throw new Error(differences.join('\n'));
    }
  };
  try {
    await untilPasses(isSettled, SETTLED_WITHIN_MS);
    return 0;
  } catch (error) {
    process.stderr.write(`missed: ${(error as Error).message}\n`);
    return watcher.differences(churn.wanted).length;
  }
}

async function footprint(running: RunningProgram): Promise<Footprint> {
  await delay(QUIET_MS);
  const count = (): number => probes(running).length;
  const before = count();
  running.child.kill('SIGUSR2');
  await untilPasses(() => {
    if (count() === before) {
      throw new Error(`the operator does not answer: ${running.stderr().slice(-2000)}`);
    }
  }, 10_000);
  return { minutes: elapsedMinutes(), ...probes(running).at(-1) } as Footprint;
}

function probes(running: RunningProgram): Omit<Footprint, 'minutes'>[] {
  return running
    .stderr()
    .split('\n')
    .filter((line) => line.startsWith('{"probe"') && line.endsWith('}'))
    .map((line) => (JSON.parse(line) as { probe: Omit<Footprint, 'minutes'> }).probe);
}

function report(judged: readonly Finding[]): void {
  const table = new Table({ head: ['figure', 'first', 'last', 'per minute', 'at most', 'flat'] });
  for (const { figure, first, last, perMinute, mostPerMinute, flat } of judged) {
    table.push([figure, first, last, perMinute.toFixed(2), mostPerMinute, flat]);
  }
  const troubled = proxy.record.filter(({ rule }) => rule !== undefined).length;
  process.stdout.write(
    [
      `${minutes} minutes on the ${clusterKind} control plane, seed ${seed}: ${churn.steps} changes, ${watcher.created} pods created,`,
      `${proxy.record.length} requests, ${troubled} of them with a fault`,
      table.toString(),
      `missed ${missed}, surplus ${watcher.surplus.length}, listener warnings ${warningCount()}`,
      ...watcher.surplus.slice(0, 5),
      '',
    ].join('\n'),
  );
}

function warningCount(): number {
  return operator.stderr().match(/MaxListenersExceededWarning/g)?.length ?? 0;
}
