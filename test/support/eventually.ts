/**
 * Resolves as soon as `condition` holds; looks every few milliseconds. For what happens on real sockets, where there is
 * nothing else to wait for.
 * @param timeoutMs only decides when a broken test fails, so it can be generous. Default 5 s.
 */
export async function eventually(condition: () => boolean, timeoutMs = 5000): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!condition()) {
    if (performance.now() > end) {
      throw new Error(`not true within ${timeoutMs} ms: ${condition.toString()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
