import { isDeepStrictEqual } from 'node:util';
import { type Performance, performanceFigures } from '../../compute/usage/performance.ts';
import type { ClusterUsage, ClusterUsages } from '../boards/cluster-usage.ts';
import type { ClusterBook, ClusterObservation } from './cluster-book.ts';
import { statements } from './statements.ts';

/** The side that is told. */
export interface ClusterUsageBoard extends ClusterUsages {
  publish(cluster: string, book: ClusterBook): void;
  forget(cluster: string): void;
}

/** Utilisation is never twice the same, and a status that changes is a write: so often at most, in milliseconds. */
const PUBLISH_MS = 60_000;

/** @param monotonic milliseconds, for measuring durations */
export function createClusterUsages(monotonic: () => number): ClusterUsageBoard {
  const said = new Map<string, { readonly usage: ClusterUsage; readonly at: number }>();
  const listeners: ((cluster: string) => void)[] = [];
  return {
    of: (cluster) => said.get(cluster)?.usage,
    listen: (listener) => void listeners.push(listener),
    publish(cluster, book) {
      const before = said.get(cluster);
      const usage = usageOf(book);
      if (isDeepStrictEqual(usage, before?.usage)) {
        return;
      }
      const isLate = before === undefined || monotonic() - before.at >= PUBLISH_MS;
      if (isLate || !isDeepStrictEqual(verdicts(usage), verdicts(before.usage))) {
        said.set(cluster, { usage, at: monotonic() });
        listeners.forEach((listener) => listener(cluster));
      }
    },
    forget: (cluster) => void said.delete(cluster),
  };
}

function usageOf(book: ClusterBook): ClusterUsage {
  const { busy, delivered } = book.seen === undefined ? nothing : figures(book.seen);
  return {
    busy: busy && rounded(busy),
    delivered: delivered && rounded(delivered),
    statements: statements(book),
    xidErrors: book.xidErrors,
  };
}

const nothing = { busy: undefined, delivered: undefined };

function figures({
  holdings,
  utilisations,
}: ClusterObservation): Record<'busy' | 'delivered', Performance | undefined> {
  return performanceFigures([...holdings.values()].flat(), utilisations);
}

/** Two significant digits. */
function rounded({ petaflops, v100Equivalents }: Performance): Performance {
  return {
    petaflops: Number(petaflops.toPrecision(2)),
    v100Equivalents: Number(v100Equivalents.toPrecision(2)),
  };
}

/** What does not wait: messages and figures do. */
function verdicts({ statements: stated, xidErrors }: ClusterUsage): readonly string[] {
  return [
    ...stated.map(({ type, status, reason }) => `${type} ${status} ${reason}`),
    ...xidErrors.map(({ node, gpu, code, since }) => [node, gpu, code, since].join(' ')),
  ];
}
