import assert from 'node:assert/strict';
import { join } from 'node:path';
import { openLogFile } from '../../../src/devcluster/node-agent/log-file.ts';
import { sleepingProcess } from '../../../src/devcluster/node-agent/sleeping-process.ts';
import { temporaryFolder } from './temporary-folder.ts';

describe('a container that only sleeps', () => {
  const folder = temporaryFolder();

  for (const [graceMs, end] of [
    [30_000, { exitCode: 143, signal: 15, reason: 'Error' }],
    [0, { exitCode: 137, signal: 9, reason: 'Error' }],
  ] as const) {
    it(`ends as sleep does when it has ${graceMs} ms, once, and closes its log`, async () => {
      const log = openLogFile({ path: join(folder(), '0.log'), now: () => 0 });
      const process = sleepingProcess(log);
      assert.equal(process.group, undefined);
      assert.equal(await Promise.race([process.ended, Promise.resolve('asleep')]), 'asleep');

      process.stop(graceMs);
      process.stop(0);

      assert.deepEqual(await process.ended, end);
      assert.equal(log.closed, true);
    });
  }
});
