import assert from 'node:assert/strict';
import { join } from 'node:path';
import { openLogFile, type LogFile } from '../../../src/devcluster/node-agent/log-file.ts';
import { startProcess, type ContainerProcess } from '../../../src/devcluster/node-agent/process.ts';
import { createProcessGuard, type ProcessGuard } from '../../../src/devcluster/process/guard.ts';
import { systemClock } from '../../../src/time/clock.ts';
import { eventually } from '../../support/eventually.ts';
import { isRunning } from '../process/process-state.ts';
import { temporaryFolder } from './temporary-folder.ts';

describe('container process', () => {
  const folder = temporaryFolder();
  let guard: ProcessGuard;
  let log: LogFile;

  beforeEach(() => {
    guard = createProcessGuard();
    log = openLogFile({ path: join(folder(), '0.log'), now: () => Date.now() });
  });
  afterEach(() => guard.dispose());

  function start(...command: [string, ...string[]]): ContainerProcess {
    const env = { PATH: process.env['PATH'] ?? '' };
    return startProcess({ command, env, cwd: folder(), log, guard, clock: systemClock });
  }
  const texts = (): string[] => log.lines().map(({ text }) => text);

  const ends: [string, object][] = [
    ['exit 0', { exitCode: 0, reason: 'Completed' }],
    ['exit 3', { exitCode: 3, reason: 'Error' }],
    ['kill -9 $$', { exitCode: 137, signal: 9, reason: 'Error' }],
  ];
  for (const [script, end] of ends) {
    it(`reports the end of "${script}"`, async () => {
      assert.deepEqual(await start('sh', '-c', script).ended, end);
    });
  }

  it('reports a program that cannot be started as container runtimes do', async () => {
    const process = start('/no/such/program');

    const end = await process.ended;
    assert.equal(end.exitCode, 128);
    assert.equal(end.reason, 'StartError');
    assert.match(end.message ?? '', /ENOENT/);
    assert.ok(log.closed);
  });

  it('has both streams in the log when it has ended', async () => {
    await start('sh', '-c', 'echo out; echo err >&2; printf rest').ended;

    assert.deepEqual(texts().sort(), ['err', 'out', 'rest']);
  });

  it('has only the environment that it was given', async () => {
    await start('sh', '-c', 'env | cut -d= -f1').ended;

    assert.deepEqual(
      // The shell's own, and what Node adds for every child while coverage is counted.
      texts().filter((name) => !['PATH', 'PWD', 'OLDPWD', 'SHLVL', '_', 'NODE_V8_COVERAGE'].includes(name)),
      ['HEADFRAME_PROCESS_GUARD'],
    );
  });

  it('ends at SIGTERM when it wants to', async () => {
    const process = start('sh', '-c', 'trap "echo bye; exit 7" TERM; echo up; while :; do sleep 0.05; done');
    await eventually(() => texts().includes('up'));

    process.stop(30_000);

    assert.deepEqual(await process.ended, { exitCode: 7, reason: 'Error' });
    assert.ok(texts().includes('bye'));
  });

  it('ends at SIGKILL when the grace is over', async () => {
    const process = start('sh', '-c', 'trap "" TERM; echo up; while :; do sleep 0.05; done');
    await eventually(() => texts().includes('up'));

    process.stop(50);

    assert.equal((await process.ended).exitCode, 137);
  });

  it('takes all that it has started with it, also when it ends by itself', async () => {
    await start('sh', '-c', 'sleep 1000 & echo $!').ended;

    const child = Number(texts()[0]);
    assert.ok(child > 0);
    await eventually(() => !isRunning(child));
  });
});
