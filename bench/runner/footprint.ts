import { sleep, systemClock } from '../../src/time/clock.ts';
import type { FleetScenario } from '../scenarios/scenario.ts';
import { valueOf } from '../world/metrics.ts';
import type { World } from '../world/world.ts';
import { ensureFleet } from './fleet.ts';
import { medianOf, type Reading, single } from './reading.ts';

const MIB = 1024 * 1024;
/** From readiness until the memory is read. */
const REST_MS = 10_000;

/** Memory of the operator that has made the fleet. */
export async function memory({ fleet }: FleetScenario, world: World): Promise<Reading[]> {
  await ensureFleet(fleet, world);
  const scrape = await world.operator.scrape();
  const peak = await world.operator.peakMiB();
  return [
    single('residentMemory', valueOf(scrape, 'process_resident_memory_bytes') / MIB),
    single('heapUsed', valueOf(scrape, 'nodejs_heap_size_used_bytes') / MIB),
    ...(peak === undefined ? [] : [single('peakMemory', peak)]),
  ];
}

/** Restarts the operator in front of the fleet. */
export async function start({ fleet, samples }: FleetScenario, world: World): Promise<Reading[]> {
  await ensureFleet(fleet, world);
  const seconds: number[] = [];
  const resident: number[] = [];
  const peaks: number[] = [];
  for (let sample = 0; sample < samples; sample++) {
    const operator = await world.restartOperator();
    seconds.push(operator.readyAfterMs / 1000);
    await sleep(systemClock, REST_MS);
    const scrape = await operator.scrape();
    resident.push(valueOf(scrape, 'process_resident_memory_bytes') / MIB);
    const peak = await operator.peakMiB();
    peaks.push(...(peak === undefined ? [] : [peak]));
  }
  return [
    medianOf('startToSynced', seconds),
    medianOf('residentMemory', resident),
    ...(peaks.length === 0 ? [] : [medianOf('peakMemory', peaks)]),
  ];
}
