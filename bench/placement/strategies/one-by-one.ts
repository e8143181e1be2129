import { questionOf } from '../../../src/compute/placement/question.ts';
import { roomLeft, roomsOf, take } from '../../../src/compute/placement/room.ts';
import { type SuitableLine, suitableLines } from '../../../src/compute/placement/suitable-lines.ts';
import type { Chance } from '../generator/random.ts';
import type { Strategy } from './strategy.ts';

/** Each replica goes to the first cluster by name, and there to the first model, that will do. Nothing moves. */
export const firstFit: Strategy = oneByOne('first-fit', ([first]) => first);

/** Each replica goes to any line that will do, all as likely. Nothing moves. */
export function randomFit(random: Chance): Strategy {
  return oneByOne('random', (lines) => (lines.length === 0 ? undefined : random.pick(lines)));
}

/** Chooses a line for one replica after the other (for a gang, once), heedless of prices below the cap. */
function oneByOne(
  name: string,
  choose: (lines: readonly SuitableLine[]) => SuitableLine | undefined,
): Strategy {
  return {
    name,
    place(request, offers, standings) {
      const clusters = roomsOf(offers, standings, request.countPerReplica);
      const stood = new Set(standings.map(({ ordinal }) => ordinal));
      const missing = Array.from({ length: request.replicas }, (_, ordinal) => ordinal).filter(
        (ordinal) => !stood.has(ordinal),
      );
      const byName = [...suitableLines(clusters, questionOf(request, standings, missing.length))].sort(
        (a, b) => clusters.indexOf(a.cluster) - clusters.indexOf(b.cluster),
      );
      const together = request.gang ? choose(byName) : undefined;
      const placed = missing.flatMap((ordinal) => {
        const open = byName.filter(({ cluster, room }) => roomLeft(cluster, room) > 0);
        const line = request.gang ? together : choose(open);
        if (line === undefined) {
          return [];
        }
        take(line.cluster, line.room, 1);
        return [{ ordinal, cluster: line.cluster.offer.name, model: line.room.line.model }];
      });
      return { assignments: [...standings, ...placed], moves: [] };
    },
  };
}
