/** What was written about a pool and its pods, each with the resourceVersion of that write: one counter orders them all. */
export type PoolEvent = { readonly at: number } & (
  | {
      readonly kind: 'specWritten';
      readonly pool: string;
      readonly generation: number;
      /** Replicas and surge budget together. */
      readonly mostPods: number;
    }
  /** The operator's own word that it has acted on this generation. */
  | { readonly kind: 'specObserved'; readonly pool: string; readonly generation: number }
  | {
      readonly kind: 'podCreated';
      /** UIDs of the pool and of the pod. */
      readonly pool: string;
      readonly pod: string;
      readonly name: string;
      /** The number in its name; undefined when there is none. */
      readonly ordinal: number | undefined;
      /** It was made after this resourceVersion: less than `at` when the watch had a gap. */
      readonly after: number;
    }
  /** Deleted, or on its way out. */
  | { readonly kind: 'podLeft'; readonly pod: string }
);

type Creation = Extract<PoolEvent, { kind: 'podCreated' }>;

/**
 * The pods that nobody could want when they were made, in words. Names are unique and carry ordinals, so as many pods as are allowed
 * fit below that number, and one beyond it is one too many, whatever else is there. Pods that were wanted once and are not any more
 * do not count: they are there until they are deleted, but nothing may be added to them.
 *
 * Allowed is what the latest spec asks for, or one before it that the operator may still act on. That is every one since the last
 * that its status has observed: the status is written after the steps, and no cache goes back in time, so whoever creates pods later
 * has seen that spec. There is no slack but this.
 */
export function surplusOf(record: readonly PoolEvent[]): string[] {
  const events = [...record].sort((a, b) => a.at - b.at);
  return events.flatMap((event) => {
    if (event.kind !== 'podCreated') {
      return [];
    }
    const allowed = mostAllowed(events, event);
    if (event.ordinal !== undefined && event.ordinal < allowed) {
      return [];
    }
    const others = liveAt(events, event).join(' ');
    return [`${event.name}, made at ${event.at} when at most ${allowed} were allowed, beside: ${others}`];
  });
}

/** The most pods that any spec asked for which the operator may have acted on. */
function mostAllowed(events: readonly PoolEvent[], { pool, at, after }: Creation): number {
  if (knowsSuccessor(events, pool, after)) {
    return 0;
  }
  const observed = events
    .filter((event) => event.kind === 'specObserved')
    .filter((event) => event.pool === pool && event.at < after)
    .map(({ generation }) => generation);
  const lastObserved = Math.max(0, ...observed);
  const asked = events
    .filter((event) => event.kind === 'specWritten')
    .filter((event) => event.pool === pool && event.at < at && event.generation >= lastObserved)
    .map(({ mostPods }) => mostPods);
  return Math.max(0, ...asked);
}

/**
 * Whether the operator had written about a later pool of the name: then it knew that this one was gone, which no status can say. A name
 * has one pool at a time, so whose spec came after this one's last is a later one; a watch with a gap need not know the deletion.
 */
function knowsSuccessor(events: readonly PoolEvent[], pool: string, before: number): boolean {
  const specs = events.filter((event) => event.kind === 'specWritten');
  const last = Math.max(0, ...specs.filter((spec) => spec.pool === pool).map(({ at }) => at));
  const successors = new Set(specs.filter(({ at }) => at > last).map((spec) => spec.pool));
  return events.some(
    (event) =>
      (event.kind === 'specObserved' || event.kind === 'podCreated') &&
      event.at < before &&
      successors.has(event.pool),
  );
}

/** Names of the pool's other pods that were there and not on their way out. */
function liveAt(events: readonly PoolEvent[], { pool, pod, at }: Creation): string[] {
  const live = new Map<string, string>();
  for (const event of events.filter((earlier) => earlier.at <= at)) {
    if (event.kind === 'podCreated' && event.pool === pool && event.pod !== pod) {
      live.set(event.pod, event.name);
    } else if (event.kind === 'podLeft') {
      live.delete(event.pod);
    }
  }
  return [...live.values()].sort();
}
