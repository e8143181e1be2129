import { type ModelPreference, modelPreference } from './model-preference.ts';
import type { Place, PlacementRequest } from './request.ts';

/** What filters are asked: whether a line will do for this request, as far as it is met already. */
export interface Question {
  readonly request: PlacementRequest;
  readonly preference: ModelPreference;
  /** Replicas that one line must have room for: all that are missing when they are a gang, else one. */
  readonly together: number;
  /** Where the gang's other replicas are. */
  readonly home: Place | undefined;
}

/**
 * The question that the missing replicas ask.
 * @param placed where the others are
 */
export function questionOf(request: PlacementRequest, placed: readonly Place[], missing: number): Question {
  return {
    request,
    preference: modelPreference(request),
    together: request.gang ? Math.max(1, missing) : 1,
    home: request.gang ? homeOf(placed) : undefined,
  };
}

/** Where most of the replicas are; among equals the place that comes first. */
function homeOf(placed: readonly Place[]): Place | undefined {
  const counts = new Map<string, { place: Place; replicas: number }>();
  for (const { cluster, model } of placed) {
    const key = placeKey({ cluster, model });
    const replicas = (counts.get(key)?.replicas ?? 0) + 1;
    counts.set(key, { place: { cluster, model }, replicas });
  }
  const [most] = [...counts.values()].sort((a, b) => b.replicas - a.replicas);
  return most?.place;
}

/** The same text for the same place, and only for it: names of clusters contain no slash. */
export function placeKey({ cluster, model }: Place): string {
  return `${cluster}/${model}`;
}
