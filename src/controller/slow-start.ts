/** How to run a list of calls. */
export interface SlowStartOptions {
  /** How many calls are begun before the first answer. Default 1 (kube: SlowStartInitialBatchSize). */
  readonly firstBatch?: number;
  /** Most calls in flight; asked before each call. Default: as many as there are items. */
  readonly maxInFlight?: () => number;
  /** Nothing new is begun once it is aborted. */
  readonly signal?: AbortSignal;
  /** Nothing new is begun once it says so; asked before each call. Default: never. */
  readonly timeUp?: () => boolean;
}

/** What came of it. */
export interface SlowStartResult {
  /** Items whose call succeeded. */
  readonly succeeded: number;
  /** Items never begun: a call before them failed, the time was up, or it was told to stop. */
  readonly skipped: number;
  /** How many calls might be in flight at the end. */
  readonly reached: number;
  /** The first error, or undefined. */
  readonly error: Error | undefined;
}

/**
 * Calls `run` for each item. Each success lets one call more be in flight, so that their number doubles with every round trip as
 * it does with Kubernetes' batches of 1, 2, 4, ..., but nobody waits for the slowest call of a batch. After the first error nothing
 * new is begun: when an API server refuses everything, that costs one call instead of hundreds. Never throws.
 */
export function slowStart<Item>(
  items: readonly Item[],
  run: (item: Item) => Promise<void>,
  options: SlowStartOptions = {},
): Promise<SlowStartResult> {
  const { firstBatch = 1, maxInFlight = () => items.length, signal, timeUp = () => false } = options;
  let window = Math.max(1, firstBatch);
  let begun = 0;
  let inFlight = 0;
  let succeeded = 0;
  let error: Error | undefined;

  const mayBegin = (): boolean =>
    error === undefined &&
    signal?.aborted !== true &&
    begun < items.length &&
    inFlight < Math.min(window, maxInFlight()) &&
    !timeUp();

  async function call(item: Item): Promise<void> {
    try {
      await run(item);
      succeeded++;
      window = Math.min(maxInFlight(), window + 1);
    } catch (thrown) {
      error ??= asError(thrown);
    }
    inFlight--;
  }

  return new Promise((resolve) => {
    function goOn(): void {
      while (mayBegin()) {
        const item = items[begun++] as Item;
        inFlight++;
        void call(item).then(goOn);
      }
      if (inFlight === 0) {
        resolve({ succeeded, skipped: items.length - begun, reached: window, error });
      }
    }
    goOn();
  });
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error
    ? thrown
    : new Error('something other than an Error was thrown', { cause: thrown });
}
