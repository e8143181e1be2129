import { type FailureKind, type UsageReading, failureKinds } from './reading.ts';

/** How a reading of one source ended. */
export type ReadResult = 'ok' | FailureKind;

/** How often sources were read, and how it ended, by cluster. */
export interface ReadCounts {
  add(cluster: string, reading: UsageReading): void;
  /** Every result, those that never were included. */
  of(cluster: string): ReadonlyMap<ReadResult, number> | undefined;
  forget(cluster: string): void;
}

const results: readonly ReadResult[] = ['ok', ...failureKinds];

export function createReadCounts(): ReadCounts {
  const counts = new Map<string, Map<ReadResult, number>>();
  return {
    add(cluster, { asked, failures }) {
      const known = counts.get(cluster) ?? new Map(results.map((result) => [result, 0]));
      counts.set(cluster, known);
      const count = (result: ReadResult, times: number): void =>
        void known.set(result, (known.get(result) ?? 0) + times);
      count('ok', asked - failures.length);
      failures.forEach(({ kind }) => count(kind, 1));
    },
    of: (cluster) => counts.get(cluster),
    forget: (cluster) => void counts.delete(cluster),
  };
}
