import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { minerCommand } from '../../../src/devcluster/worker-programs.ts';
import { minerConfig } from '../../../src/worker/miner/config.ts';
import { metricsText } from '../../../src/worker/miner/metrics-text.ts';
import { eventually } from '../../support/eventually.ts';

describe('minerConfig', () => {
  it('has defaults', () => {
    assert.deepEqual(minerConfig({ HOSTNAME: 'miner-3' }), {
      port: 8080,
      name: 'miner-3',
      seed: Buffer.from('miner-3'),
      difficultyBits: 18,
      targetUtilisation: 0.01,
    });
  });

  const refused: [Record<string, string>, RegExp][] = [
    [{ PORT: 'http' }, /PORT is "http"; it must be a whole number from 0 to 65535/],
    [{ PORT: '80.5' }, /whole number/],
    [{ DIFFICULTY_BITS: '0' }, /DIFFICULTY_BITS is "0"/],
    [{ TARGET_UTILISATION: '1.5' }, /a number from 0.001 to 1/],
    [{ TARGET_UTILISATION: 'NaN' }, /TARGET_UTILISATION/],
    [{ SEED_FILE: '/no/such/file' }, /SEED_FILE cannot be read/],
  ];
  for (const [env, message] of refused) {
    it(`refuses ${JSON.stringify(env)}`, () => {
      assert.throws(() => minerConfig(env), message);
    });
  }
});

describe('metricsText', () => {
  it('gives every metric its help and type', () => {
    const text = metricsText({
      hashes: 7,
      sharesFound: 1,
      sharesRejected: 0,
      hashrate: 3,
      targetUtilisation: 0.5,
    });

    assert.match(
      text,
      /^# HELP miner_hashes_total .+\n# TYPE miner_hashes_total counter\nminer_hashes_total 7\n/,
    );
    assert.equal(text.match(/^# TYPE /gm)?.length, 5);
    assert.ok(text.endsWith('\n'));
  });
});

describe('miner', () => {
  let child: ChildProcess;
  let lines: Record<string, unknown>[];

  async function start(env: Record<string, string>): Promise<void> {
    const [program = '', ...args] = await minerCommand();
    child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { HOSTNAME: 'miner-0', ...env },
    });
    lines = [];
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      lines = output
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    });
  }
  afterEach(() => void child.kill('SIGKILL'));

  const logged = (message: string): Record<string, unknown> | undefined =>
    lines.find((line) => line['message'] === message);

  it('mines, serves /metrics and /healthz, and ends at SIGTERM with 0', async () => {
    await start({ PORT: '0', DIFFICULTY_BITS: '4', TARGET_UTILISATION: '0.2' });
    await eventually(() => logged('mining') !== undefined && logged('share found') !== undefined);
    const url = `http://127.0.0.1:${String(logged('mining')?.['port'])}`;

    const metrics = await (await fetch(`${url}/metrics`)).text();
    assert.ok(Number(/^miner_hashes_total (\d+)$/m.exec(metrics)?.[1]) > 0);
    assert.ok(Number(/^miner_shares_found_total (\d+)$/m.exec(metrics)?.[1]) > 0);
    assert.match(metrics, /^miner_shares_rejected_total 0$/m);
    assert.equal(await (await fetch(`${url}/healthz`)).text(), 'ok\n');
    assert.equal((await fetch(`${url}/other`)).status, 404);

    child.kill('SIGTERM');
    assert.deepEqual(await once(child, 'exit'), [0, null]);
    assert.equal(logged('stopping')?.['signal'], 'SIGTERM');
  });

  it('says what is wrong with its environment and ends with 2', async () => {
    await start({ PORT: 'x' });

    assert.deepEqual(await once(child, 'exit'), [2, null]);
    await eventually(() => lines.length > 0);
    assert.match(String(lines[0]?.['message']), /PORT is "x"/);
  });
});
