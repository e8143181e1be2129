import { objectionToCluster } from './cluster-filters.ts';
import { objectionToLine } from './line-filters.ts';
import { microUsdPerV100eHour } from './offer.ts';
import { compareNumbers, compareText } from './order.ts';
import type { Question } from './question.ts';
import type { ClusterRoom, LineRoom } from './room.ts';

/** A line that passed all filters. */
export interface SuitableLine {
  readonly cluster: ClusterRoom;
  readonly room: LineRoom;
  /** Place of its model among those wanted; 0 is wanted most. */
  readonly rank: number;
  /** Infinity when not known. */
  readonly microUsdPerV100eHour: number;
  /** Infinity when not known. */
  readonly microUsdPerGpuHour: number;
}

/** The lines on which the replicas in question could run: the wanted model first, then the cheapest per V100e-hour. */
export function suitableLines(clusters: readonly ClusterRoom[], question: Question): readonly SuitableLine[] {
  return clusters
    .filter(({ offer }) => objectionToCluster(offer, question.request) === undefined)
    .flatMap((cluster) => cluster.lines.flatMap((room) => suitable(cluster, room, question)))
    .sort(compareLines);
}

/** The line, or nothing. */
function suitable(cluster: ClusterRoom, room: LineRoom, question: Question): readonly SuitableLine[] {
  const { line } = room;
  const rank = question.preference.rankOf(line);
  if (rank === undefined || objectionToLine(room, question, cluster) !== undefined) {
    return [];
  }
  return [
    {
      cluster,
      room,
      rank,
      microUsdPerV100eHour: microUsdPerV100eHour(line),
      microUsdPerGpuHour: line.microUsdPerGpuHour ?? Infinity,
    },
  ];
}

function compareLines(a: SuitableLine, b: SuitableLine): number {
  return (
    a.rank - b.rank ||
    compareNumbers(a.microUsdPerV100eHour, b.microUsdPerV100eHour) ||
    compareNumbers(a.microUsdPerGpuHour, b.microUsdPerGpuHour) ||
    compareText(a.cluster.offer.name, b.cluster.offer.name) ||
    compareText(a.room.line.model, b.room.line.model)
  );
}
