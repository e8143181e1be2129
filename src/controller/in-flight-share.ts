/** Divides what may be under way at the same time among those who are at work. */
export interface InFlightShare {
  /** Takes part until `leave` is called. */
  join(): Part;
}

export interface Part {
  /** How many requests this one may have under way now: fewer as others join, never less than one. */
  limit(): number;
  leave(): void;
}

/** How many requests may be under way at the same time, of one member alone and of several together. */
export interface InFlightLimits {
  readonly alone: number;
  readonly shared: number;
}

/**
 * Whoever works alone has `alone`, several have equal parts of `shared`; when somebody joins, it begins nothing new until its share is kept
 * again. So a large key gives way within one round trip, and a small one never waits behind hundreds of requests.
 */
export function inFlightShare({ alone, shared }: InFlightLimits): InFlightShare {
  let members = 0;
  return {
    join() {
      members++;
      let here = true;
      return {
        limit: () => (members === 1 ? alone : Math.max(1, Math.floor(shared / members))),
        leave() {
          members -= here ? 1 : 0;
          here = false;
        },
      };
    },
  };
}
