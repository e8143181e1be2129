/** Counts how often the event loop has turned. Keeps no process alive. */
export interface TurnCount {
  readonly turns: number;
  stop(): void;
}

export function countTurns(): TurnCount {
  let turns = 0;
  let next = setImmediate(turn).unref();
  function turn(): void {
    turns++;
    next = setImmediate(turn).unref();
  }
  return {
    get turns() {
      return turns;
    },
    stop: () => clearImmediate(next),
  };
}
