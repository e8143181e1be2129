import type { ReadingResult, ThroughputResult } from '../report/result.ts';

/** What the issue asks for. */
export const LIMITS = {
  perSecond: 50,
  writes: 4,
  callsPerBlock: 10,
} as const;

/** Of every transaction, a day after its end: the one write that no run is long enough to see. */
export const PRUNING_WRITES = 1;

/** All writes per transaction: those that were counted, and pruning. */
export function writesPerTransaction({ writes }: Pick<ThroughputResult, 'writes'>): number {
  return Object.values(writes).reduce((sum, each) => sum + each, 0) + PRUNING_WRITES;
}

/**
 * What must hold and did not, in words; empty when all does. Pure.
 * @param isWhole whether the run was long enough for its rate to mean something
 */
export function missedLimits(
  throughput: Pick<ThroughputResult, 'perSecond' | 'writes' | 'problems'>,
  reading: readonly ReadingResult[],
  isWhole: boolean,
): readonly string[] {
  const writes = writesPerTransaction(throughput);
  return [
    ...throughput.problems,
    ...(isWhole && !(throughput.perSecond >= LIMITS.perSecond)
      ? [`${throughput.perSecond.toFixed(1)} transactions per second, not at least ${LIMITS.perSecond}`]
      : []),
    ...(isWhole && !(writes <= LIMITS.writes)
      ? [`${writes.toFixed(2)} writes per transaction, not at most ${LIMITS.writes}`]
      : []),
    ...reading
      .filter(({ callsPerBlock }) => !(callsPerBlock <= LIMITS.callsPerBlock))
      .map(
        ({ accounts, callsPerBlock }) =>
          `${accounts} accounts cost ${callsPerBlock.toFixed(1)} calls per block, not at most ${LIMITS.callsPerBlock}`,
      ),
  ];
}
