import type { Scenario } from '../scenarios/scenario.ts';

/** How a run departs from the scenarios as written. */
export interface Scaling {
  /** Every count is multiplied by it. 1: as written. */
  readonly scale: number;
  /** How often races are run; undefined: as the scenario says. */
  readonly rounds?: number | undefined;
}

/** The scenario with its counts multiplied: never below one of anything. */
export function scaled(scenario: Scenario, { scale, rounds }: Scaling): Scenario {
  const times = (count: number): number => Math.max(1, Math.round(count * scale));
  switch (scenario.kind) {
    case 'race': {
      const { owners, replicas } = scenario.fleet;
      // A fleet of many owners shrinks in owners, a single large one in replicas.
      const fleet = owners > 1 ? { owners: times(owners), replicas } : { owners, replicas: times(replicas) };
      return { ...scenario, fleet, rounds: rounds ?? scenario.rounds };
    }
    case 'fairness':
      return {
        ...scenario,
        largeReplicas: times(scenario.largeReplicas),
        smallPools: Math.max(2, times(scenario.smallPools)),
      };
    case 'memory':
    case 'start':
    case 'steady':
      return { ...scenario, fleet: { ...scenario.fleet, owners: times(scenario.fleet.owners) } };
    case 'reaction':
      return {
        ...scenario,
        fleet: { ...scenario.fleet, owners: times(scenario.fleet.owners) },
        samples: Math.max(5, times(scenario.samples)),
      };
  }
}

/** Nodes of the races: 400 at full scale, and never too few for a thousandth of a percent of luck. */
export function raceNodes(scale: number): number {
  return Math.max(2, Math.ceil(400 * scale));
}
