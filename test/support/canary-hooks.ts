import assert from 'node:assert/strict';
import { serialise } from '../../src/telemetry/serialise.ts';
import { type LogFields, type Logger, silentLogger } from '../../src/telemetry/logger.ts';
import { canariesFound, searchForCanaries } from './canaries.ts';

/** Says nothing, as {@link silentLogger} does; each line is searched as it would be written. */
function searched(bound: LogFields): Logger {
  const search = (message: string, fields?: LogFields): void => {
    searchForCanaries('the log', `${message} ${JSON.stringify(serialise({ ...bound, ...fields }))}`);
  };
  return {
    debug: search,
    info: search,
    warn: search,
    error: search,
    with: (fields) => searched({ ...bound, ...fields }),
  };
}

// What runs in the tests' own process logs there.
Object.assign(silentLogger, searched({}));

/** Of mocha: after each file, or at the end where all files share a process. */
export const mochaHooks = {
  afterAll(): void {
    assert.deepEqual(canariesFound(), [], 'what is secret was shown');
  },
};
