/** How to run a list of calls. */
export interface SlowStartOptions {
  /** Size of the first batch. Default 1 (kube: SlowStartInitialBatchSize); the next is twice as large each time. */
  readonly firstBatch?: number;
  /** Most calls in flight. Default 64: more gains nothing against one API server. */
  readonly maxInFlight?: number;
  /** Nothing new is begun once it is aborted. */
  readonly signal?: AbortSignal;
}

/** What came of it. */
export interface SlowStartResult {
  /** Items whose call succeeded. */
  readonly succeeded: number;
  /** Items never begun, because a batch before them failed. */
  readonly skipped: number;
  /** The first error, or undefined. */
  readonly error: Error | undefined;
}

/**
 * Calls `run` for each item, in batches that double while all goes well, and stops after the first batch with an error: when an API
 * server refuses everything, that costs one call instead of hundreds. Calls of a batch run at the same time. Never throws.
 */
export async function slowStart<Item>(
  items: readonly Item[],
  run: (item: Item) => Promise<void>,
  options: SlowStartOptions = {},
): Promise<SlowStartResult> {
  const { firstBatch = 1, maxInFlight = 64, signal } = options;
  let succeeded = 0;
  let begun = 0;
  for (let size = Math.max(1, firstBatch); begun < items.length && signal?.aborted !== true; size *= 2) {
    const batch = items.slice(begun, begun + size);
    begun += batch.length;
    const errors = await runBatch(batch, run, maxInFlight);
    succeeded += batch.length - errors.length;
    if (errors.length > 0) {
      return { succeeded, skipped: items.length - begun, error: errors[0] };
    }
  }
  return { succeeded, skipped: items.length - begun, error: undefined };
}

/** Runs all items, at most `lanes` at a time; resolves with the errors. */
async function runBatch<Item>(
  batch: readonly Item[],
  run: (item: Item) => Promise<void>,
  lanes: number,
): Promise<readonly Error[]> {
  const errors: Error[] = [];
  const waiting = batch.values();
  async function lane(): Promise<void> {
    for (const item of waiting) {
      await run(item).catch((error: unknown) => errors.push(asError(error)));
    }
  }
  await Promise.all(Array.from({ length: Math.min(lanes, batch.length) }, lane));
  return errors;
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error
    ? thrown
    : new Error('something other than an Error was thrown', { cause: thrown });
}
