import assert from 'node:assert/strict';
import { Registry } from 'prom-client';
import { after, done, TerminalError, type Controller, type Result } from '../../src/controller/controller.ts';
import { controllerMetrics } from '../../src/controller/metrics.ts';
import { createWorkQueue, INITIAL_LIST_PRIORITY, type WorkQueue } from '../../src/controller/work-queue.ts';
import { reconcileItem, runWorker, type WorkerParts } from '../../src/controller/worker.ts';
import { ApiError } from '../../src/kube/errors.ts';
import type { LogFields, Logger } from '../../src/telemetry/logger.ts';
import { countTurns } from '../support/event-loop-turns.ts';
import { busyClock, manualClock, settle, type ManualClock } from '../support/manual-clock.ts';

const conflict = new ApiError('modified', { code: 409, reason: 'Conflict' });
const throttled = new ApiError('slow down', { code: 429, reason: 'TooManyRequests', retryAfterSeconds: 7 });
const overloaded = new ApiError('busy', { code: 503, reason: 'ServiceUnavailable', retryAfterSeconds: 3 });
const notFound = new ApiError('gone', { code: 404, reason: 'NotFound', retryAfterSeconds: 9 });

interface Line {
  level: string;
  message: string;
  fields: LogFields;
}

/** Collects lines with everything that `with` has added. */
function recordingLogger(lines: Line[], bound: LogFields = {}): Logger {
  const record =
    (level: string) =>
    (message: string, fields: LogFields = {}): void =>
      void lines.push({ level, message, fields: { ...bound, ...fields } });
  return {
    debug: record('debug'),
    info: record('info'),
    warn: record('warn'),
    error: record('error'),
    with: (fields) => recordingLogger(lines, { ...bound, ...fields }),
  };
}

