import type { PlacementResult } from './report/result.ts';
import { nLogN } from './runner/growth.ts';

/** The largest pool of the scenario is placed in less. */
const MOST_MS = 1000;

/** What must hold and did not, in words; empty when all does. Pure. */
export function missedLimits({ contests, growth }: Pick<PlacementResult, 'contests' | 'growth'>): string[] {
  return [
    ...contests.flatMap(({ replicas, headframe: { overCapHours, busiestHour } }) => [
      ...(overCapHours > 0 ? [`${replicas} replicas: ${overCapHours} replica-hours above the cap`] : []),
      ...(busiestHour > 1
        ? [`${replicas} replicas: ${busiestHour.toFixed(2)} times the budget of moves in an hour`]
        : []),
    ]),
    ...growth.flatMap((each) => [
      ...(each.manyMs < MOST_MS
        ? []
        : [
            `${each.what}: ${each.many} replicas in ${Math.round(each.manyMs)} ms, not in less than ${MOST_MS}`,
          ]),
      ...(each.factor <= nLogN(each)
        ? []
        : [
            `${each.what}: ${each.factor.toFixed(1)} times the time for ${each.many / each.few} times the replicas, more than n log n (${nLogN(each).toFixed(1)})`,
          ]),
    ]),
  ];
}
