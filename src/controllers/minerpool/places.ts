import type { Immutable } from '../../api/kube-object.ts';
import type { PlacementStatus } from '../../api/placement.ts';
import type { Place } from '../../compute/placement/request.ts';
import { rfc3339 } from '../../time/clock.ts';
import { formatOrdinals, parseOrdinals } from '../../api/ordinals.ts';

/** The part of a pool's placement that must be known before a pod is made, and after a restart. */
export interface PlaceRecord {
  /** By ordinal. */
  readonly places: ReadonlyMap<number, Place>;
  /** Ordinals that run, or may run, in clusters where they do not belong, by cluster. */
  readonly leftBehind: ReadonlyMap<string, ReadonlySet<number>>;
  /** Of the last hour. */
  readonly recentMoves: readonly RecentMove[];
}

/** A replica that was told to move, and when, in milliseconds since 1970. */
export interface RecentMove {
  readonly ordinal: number;
  readonly at: number;
}

export const noPlaces: PlaceRecord = { places: new Map(), leftBehind: new Map(), recentMoves: [] };

/** Reads what a status says. Of an ordinal with two places the first counts. */
export function readPlaces(status: Immutable<PlacementStatus> | undefined): PlaceRecord {
  if (status === undefined) {
    return noPlaces;
  }
  const places = new Map<number, Place>();
  for (const { cluster, model, ordinals } of status.places) {
    const place = { cluster, model };
    for (const ordinal of parseOrdinals(ordinals)) {
      if (!places.has(ordinal)) {
        places.set(ordinal, place);
      }
    }
  }
  return {
    places,
    leftBehind: new Map(
      status.leftBehind.map(({ cluster, ordinals }) => [cluster, new Set(parseOrdinals(ordinals))]),
    ),
    recentMoves: status.recentMoves.map(({ ordinal, moveTime }) => ({ ordinal, at: Date.parse(moveTime) })),
  };
}

/**
 * The same record where another ComputeCluster counts the very cluster by now: what runs there has not moved, and belongs where it is.
 * @param renamed by former names; undefined: there are none
 */
export function underNamesOfToday(
  record: PlaceRecord,
  renamed: ReadonlyMap<string, string> | undefined,
): PlaceRecord {
  if (renamed === undefined || renamed.size === 0) {
    return record;
  }
  const today = (cluster: string): string => renamed.get(cluster) ?? cluster;
  const leftBehind = new Map<string, ReadonlySet<number>>();
  for (const [cluster, ordinals] of record.leftBehind) {
    const name = today(cluster);
    leftBehind.set(name, new Set([...(leftBehind.get(name) ?? []), ...ordinals]));
  }
  const places = [...record.places].map(
    ([ordinal, place]) => [ordinal, { ...place, cluster: today(place.cluster) }] as const,
  );
  return { ...record, places: new Map(places), leftBehind };
}

/** The ordinals of each place, the places sorted by cluster and model. */
export function byPlace(
  places: ReadonlyMap<number, Place>,
): readonly (Place & { readonly ordinals: readonly number[] })[] {
  const groups = new Map<string, Place & { ordinals: number[] }>();
  for (const [ordinal, { cluster, model }] of places) {
    const key = `${cluster}/${model}`;
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, { cluster, model, ordinals: [ordinal] });
    } else {
      group.ordinals.push(ordinal);
    }
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

/** What of a record stands in a status, but for what is only said of it there. */
export function writePlaces(record: PlaceRecord): Pick<PlacementStatus, 'leftBehind' | 'recentMoves'> & {
  places: { cluster: string; model: string; ordinals: string }[];
} {
  return {
    places: byPlace(record.places).map(({ cluster, model, ordinals }) => ({
      cluster,
      model,
      ordinals: formatOrdinals(ordinals),
    })),
    leftBehind: [...record.leftBehind]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([cluster, ordinals]) => ({ cluster, ordinals: formatOrdinals(ordinals) })),
    recentMoves: record.recentMoves.map(({ ordinal, at }) => ({
      ordinal,
      // Rounded up: the hour that a move counts for is not cut short.
      moveTime: rfc3339(Math.ceil(at / 1000) * 1000),
    })),
  };
}