describe('worker', () => {
  let clock: ManualClock;
  let queue: WorkQueue;
  let registry: Registry;
  let lines: Line[];
  let abort: AbortController;

  beforeEach(() => {
    clock = manualClock();
    queue = createWorkQueue({ name: 'pools', clock });
    registry = new Registry();
    lines = [];
    abort = new AbortController();
  });

  function partsOf(reconcile: Controller['reconcile']): WorkerParts {
    return {
      controller: { name: 'pools', watches: [], concurrency: 1, reconcile },
      queue,
      clock,
      log: recordingLogger(lines),
      metrics: controllerMetrics(registry).reconciles('pools', 3),
      signal: abort.signal,
      newReconcileID: () => 'id-1',
    };
  }

  /** `name{labels} value` of every counter and gauge that is not 0, without the prefix and the label of the controller. */
  async function counted(): Promise<string[]> {
    return (await registry.metrics())
      .split('\n')
      .filter(
        (line) => line.startsWith('controller_runtime_') && !/ 0$|_time_seconds|max_concurrent/.test(line),
      )
      .map((line) =>
        line.replace('controller_runtime_', '').replace(/,?controller="pools",?|\{controller="pools"\}/, ''),
      )
      .map((line) => line.replace('{}', ''));
  }

  /** Milliseconds until the key comes again; undefined when it does not. */
  async function comesAgainAfter(): Promise<number | undefined> {
    const start = clock.monotonic();
    let at: number | undefined;
    void queue.get().then(() => (at = clock.monotonic() - start));
    await clock.advance(100_000);
    return at;
  }

  const outcomes: {
    title: string;
    reconcile: () => Promise<Result>;
    metrics: string[];
    level: string;
    again: number | undefined;
  }[] = [
    {
      title: 'done',
      reconcile: () => Promise.resolve(done),
      metrics: ['reconcile_total{result="success"} 1'],
      level: 'debug',
      again: undefined,
    },
    {
      title: 'a second look wanted',
      reconcile: () => Promise.resolve(after(4000)),
      metrics: ['reconcile_total{result="requeue_after"} 1'],
      level: 'debug',
      again: 4000,
    },
    {
      title: 'a second look wanted at once',
      reconcile: () => Promise.resolve(after(0)),
      metrics: ['reconcile_total{result="requeue_after"} 1'],
      level: 'debug',
      again: 0,
    },
    {
      title: 'an error',
      reconcile: () => Promise.reject(new Error('no')),
      metrics: ['reconcile_total{result="error"} 1', 'reconcile_errors_total 1'],
      level: 'error',
      again: 5,
    },
    {
      title: 'a terminal error',
      reconcile: () => Promise.reject(new TerminalError('hopeless')),
      metrics: [
        'reconcile_total{result="error"} 1',
        'reconcile_errors_total 1',
        'terminal_reconcile_errors_total 1',
      ],
      level: 'error',
      again: undefined,
    },
    {
      title: 'an error that a terminal one caused',
      reconcile: () => Promise.reject(new Error('no', { cause: new TerminalError('hopeless') })),
      metrics: [
        'reconcile_total{result="error"} 1',
        'reconcile_errors_total 1',
        'terminal_reconcile_errors_total 1',
      ],
      level: 'error',
      again: undefined,
    },
    {
      title: 'a terminal error beside another',
      reconcile: () => Promise.reject(new AggregateError([new TerminalError('hopeless'), new Error('no')])),
      metrics: ['reconcile_total{result="error"} 1', 'reconcile_errors_total 1'],
      level: 'error',
      again: 5,
    },
    {
      title: 'a conflict',
      reconcile: () => Promise.reject(conflict),
      metrics: ['reconcile_total{result="error"} 1', 'reconcile_errors_total 1'],
      level: 'debug',
      again: 5,
    },
    {
      title: 'a conflict beside another error',
      reconcile: () => Promise.reject(new AggregateError([conflict, new Error('no')])),
      metrics: ['reconcile_total{result="error"} 1', 'reconcile_errors_total 1'],
      level: 'error',
      again: 5,
    },
    {
      title: 'a throttled request',
      reconcile: () => Promise.reject(throttled),
      metrics: ['reconcile_total{result="error"} 1', 'reconcile_errors_total 1'],
      level: 'error',
      again: 7000,
    },
    {
      title: 'an overloaded server behind several errors',
      reconcile: () =>
        Promise.reject(new AggregateError([new Error('no', { cause: overloaded }), notFound, conflict])),
      metrics: ['reconcile_total{result="error"} 1', 'reconcile_errors_total 1'],
      level: 'error',
      again: 3000,
    },
    {
      title: 'an empty AggregateError',
      reconcile: () => Promise.reject(new AggregateError([])),
      metrics: ['reconcile_total{result="error"} 1', 'reconcile_errors_total 1'],
      level: 'error',
      again: 5,
    },
    ...[
      { title: 'a TypeError', thrown: new TypeError('undefined is not a function') },
      { title: 'a RangeError', thrown: new RangeError('out of range') },
      { title: 'a ReferenceError', thrown: new ReferenceError('x is not defined') },
      { title: 'a thrown string', thrown: 'oops' },
      { title: 'a thrown undefined', thrown: undefined },
      { title: 'a TypeError among others', thrown: new AggregateError([conflict, new TypeError('x')]) },
    ].map(({ title, thrown }) => ({
      title,
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- what careless code does is the point
      reconcile: () => Promise.reject(thrown),
      metrics: ['reconcile_total{result="error"} 1', 'reconcile_errors_total 1', 'reconcile_panics_total 1'],
      level: 'error',
      again: 5,
    })),
    {
      title: 'a TypeError that was caught and explained',
      reconcile: () =>
        Promise.reject(new Error('the URL is malformed', { cause: new TypeError('Invalid URL') })),
      metrics: ['reconcile_total{result="error"} 1', 'reconcile_errors_total 1'],
      level: 'error',
      again: 5,
    },
    {
      title: 'an exception before the first promise',
      reconcile: () => {
        throw new TypeError('x is undefined');
      },
      metrics: ['reconcile_total{result="error"} 1', 'reconcile_errors_total 1', 'reconcile_panics_total 1'],
      level: 'error',
      again: 5,
    },
    ...[NaN, Infinity, -1].map((ms) => ({
      title: `a second look wanted in ${ms} ms`,
      reconcile: () => Promise.resolve(after(ms)),
      metrics: ['reconcile_total{result="error"} 1', 'reconcile_errors_total 1', 'reconcile_panics_total 1'],
      level: 'error',
      again: 5,
    })),
  ];
  for (const { title, reconcile, metrics, level, again } of outcomes) {
    it(`${title}: counted, logged, ${again === undefined ? 'not looked at again' : `looked at again after ${again} ms`}`, async () => {
      const parts = partsOf(reconcile);
      queue.add('lab/a');
      const item = await queue.get();
      assert.ok(item !== undefined);
      await reconcileItem(parts, item);
      assert.deepEqual(await counted(), metrics);
      assert.deepEqual(
        lines.map((line) => line.level),
        [level],
      );
      assert.equal(await comesAgainAfter(), again);
    });
  }

  it('says which reconcile a line belongs to', async () => {
    const error = new Error('no');
    const parts = partsOf((_key, { log }) => {
      log.info('from within');
      return Promise.reject(error);
    });
    queue.add('lab/a');
    queue.add('cluster-scoped');
    for (let turn = 0; turn < 2; turn++) {
      const item = await queue.get();
      assert.ok(item !== undefined);
      await reconcileItem(parts, item);
    }
    const common = { controller: 'pools', reconcileID: 'id-1' };
    assert.deepEqual(
      lines.map(({ fields }) => fields),
      [
        { ...common, namespace: 'lab', name: 'a' },
        { ...common, namespace: 'lab', name: 'a', seconds: 0, error },
        { ...common, name: 'cluster-scoped' },
        { ...common, name: 'cluster-scoped', seconds: 0, error },
      ],
    );
  });

  it('gives every reconcile another ID unless told otherwise', async () => {
    const { newReconcileID: _, ...parts } = partsOf(() => Promise.resolve(done));
    for (const key of ['a', 'b']) {
      await reconcileItem(parts, { key, priority: 0 });
    }
    assert.equal(new Set(lines.map(({ fields }) => fields['reconcileID'])).size, 2);
  });

  it('keeps the priority of a key that failed', async () => {
    const parts = partsOf(() => Promise.reject(new Error('no')));
    queue.add('lab/a', INITIAL_LIST_PRIORITY);
    const item = await queue.get();
    assert.ok(item !== undefined);
    await reconcileItem(parts, item);
    await clock.advance(5);
    assert.deepEqual(await queue.get(), { key: 'lab/a', priority: INITIAL_LIST_PRIORITY });
  });

  const stops: { title: string; thrown: Error; level: string }[] = [
    { title: 'a failure', thrown: new Error('stopped'), level: 'debug' },
    { title: 'a programming error', thrown: new TypeError('x'), level: 'error' },
  ];
  for (const { title, thrown, level } of stops) {
    it(`logs ${title} after the signal to stop as ${level}`, async () => {
      abort.abort();
      await reconcileItem(
        partsOf(() => Promise.reject(thrown)),
        { key: 'a', priority: 0 },
      );
      assert.equal(lines[0]?.level, level);
    });
  }

  it('works until the queue is shut down, one key at a time', async () => {
    let running = 0;
    let most = 0;
    const seen: string[] = [];
    const worker = runWorker(
      partsOf(async (key) => {
        most = Math.max(most, ++running);
        seen.push(key);
        await settle();
        running--;
        return done;
      }),
    );
    ['a', 'b', 'c'].forEach((key) => queue.add(key));
    await settle();
    await settle();
    await settle();
    await settle();
    await queue.shutDown();
    await worker;
    assert.deepEqual(seen, ['a', 'b', 'c']);
    assert.equal(most, 1);
  });

  it('shows its series before anything happened, and who is at work', async () => {
    let finish: (result: Result) => void = () => undefined;
    const parts = partsOf(() => new Promise((resolve) => (finish = resolve)));
    const zeros = (await registry.metrics()).split('\n').filter((line) => line.endsWith(' 0'));
    for (const series of [
      'controller_runtime_reconcile_total{controller="pools",result="success"} 0',
      'controller_runtime_reconcile_total{controller="pools",result="requeue_after"} 0',
      'controller_runtime_reconcile_total{controller="pools",result="error"} 0',
      'controller_runtime_reconcile_errors_total{controller="pools"} 0',
      'controller_runtime_terminal_reconcile_errors_total{controller="pools"} 0',
      'controller_runtime_reconcile_panics_total{controller="pools"} 0',
      'controller_runtime_active_workers{controller="pools"} 0',
      'controller_runtime_reconcile_time_seconds_count{controller="pools"} 0',
    ]) {
      assert.ok(zeros.includes(series), series);
    }
    const reconciling = reconcileItem(parts, { key: 'a', priority: 0 });
    await clock.advance(1500);
    assert.match(await registry.metrics(), /^controller_runtime_active_workers\{controller="pools"\} 1$/m);
    assert.match(
      await registry.metrics(),
      /^controller_runtime_max_concurrent_reconciles\{controller="pools"\} 3$/m,
    );
    finish(done);
    await reconciling;
    const text = await registry.metrics();
    assert.match(text, /^controller_runtime_active_workers\{controller="pools"\} 0$/m);
    assert.match(
      text,
      /^controller_runtime_reconcile_time_seconds_bucket\{le="1.25",controller="pools"\} 0$/m,
    );
    assert.match(
      text,
      /^controller_runtime_reconcile_time_seconds_bucket\{le="1.5",controller="pools"\} 1$/m,
    );
  });

  it('lets timers and sockets have their turn among reconciles that wait for nothing', async () => {
    const count = countTurns();
    const seen: number[] = [];
    for (let key = 0; key < 100; key++) {
      queue.add(`default/pool-${key}`);
    }
    const reconcile = (): Promise<Result> => {
      seen.push(count.turns);
      if (seen.length === 100) {
        void queue.shutDown();
      }
      return Promise.resolve(done);
    };

    await runWorker({ ...partsOf(reconcile), clock: busyClock() });

    count.stop();
    assert.ok((seen.at(-1) ?? 0) - (seen[0] ?? 0) >= 10, `${seen.at(-1)} turns`);
  });
});

