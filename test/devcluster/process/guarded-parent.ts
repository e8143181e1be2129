import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProcessGuard } from '../../../src/devcluster/process/guard.ts';

/* A program for the guard's test: starts children under a guard, says who they are, and waits to be killed. */

const guard = createProcessGuard();
const folder = mkdtempSync(join(tmpdir(), 'headframe-test-'));
writeFileSync(join(folder, 'file'), 'x');
guard.ownFolder(folder);
// The second child leaves its process group; only its environment gives it away.
const script = 'sleep 1000 & echo $!; setsid sleep 1000 & echo $!; trap "" TERM INT HUP; wait; sleep 1000';
const child = guard.spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'inherit'] });
let output = '';
child.stdout?.on('data', (chunk: Buffer) => {
  output += chunk.toString();
  const pids = output.trim().split('\n').map(Number);
  if (pids.length === 2) {
    process.stdout.write(`${JSON.stringify({ pids: [child.pid, ...pids], folder })}\n`);
  }
});
