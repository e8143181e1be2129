import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Container } from '../../../src/api/builtin.ts';
import {
  resumeRecord,
  type ContainerRecord,
  type RestartPolicy,
} from '../../../src/devcluster/node-agent/container-record.ts';
import {
  createContainerRunner,
  type ContainerRunner,
} from '../../../src/devcluster/node-agent/container-runner.ts';
import { ContainerConfigError } from '../../../src/devcluster/node-agent/env.ts';
import { openLogFile } from '../../../src/devcluster/node-agent/log-file.ts';
import { startProcess } from '../../../src/devcluster/node-agent/process.ts';
import { createProcessGuard, type ProcessGuard } from '../../../src/devcluster/process/guard.ts';
import { systemClock } from '../../../src/time/clock.ts';
import { eventually } from '../../support/eventually.ts';
import { container } from './pod-objects.ts';
import { temporaryFolder } from './temporary-folder.ts';

interface Started {
  runner: ContainerRunner;
  /** Every record there was, in order. */
  history: ContainerRecord[];
  ended: Promise<number | undefined>;
}

interface Given {
  policy?: RestartPolicy;
  fields?: Partial<Container>;
  /** Throws once for each, before the first start. */
  configErrors?: string[];
  exec?: () => Promise<number>;
}

describe('container runner', () => {
  let guard: ProcessGuard;
  let started: Started[];

  beforeEach(() => {
    guard = createProcessGuard();
    started = [];
  });
  afterEach(async () => {
    started.forEach(({ runner }) => runner.stop(0));
    await Promise.all(started.map(({ ended }) => ended));
    await guard.dispose();
  });
  // Its hook comes after the one above: what still runs writes there.
  const folder = temporaryFolder();

  function start(
    script: string,
    { policy = 'Always', fields = {}, configErrors = [], exec }: Given = {},
  ): Started {
    const spec = container(fields);
    const history: ContainerRecord[] = [];
    const runner = createContainerRunner({
      container: spec,
      resumed: resumeRecord(spec, 'main', { previous: undefined, policy, now: '2026-01-01T00:00:00Z' }),
      policy,
      clock: systemClock,
      backoffScale: 0.001,
      podLabel: 'miner-0_mines(uid-1)',
      graceMs: 100,
      launch(restartCount) {
        const problem = configErrors.shift();
        if (problem !== undefined) {
          return Promise.reject(new ContainerConfigError(problem));
        }
        const log = openLogFile({ path: join(folder(), `${restartCount}.log`), now: () => Date.now() });
        const env = { PATH: process.env['PATH'] ?? '', RUN: String(restartCount) };
        const command = ['sh', '-c', script] as const;
        const target = { container: spec, ports: new Map(), exec: exec ?? (() => Promise.resolve(0)) };
        return Promise.resolve({
          process: startProcess({
            command: [...command],
            env,
            cwd: folder(),
            log,
            guard,
            clock: systemClock,
          }),
          target,
          idle: false,
        });
      },
      onChange: () => history.push(runner.record),
    });
    const run = { runner, history, ended: runner.run() };
    started.push(run);
    return run;
  }

  it('runs once under Never, and says how it ended', async () => {
    const { runner, ended, history } = start('exit 3', { policy: 'Never' });

    assert.equal(await ended, 3);
    assert.equal(runner.record.state.terminated?.exitCode, 3);
    assert.equal(runner.record.restartCount, 0);
    assert.ok(history.some(({ state, ready }) => state.running !== undefined && ready));
  });

  it('runs under OnFailure until it succeeds, counting', async () => {
    const { runner, ended } = start('[ "$RUN" = 2 ]', { policy: 'OnFailure' });

    assert.equal(await ended, 0);
    assert.equal(runner.record.restartCount, 2);
    assert.equal(runner.record.lastState?.terminated?.exitCode, 1);
  });

  it('restarts at once the first time, then goes through CrashLoopBackOff with growing waits', async () => {
    const { runner, history } = start('exit 1');
    await eventually(() => runner.record.restartCount >= 4);

    const waits = history.flatMap(({ state, restartCount }) =>
      state.waiting?.reason === 'CrashLoopBackOff' ? [[restartCount, state.waiting.message]] : [],
    );
    const message = (seconds: number): string =>
      `back-off ${seconds}s restarting failed container=main pod=miner-0_mines(uid-1)`;
    assert.deepEqual(waits.slice(0, 3), [
      [1, message(10)],
      [2, message(20)],
      [3, message(40)],
    ]);
  });

  it('restarts under Always what has ended well', async () => {
    const { runner } = start('exit 0');

    await eventually(() => runner.record.restartCount >= 1);
    assert.equal(runner.record.lastState?.terminated?.reason, 'Completed');
  });

  it('ends for good when it is stopped, while it runs', async () => {
    const { runner, ended } = start('sleep 1000');
    await eventually(() => runner.record.ready);

    runner.stop(10_000);

    assert.equal(await ended, 143);
    assert.equal(runner.record.state.terminated?.exitCode, 143);
    assert.equal(runner.process, undefined);
  });

  it('ends for good when it is stopped, while it waits for its next start', async () => {
    const { runner, ended } = start('exit 5');
    await eventually(() => runner.record.state.waiting?.reason === 'CrashLoopBackOff');

    runner.stop(10_000);

    assert.equal(await ended, 5);
    assert.equal(runner.record.state.terminated?.exitCode, 5);
  });

  it('says what is missing, and can be stopped before it ever started', async () => {
    const { runner, ended, history } = start('exit 0', { configErrors: ['secret "keys" not found'] });
    await eventually(() => history.length > 0);

    assert.deepEqual(runner.record.state.waiting, {
      reason: 'CreateContainerConfigError',
      message: 'secret "keys" not found',
    });
    runner.stop(0);
    assert.equal(await ended, undefined);
    assert.equal(runner.record.restartCount, 0);
  });

  describe('with probes', () => {
    let server: Server;
    let healthy: boolean;
    let port: number;

    beforeEach(async () => {
      healthy = false;
      server = createServer((_request, response) => response.writeHead(healthy ? 200 : 503).end());
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      port = (server.address() as AddressInfo).port;
    });
    afterEach(() => void server.close());

    const often = { periodSeconds: 0.02, failureThreshold: 2 };

    it('is ready exactly while its readiness probe passes', async () => {
      const { runner } = start('sleep 1000', {
        fields: { readinessProbe: { httpGet: { port, path: '/healthz' }, ...often } },
      });
      await eventually(() => runner.record.started);
      assert.equal(runner.record.ready, false);

      healthy = true;
      await eventually(() => runner.record.ready);
      healthy = false;
      await eventually(() => !runner.record.ready);
      assert.equal(runner.record.restartCount, 0);
    });

    it('is killed and restarted when its liveness probe fails', async () => {
      const { runner } = start('sleep 1000', {
        fields: { livenessProbe: { tcpSocket: { port: 1 }, ...often } },
      });

      await eventually(() => runner.record.restartCount >= 1);
      assert.equal(runner.record.lastState?.terminated?.exitCode, 143);
    });

    it('is started when its startup probe has passed, and only then asked for more', async () => {
      let answer = 1;
      const { runner, history } = start('sleep 1000', {
        exec: () => Promise.resolve(answer),
        fields: {
          startupProbe: { exec: { command: ['check'] }, periodSeconds: 0.02, failureThreshold: 10_000 },
          readinessProbe: { httpGet: { port }, ...often },
        },
      });
      await eventually(() => runner.record.state.running !== undefined);
      assert.equal(runner.record.started, false);

      answer = 0;
      await eventually(() => runner.record.started);
      healthy = true;
      await eventually(() => runner.record.ready);
      assert.ok(history.every(({ started, ready }) => started || !ready));
    });
  });
});
