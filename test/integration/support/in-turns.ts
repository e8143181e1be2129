/**
 * Works on all tasks, on as many at the same time as there are places: in each place one after the other, whatever becomes of the one
 * before. The outcomes are in the order of the tasks, to be awaited whenever it suits.
 */
export function inTurns<Task, Place>(
  tasks: readonly Task[],
  places: readonly Place[],
  work: (task: Task, place: Place) => Promise<void>,
): Promise<void>[] {
  const turns = places.map((place) => ({ place, free: Promise.resolve() }));
  return tasks.flatMap((task, index) => {
    const turn = turns[index % turns.length];
    if (turn === undefined) {
      return [];
    }
    const outcome = turn.free.then(() => work(task, turn.place));
    turn.free = outcome.catch(() => undefined);
    return [outcome];
  });
}
