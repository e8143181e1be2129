import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const mocha = fileURLToPath(new URL('../../node_modules/mocha/bin/mocha.js', import.meta.url));
const reporter = fileURLToPath(new URL('counting-reporter.cjs', import.meta.url));

describe('the end of a test run', function () {
  this.timeout(30_000);
  let folder: string;

  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'headframe-test-'))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** How a run of the one spec ends, what it says, and the counts that it leaves. */
  async function run(
    spec: string,
  ): Promise<{ end: number | string | null | undefined; stderr: string; report: unknown }> {
    const file = join(folder, 'some.spec.cjs');
    const report = join(folder, 'report.json');
    await writeFile(file, spec);
    const env = { ...process.env, MOCHA_REPORT: report, HEADFRAME_TEST_PATIENCE_MS: '4000' };
    // In one process, as no flags are given to Node: its end is the run's.
    const args = [mocha, '--no-config', '--no-package', '--reporter', reporter, file];
    return new Promise((resolve, reject) => {
      const child = execFile(process.execPath, args, { env, cwd: folder }, (_error, _stdout, stderr) => {
        readFile(report, 'utf8').then(
          (text) =>
            resolve({ end: child.signalCode ?? child.exitCode, stderr, report: JSON.parse(text) as unknown }),
          reject,
        );
      });
    });
  }

  it('is 0 where all passed and nothing is open', async () => {
    const { end, report } = await run(`it('passes', () => {})`);

    assert.equal(end, 0);
    assert.deepEqual(report, { passes: 1, failures: 0, failed: [] });
  });

  it('is the number of failures, and each is told in a line', async () => {
    const { end, report } = await run(
      `it('fails', () => { throw new Error('for\\n  a reason') }); it('passes', () => {})`,
    );

    assert.equal(end, 1);
    assert.deepEqual(report, { passes: 1, failures: 1, failed: ['fails: for a reason'] });
  });

  it('comes after the patience where something is left open, is a failure, and says what', async () => {
    const { end, stderr, report } = await run(
      `it('leaves a server', () => require('node:net').createServer().listen(0, '127.0.0.1'))`,
    );

    assert.equal(end, 1);
    const words = /something is still open \(.*TCPServerWrap/;
    assert.match(stderr, words);
    const { passes, failures, failed } = report as { passes: number; failures: number; failed: string[] };
    assert.deepEqual([passes, failures], [1, 1]);
    assert.match(failed.join('\n'), words);
  });

  it('is a kill from outside where Node itself hangs', async () => {
    const { end, stderr, report } = await run(
      `process.on('exit', () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)); it('passes', () => {})`,
    );

    assert.equal(end, 'SIGKILL');
    assert.match(stderr, /Node hangs at its end/);
    assert.deepEqual(report, { passes: 1, failures: 0, failed: [] });
  });
});
