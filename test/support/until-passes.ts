/** Between two looks at least so long, in milliseconds. */
const SHORTEST_PAUSE_MS = 100;

/** Between two looks at most so long, in milliseconds. */
const LONGEST_PAUSE_MS = 1500;

/**
 * Waits until `look` stops throwing; after the limit its last error is thrown. The limit is generous: it decides when to give up, never
 * what is right. It looks every 100 ms, and a look that takes long (one that starts a program) more seldom: between two of them it
 * pauses three times as long as one takes, at most {@link LONGEST_PAUSE_MS}. The processors belong to what is waited for.
 */
export async function untilPasses<T>(look: () => T | Promise<T>, limitMs = 60_000): Promise<T> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const begunAt = performance.now();
    try {
      return await look();
    } catch (error) {
      const now = performance.now();
      if (now > deadline) {
        throw error;
      }
      const pauseMs = Math.min(Math.max(SHORTEST_PAUSE_MS, 3 * (now - begunAt)), LONGEST_PAUSE_MS);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}
