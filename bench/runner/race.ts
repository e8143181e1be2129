import { sleep, systemClock } from '../../src/time/clock.ts';
import type { Owner } from '../generator/owners.ts';
import type { RaceScenario } from '../scenarios/scenario.ts';
import { clearNamespace, makeNamespace } from '../world/namespaces.ts';
import { watchPods } from '../world/pod-watch.ts';
import type { World } from '../world/world.ts';
import { type Contender, pool, raw, replicaSet } from './contenders.ts';
import { medianOf, type Reading } from './reading.ts';

/** One contender's run: milliseconds from the first write until the watch had seen the last pod. */
interface Lap {
  readonly createdMs: number;
  readonly runningMs: number;
  /** CPU time of the operator meanwhile, in seconds. */
  readonly operatorCpu: number;
}

type Round = Readonly<Partial<Record<Contender['name'], Lap>>>;

const LAP_TIMEOUT_MS = 300_000;
/** Between two runs: what the one before has left behind in queues is done by then. */
const SETTLE_MS = 2000;

/**
 * Lets the contenders make the same pods in turn; the order changes with every round. Each has run once before, uncounted: V8 has
 * compiled what it compiles, caches are full, and the first to run does not pay for everybody's start.
 */
export async function race(
  scenario: RaceScenario,
  world: World,
  say: (text: string) => void,
): Promise<Reading[]> {
  const { name, fleet, rounds } = scenario;
  const contenders = scenario.raw ? [pool, replicaSet, raw] : [pool, replicaSet];
  const ownersIn = (namespace: string, replicas: number): Owner[] =>
    Array.from({ length: fleet.owners }, (_, index) => ({ namespace, name: `m${index}`, replicas }));
  for (const contender of contenders) {
    const namespace = `bench-${name}-warm-${contender.name.toLowerCase()}`;
    await runLap(contender, world, ownersIn(namespace, fleet.replicas));
  }
  const done: Round[] = [];
  for (let round = 0; round < rounds; round++) {
    const order = contenders.map((_, index) => contenders[(index + round) % contenders.length] ?? pool);
    const laps: Partial<Record<Contender['name'], Lap>> = {};
    for (const contender of order) {
      const namespace = `bench-${name}-${round}-${contender.name.toLowerCase()}`;
      const lap = await runLap(contender, world, ownersIn(namespace, fleet.replicas));
      laps[contender.name] = lap;
      say(
        `${name} ${round + 1}/${rounds} ${contender.name}: created ${seconds(lap.createdMs)}, running ${seconds(lap.runningMs)}`,
      );
    }
    done.push(laps);
  }
  return readings(done, fleet.owners * fleet.replicas);
}

async function runLap(contender: Contender, world: World, owners: readonly Owner[]): Promise<Lap> {
  const namespace = owners[0]?.namespace ?? '';
  const total = owners.reduce((sum, { replicas }) => sum + replicas, 0);
  await makeNamespace(world.client, namespace);
  const watch = await watchPods(world.transport, namespace, world.log);
  await sleep(systemClock, SETTLE_MS);
  try {
    const cpuBefore = await world.operator.cpuSeconds();
    const begun = systemClock.monotonic();
    await contender.begin(world, owners);
    await watch.until(({ runningAt }) => runningAt.size >= total, contender.name, LAP_TIMEOUT_MS);
    const operatorCpu = (await world.operator.cpuSeconds()) - cpuBefore;
    if (watch.createdAt.size !== total) {
      throw new Error(`${contender.name} made ${watch.createdAt.size} pods instead of ${total}`);
    }
    return {
      createdMs: Math.max(...watch.createdAt.values()) - begun,
      runningMs: Math.max(...watch.runningAt.values()) - begun,
      operatorCpu,
    };
  } finally {
    await watch.stop();
    await clearNamespace(world, namespace, contender.owners);
  }
}

function readings(rounds: readonly Round[], total: number): Reading[] {
  const of = (contender: Contender['name'], figure: (lap: Lap) => number): number[] =>
    rounds.flatMap((round) => {
      const lap = round[contender];
      return lap === undefined ? [] : [figure(lap)];
    });
  const ratio = (a: readonly number[], b: readonly number[]): number[] =>
    a.map((value, index) => value / (b[index] ?? NaN));
  const created = (lap: Lap): number => lap.createdMs / 1000;
  const running = (lap: Lap): number => lap.runningMs / 1000;
  const rate = (lap: Lap): number => (total / lap.createdMs) * 1000;
  const raws = of('raw', rate);
  return [
    medianOf('createdRatio', ratio(of('pool', created), of('replicaSet', created))),
    medianOf('runningRatio', ratio(of('pool', running), of('replicaSet', running))),
    ...(raws.length === 0
      ? []
      : [
          medianOf('shareOfRaw', ratio(of('pool', rate), raws)),
          medianOf('rawRate', raws),
          medianOf('poolRate', of('pool', rate)),
        ]),
    medianOf(
      'operatorCpuPerPod',
      of('pool', (lap) => (lap.operatorCpu * 1000) / total),
    ),
    medianOf('poolCreated', of('pool', created)),
    medianOf('poolRunning', of('pool', running)),
    medianOf('replicaSetCreated', of('replicaSet', created)),
    medianOf('replicaSetRunning', of('replicaSet', running)),
  ];
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
