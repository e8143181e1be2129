import { createMinHeap } from './min-heap.ts';
import { compareText } from './order.ts';
import type { Assignment } from './plan.ts';
import type { PlacementRequest } from './request.ts';
import { type ClusterRoom, roomLeft, roomOnLine, take } from './room.ts';
import { type Prospect, compareByScores, scoresOf } from './scores.ts';
import type { SuitableLine } from './suitable-lines.ts';

/** A cluster that waits for its turn to take replicas. */
interface Turn {
  /** Its lines, the preferred model first, then the cheapest: in this order every policy fills a cluster. */
  readonly lines: readonly SuitableLine[];
  /** The first of them that has room. */
  readonly line: SuitableLine;
  /** What that line offered when the cluster began to wait. */
  readonly prospect: Prospect;
}

/**
 * Gives the ordinals places, the best first, until all have one or nothing has room. Takes O((replicas + lines) log clusters):
 * clusters wait in a heap, and one whose prospect has got worse meanwhile goes back with the new one.
 * @param lines in the order of `suitableLines`; what is given is taken from their room
 */
export function fill(
  { policy, gang }: PlacementRequest,
  lines: readonly SuitableLine[],
  ordinals: readonly number[],
): readonly Assignment[] {
  const scores = scoresOf[policy];
  const heap = createMinHeap<Turn>(
    (a, b) =>
      compareByScores(scores, a.prospect, b.prospect) ||
      compareText(a.line.cluster.offer.name, b.line.cluster.offer.name),
  );
  // After one replica of a spread pool the next belongs elsewhere; all others go on while there is room.
  const atOnce = policy === 'Spread' && !gang ? 1 : Infinity;
  const assignments: Assignment[] = [];
  const wait = (ofCluster: readonly SuitableLine[]): void => {
    const turn = turnOf(ofCluster, ordinals.length - assignments.length);
    if (turn !== undefined) {
      heap.push(turn);
    }
  };

  byCluster(lines).forEach(wait);
  while (assignments.length < ordinals.length) {
    const turn = heap.pop();
    if (turn === undefined) {
      break;
    }
    if (hasGotWorse(turn)) {
      wait(turn.lines);
      continue;
    }
    const { cluster, room } = turn.line;
    const place = { cluster: cluster.offer.name, model: room.line.model };
    const from = assignments.length;
    const replicas = Math.min(atOnce, roomLeft(cluster, room), ordinals.length - from);
    for (const ordinal of ordinals.slice(from, from + replicas)) {
      assignments.push({ ordinal, ...place });
    }
    take(cluster, room, replicas);
    wait(turn.lines);
  }
  return assignments;

  function hasGotWorse({ lines: ofCluster, prospect }: Turn): boolean {
    const now = turnOf(ofCluster, ordinals.length - assignments.length);
    return now === undefined || compareByScores(scores, now.prospect, prospect) > 0;
  }
}

function byCluster(lines: readonly SuitableLine[]): ReadonlyMap<ClusterRoom, readonly SuitableLine[]> {
  const clusters = new Map<ClusterRoom, SuitableLine[]>();
  for (const line of lines) {
    const known = clusters.get(line.cluster);
    if (known === undefined) {
      clusters.set(line.cluster, [line]);
    } else {
      known.push(line);
    }
  }
  return clusters;
}

/** A cluster's turn; undefined when it has no room left. */
function turnOf(lines: readonly SuitableLine[], remaining: number): Turn | undefined {
  const open = lines.filter(({ cluster, room }) => roomLeft(cluster, room) > 0);
  const [line] = open;
  if (line === undefined) {
    return undefined;
  }
  const { cluster, rank, microUsdPerV100eHour, microUsdPerGpuHour } = line;
  const roomOfRank = open
    .filter((other) => other.rank === rank)
    .reduce((sum, { room }) => sum + roomOnLine(room), 0);
  return {
    lines: open,
    line,
    prospect: {
      rank,
      microUsdPerV100eHour,
      microUsdPerGpuHour,
      replicasInCluster: cluster.replicas,
      roomInCluster: Math.min(roomOfRank, cluster.spare - cluster.taken),
      remaining,
    },
  };
}
