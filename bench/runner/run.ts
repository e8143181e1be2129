import type { Scenario } from '../scenarios/scenario.ts';
import type { World } from '../world/world.ts';
import { fairness } from './fairness.ts';
import { memory, start } from './footprint.ts';
import { race } from './race.ts';
import { reaction } from './reaction.ts';
import type { Reading } from './reading.ts';
import { steady } from './steady.ts';

/** Runs one scenario in the world as it is. */
export async function runScenario(
  scenario: Scenario,
  world: World,
  say: (text: string) => void,
): Promise<Reading[]> {
  // Begins the operator's event-loop figures anew.
  await world.operator.scrape();
  const before = world.lags.length;
  const readings = await Promise.race([measure(scenario, world, say), world.failed]);
  await world.operator.scrape();
  const lags = world.lags.slice(before);
  return [...readings, { id: 'eventLoopLagP99', value: Math.max(...lags), samples: lags }];
}

function measure(scenario: Scenario, world: World, say: (text: string) => void): Promise<Reading[]> {
  switch (scenario.kind) {
    case 'race':
      return race(scenario, world, say);
    case 'fairness':
      return fairness(scenario, world);
    case 'memory':
      return memory(scenario, world);
    case 'start':
      return start(scenario, world);
    case 'steady':
      return steady(scenario, world);
    case 'reaction':
      return reaction(scenario, world);
  }
}
