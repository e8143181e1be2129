/**
 * Waits until `look` stops throwing, looking every 100 ms; after the limit its last error is thrown. The limit is generous: it decides
 * when to give up, never what is right.
 */
export async function untilPasses<T>(look: () => T | Promise<T>, limitMs = 60_000): Promise<T> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (performance.now() > deadline) {
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
