/** What a figure is measured in. Shares are of 1: 0.7 is 70 %. */
export type Unit = 'ratio' | 'share' | 's' | 'ms' | 'pods/s' | 'MiB' | 'per minute';

/** One figure of a scenario, and what it ought to be. Without aim and limit it is context. */
export interface Measure {
  readonly id: string;
  /** What exactly is measured, in words. */
  readonly title: string;
  readonly unit: Unit;
  readonly better: 'lower' | 'higher';
  /** What we want. */
  readonly aim?: number;
  /** What `--check` insists on. */
  readonly limit?: number;
}

/** So many owners with so many pods each. */
export interface Fleet {
  readonly owners: number;
  readonly replicas: number;
}

interface Common {
  /** As it is called on the command line. */
  readonly name: string;
  /** One sentence for the report. */
  readonly about: string;
  readonly measures: readonly Measure[];
}

/** The same pods made by Headframe, by ReplicaSets and by bare POSTs, in turn, several times. */
export interface RaceScenario extends Common {
  readonly kind: 'race';
  readonly fleet: Fleet;
  /** How often each contender runs. */
  readonly rounds: number;
  /** Whether bare POSTs run too. */
  readonly raw: boolean;
}

/** Pools of one replica that come while a large one scales. */
export interface FairnessScenario extends Common {
  readonly kind: 'fairness';
  readonly largeReplicas: number;
  readonly smallPools: number;
  /** From one small pool to the next. */
  readonly everyMs: number;
}

/** Figures of an operator that has a whole fleet in its caches. */
export interface FleetScenario extends Common {
  readonly kind: 'memory' | 'start' | 'steady' | 'reaction';
  readonly fleet: Fleet;
  /** How often it is measured: starts of the operator, changes of a spec, minutes watched. */
  readonly samples: number;
}

export type Scenario = RaceScenario | FairnessScenario | FleetScenario;

/** In every scenario: the operator's event loop, from the scenario's beginning to its end. */
export const eventLoopLag: Measure = {
  id: 'eventLoopLagP99',
  title:
    'event-loop lag of the operator, p99: how much later than due a timer ran, in the worst stretch between two scrapes',
  unit: 'ms',
  better: 'lower',
  limit: 20,
};
