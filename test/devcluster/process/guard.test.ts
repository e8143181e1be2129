import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createProcessGuard, signalGroup } from '../../../src/devcluster/process/guard.ts';
import { eventually } from '../../support/eventually.ts';
import { isRunning } from './process-state.ts';

interface Started {
  parent: ChildProcess;
  pids: number[];
  folder: string;
}

async function startParent(): Promise<Started> {
  const program = fileURLToPath(new URL('guarded-parent.ts', import.meta.url));
  const parent = spawn(process.execPath, ['--import', 'tsx', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  return { parent, ...(JSON.parse(line.toString()) as { pids: number[]; folder: string }) };
}

describe('process guard', () => {
  for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
    it(`leaves no process and no folder behind when its parent dies by ${signal}`, async function () {
      this.timeout(20_000);
      const { parent, pids, folder } = await startParent();
      assert.equal(pids.length, 3);
      assert.ok(pids.every(isRunning), 'all run before');

      parent.kill(signal);

      await eventually(() => !pids.some(isRunning), 15_000);
      await eventually(() => !existsSync(folder), 15_000);
    });
  }

  it('ends what still runs when it is disposed of, and hurts nobody else', async () => {
    const guard = createProcessGuard();
    const other = createProcessGuard();
    const mine = guard.spawn('sleep', ['1000'], { stdio: 'ignore' });
    const foreign = other.spawn('sleep', ['1000'], { stdio: 'ignore' });

    await guard.dispose();

    await eventually(() => !isRunning(mine.pid ?? 0));
    assert.ok(isRunning(foreign.pid ?? 0));
    await other.dispose();
  });

  it('reports a program that cannot be started by the error event', async () => {
    const guard = createProcessGuard();
    const [error] = (await once(guard.spawn('/no/such/program', [], {}), 'error')) as [NodeJS.ErrnoException];

    assert.equal(error.code, 'ENOENT');
    await guard.dispose();
  });

  it('signals a group until it is empty', async () => {
    const guard = createProcessGuard();
    const child = guard.spawn('sleep', ['1000'], { stdio: 'ignore' });
    const pid = child.pid ?? 0;

    assert.equal(signalGroup(pid, 'SIGTERM'), true);
    await once(child, 'exit');
    assert.equal(signalGroup(pid, 'SIGTERM'), false);
    await guard.dispose();
  });
});
