import assert from 'node:assert/strict';
import type { Controller } from '../../src/controller/controller.ts';
import { createWorkQueue } from '../../src/controller/work-queue.ts';
import { runWorker } from '../../src/controller/worker.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import type { manualClock } from '../support/manual-clock.ts';

/** Of one key within {@link WATCHED_MS}: slices, echoes of own writes, failures that are tried again with pauses that double. */
const MOST_RECONCILES = 100;
/** Longer than a controller waits for a cache that does not show its writes. */
const WATCHED_MS = 6 * 60_000;

/** The worker looks at the key as often as the controller asks for it, and neither rejects nor goes round in circles. */
export async function lives(
  controller: Controller,
  key: string,
  clock: ReturnType<typeof manualClock>,
): Promise<void> {
  const queue = createWorkQueue({ name: 'fuzz', clock });
  const nothing = (): void => undefined;
  let reconciles = 0;
  const started = (): void => {
    reconciles++;
    if (reconciles > MOST_RECONCILES) {
      void queue.shutDown();
    }
  };
  const metrics = { started, finished: nothing, terminalError: nothing, panic: nothing };
  const { signal } = new AbortController();
  queue.add(key);
  const working = runWorker({ controller, queue, clock, log: silentLogger, metrics, signal });
  await clock.advance(WATCHED_MS);
  const ending = queue.shutDown();
  await clock.advance(WATCHED_MS);
  await Promise.all([ending, working]);
  assert.ok(reconciles > 0 && reconciles <= MOST_RECONCILES, `${reconciles} reconciles`);
}
