import assert from 'node:assert/strict';
import { cpuSecondsByGroup, parseStat } from '../../../src/devcluster/node-agent/cpu-usage.ts';
import { createProcessGuard } from '../../../src/devcluster/process/guard.ts';

describe('processor use', () => {
  it('reads group and time, whatever the name is', () => {
    const rest = 'S 1 77 77 0 -1 4194560 100 0 0 0 150 50 0 0 20 0 11 0 5 1 1 1';

    assert.deepEqual(parseStat(`42 (node) ${rest}`), { group: 77, cpuSeconds: 2 });
    assert.deepEqual(parseStat(`42 (a) b (c) 1 2) ${rest}`), { group: 77, cpuSeconds: 2 });
    assert.equal(parseStat(''), undefined);
  });

  it('finds a busy process group on this machine', async function () {
    if (process.platform !== 'linux') {
      this.skip();
    }
    const guard = createProcessGuard();
    const busy = guard.spawn('sh', ['-c', 'while :; do :; done'], { stdio: 'ignore' });
    const group = busy.pid ?? 0;

    let used = 0;
    for (let look = 0; used < 0.1 && look < 400; look++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      used = cpuSecondsByGroup().get(group) ?? 0;
    }

    await guard.dispose();
    assert.ok(used >= 0.1, `used ${used} s`);
  });
});
