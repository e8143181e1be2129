import { Counter, exponentialBuckets, Gauge, Histogram, type Registry } from 'prom-client';

/** How a reconcile ended: the label `result`. */
export type ReconcileResult = 'success' | 'requeue_after' | 'error';

/** What the workers of one controller tell of their reconciles. */
export interface ReconcileMetrics {
  started(): void;
  finished(result: ReconcileResult, seconds: number): void;
  terminalError(): void;
  /** A programming error was caught. */
  panic(): void;
}

/** What a queue tells of itself. All durations in seconds. */
export interface QueueMetrics {
  /** A key became ready. */
  added(priority: number): void;
  /** A ready key rose. */
  promoted(from: number, to: number): void;
  /** A key was handed out after so long in the queue. */
  taken(priority: number, waitedSeconds: number): void;
  /** A key was dropped by the shutdown. */
  dropped(priority: number): void;
  /** A worker is done with a key. */
  finished(workedSeconds: number): void;
  /** A key was put off. */
  delayed(): void;
  /** How long every key now in the hands of a worker has been there; asked for at each scrape. */
  observeRunning(runningSeconds: () => readonly number[]): void;
}

/** The metrics of all controllers of a process, under the names of controller-runtime so that its dashboards work unchanged. */
export interface ControllerMetrics {
  /** For the workers of a controller. Its series exist from now on, at 0. */
  reconciles(controller: string, maxConcurrent: number): ReconcileMetrics;
  /** For the queue of a controller. */
  queue(controller: string): QueueMetrics;
  /** `leader_election_master_status` of a lease, asked at each scrape: a frozen process cannot leave a stale 1 behind. */
  leadership(lease: string, isLeader: () => boolean): void;
}

// controller-runtime, pkg/internal/controller/metrics
const reconcileSeconds = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.25, 1.5,
  1.75, 2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 40, 50, 60,
];
// client-go, util/workqueue: from 10 ns, times 10
const queueSeconds = exponentialBuckets(10e-9, 10, 12);

export function controllerMetrics(registry: Registry): ControllerMetrics {
  const forReconciles = reconcileMetrics(registry);
  const forQueue = queueMetrics(registry);
  const leaders = new Map<string, () => boolean>();
  new Gauge({
    name: 'leader_election_master_status',
    help: 'Whether this process holds the lease: 1 if so, else 0.',
    labelNames: ['name'] as const,
    registers: [registry],
    collect() {
      leaders.forEach((isLeader, name) => this.set({ name }, isLeader() ? 1 : 0));
    },
  });
  return {
    reconciles: forReconciles,
    queue: forQueue,
    leadership: (lease, isLeader) => leaders.set(lease, isLeader),
  };
}

function reconcileMetrics(registry: Registry): ControllerMetrics['reconciles'] {
  const registers = [registry];
  const labelNames = ['controller'] as const;
  const total = new Counter({
    name: 'controller_runtime_reconcile_total',
    help: 'Reconciles per controller and result.',
    labelNames: ['controller', 'result'] as const,
    registers,
  });
  const errors = new Counter({
    name: 'controller_runtime_reconcile_errors_total',
    help: 'Failed reconciles per controller, terminal ones included.',
    labelNames,
    registers,
  });
  const terminal = new Counter({
    name: 'controller_runtime_terminal_reconcile_errors_total',
    help: 'Reconciles per controller that failed in a way that trying again cannot help.',
    labelNames,
    registers,
  });
  const panics = new Counter({
    name: 'controller_runtime_reconcile_panics_total',
    help: 'Reconciles per controller that ran into a programming error.',
    labelNames,
    registers,
  });
  const time = new Histogram({
    name: 'controller_runtime_reconcile_time_seconds',
    help: 'Length of a reconcile per controller.',
    labelNames,
    buckets: reconcileSeconds,
    registers,
  });
  const workers = new Gauge({
    name: 'controller_runtime_max_concurrent_reconciles',
    help: 'Most reconciles at the same time per controller.',
    labelNames,
    registers,
  });
  const active = new Gauge({
    name: 'controller_runtime_active_workers',
    help: 'Reconciles now running per controller.',
    labelNames,
    registers,
  });

  return (controller, maxConcurrent) => {
    for (const result of ['success', 'requeue_after', 'error']) {
      total.inc({ controller, result }, 0);
    }
    for (const counter of [errors, terminal, panics]) {
      counter.inc({ controller }, 0);
    }
    workers.set({ controller }, maxConcurrent);
    active.set({ controller }, 0);
    time.zero({ controller });
    return {
      started: () => active.inc({ controller }),
      finished(result, seconds) {
        active.dec({ controller });
        time.observe({ controller }, seconds);
        total.inc({ controller, result });
        if (result === 'error') {
          errors.inc({ controller });
        }
      },
      terminalError: () => terminal.inc({ controller }),
      panic: () => panics.inc({ controller }),
    };
  };
}

function queueMetrics(registry: Registry): ControllerMetrics['queue'] {
  const registers = [registry];
  const labelNames = ['name', 'controller'] as const;
  const running = new Map<string, () => readonly number[]>();
  const depth = new Gauge({
    name: 'workqueue_depth',
    help: 'Keys ready to be worked on, per priority.',
    labelNames: ['name', 'controller', 'priority'] as const,
    registers,
  });
  const adds = new Counter({
    name: 'workqueue_adds_total',
    help: 'Keys that became ready.',
    labelNames,
    registers,
  });
  const wait = new Histogram({
    name: 'workqueue_queue_duration_seconds',
    help: 'How long a key is ready before a worker takes it.',
    labelNames,
    buckets: queueSeconds,
    registers,
  });
  const work = new Histogram({
    name: 'workqueue_work_duration_seconds',
    help: 'How long a worker has a key.',
    labelNames,
    buckets: queueSeconds,
    registers,
  });
  const retries = new Counter({
    name: 'workqueue_retries_total',
    help: 'Keys that were put off: retries, wanted second looks and held-back wake-ups.',
    labelNames,
    registers,
  });
  new Gauge({
    name: 'workqueue_unfinished_work_seconds',
    help: 'Sum of how long the workers have had the keys that they have now: grows without end when one is stuck.',
    labelNames,
    registers,
    collect() {
      running.forEach((seconds, name) =>
        this.set(
          { name, controller: name },
          seconds().reduce((sum, value) => sum + value, 0),
        ),
      );
    },
  });
  new Gauge({
    name: 'workqueue_longest_running_processor_seconds',
    help: 'How long the slowest worker has had its key.',
    labelNames,
    registers,
    collect() {
      running.forEach((seconds, name) => this.set({ name, controller: name }, Math.max(0, ...seconds())));
    },
  });

  return (name) => {
    const labels = { name, controller: name };
    adds.inc(labels, 0);
    retries.inc(labels, 0);
    wait.zero(labels);
    work.zero(labels);
    depth.set({ ...labels, priority: 0 }, 0);
    return {
      added(priority) {
        adds.inc(labels);
        depth.inc({ ...labels, priority });
      },
      promoted(from, to) {
        depth.dec({ ...labels, priority: from });
        depth.inc({ ...labels, priority: to });
      },
      taken(priority, waitedSeconds) {
        depth.dec({ ...labels, priority });
        wait.observe(labels, waitedSeconds);
      },
      dropped: (priority) => depth.dec({ ...labels, priority }),
      finished: (workedSeconds) => work.observe(labels, workedSeconds),
      delayed: () => retries.inc(labels),
      observeRunning: (seconds) => running.set(name, seconds),
    };
  };
}
