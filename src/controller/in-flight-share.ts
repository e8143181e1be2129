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

/**
 * Equal parts of `total`. Whoever works alone has all of it; when somebody joins, it begins nothing new until its share is kept
 * again. So a large key gives way within one round trip, and a small one never waits behind hundreds of requests.
 */
export function inFlightShare(total: number): InFlightShare {
  let members = 0;
  return {
    join() {
      members++;
      let here = true;
      return {
        limit: () => Math.max(1, Math.floor(total / members)),
        leave() {
          members -= here ? 1 : 0;
          here = false;
        },
      };
    },
  };
}