describe('work queue metrics', () => {
  it('are those of controller-runtime', async () => {
    const clock = manualClock();
    const registry = new Registry();
    const queue = createWorkQueue({
      name: 'pools',
      clock,
      metrics: controllerMetrics(registry).queue('pools'),
    });
    const at = 'name="pools",controller="pools"';
    const value = async (series: string): Promise<string | undefined> =>
      (await registry.metrics())
        .split('\n')
        .find((line) => line.startsWith(`${series} `))
        ?.slice(series.length + 1);
    assert.equal(await value(`workqueue_adds_total{${at}}`), '0');
    queue.add('a');
    queue.add('b', INITIAL_LIST_PRIORITY);
    queue.addAfter('c', 1000);
    assert.equal(await value(`workqueue_depth{${at},priority="0"}`), '1');
    assert.equal(await value(`workqueue_depth{${at},priority="-100"}`), '1');
    queue.add('b');
    assert.equal(await value(`workqueue_depth{${at},priority="0"}`), '2');
    assert.equal(await value(`workqueue_depth{${at},priority="-100"}`), '0');
    assert.equal(await value(`workqueue_adds_total{${at}}`), '2');
    assert.equal(await value(`workqueue_retries_total{${at}}`), '1');
    await clock.advance(10);
    await queue.get();
    await clock.advance(100);
    await queue.get();
    await clock.advance(200);
    assert.equal(await value(`workqueue_unfinished_work_seconds{${at}}`), '0.5');
    assert.equal(await value(`workqueue_longest_running_processor_seconds{${at}}`), '0.3');
    assert.equal(await value(`workqueue_queue_duration_seconds_sum{${at}}`), '0.12');
    queue.done('a');
    queue.done('b');
    assert.equal(await value(`workqueue_work_duration_seconds_sum{${at}}`), '0.5');
    assert.equal(await value(`workqueue_longest_running_processor_seconds{${at}}`), '0');
    queue.add('d');
    await queue.shutDown();
    assert.equal(await value(`workqueue_depth{${at},priority="0"}`), '0');
    const buckets = (await registry.metrics()).match(/^workqueue_work_duration_seconds_bucket\{le="[^"]*"/gm);
    assert.equal(buckets?.length, 13);
  });
});
