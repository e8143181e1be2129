import { randomUUID } from 'node:crypto';
import type { Container } from '../../api/builtin.ts';
import type { Immutable } from '../../api/kube-object.ts';
import { rfc3339, sleep, type Clock } from '../../time/clock.ts';
import { shouldRestart, type ContainerRecord, type Resumed, type RestartPolicy } from './container-record.ts';
import { afterEnd, noCrashes, restartDelayMs, type CrashHistory } from './crash-loop.ts';
import { ContainerConfigError } from './env.ts';
import type { ProbeTarget } from './probe-actions.ts';
import { hasProbe, probeContainer } from './prober.ts';
import type { ProbeKind } from './probes.ts';
import type { ContainerProcess, ProcessEnd } from './process.ts';

/** A container that has just been started. */
export interface Launched {
  readonly process: ContainerProcess;
  readonly target: ProbeTarget;
  /** Nothing runs that could answer: probes count as passed. */
  readonly idle: boolean;
}

export interface ContainerRunnerOptions {
  readonly container: Immutable<Container>;
  readonly resumed: Resumed;
  readonly policy: RestartPolicy;
  readonly clock: Clock;
  /** 1 for kubelet's waits between restarts; tests take less. */
  readonly backoffScale: number;
  /** `pod_namespace(uid)`, for messages. */
  readonly podLabel: string;
  /** Used when a probe kills it. */
  readonly graceMs: number;
  /** Starts what runs in it. @throws ContainerConfigError when it cannot be started as configured yet */
  launch(restartCount: number): Promise<Launched>;
  /** The record has changed. */
  readonly onChange: () => void;
}

/** Runs one container again and again, as its restart policy says. */
export interface ContainerRunner {
  readonly record: ContainerRecord;
  readonly policy: RestartPolicy;
  /** What runs now. */
  readonly process: ContainerProcess | undefined;
  /** Resolves with the exit code when the container will not be started again; undefined when it never was. */
  run(): Promise<number | undefined>;
  /** Resolves when it has started (its startup probe has passed) or ended for good. */
  whenStarted(): Promise<void>;
  /** Ends it for good. A second call with less grace shortens the first. */
  stop(graceMs: number): void;
}

/** How soon a container is tried again whose ConfigMap or Secret was missing. */
const CONFIG_RETRY_MS = 2_000;

export function createContainerRunner(options: ContainerRunnerOptions): ContainerRunner {
  const { container, resumed, policy, clock, backoffScale, onChange } = options;
  const stopping = new AbortController();
  const isStopping = (): boolean => stopping.signal.aborted;
  let record = resumed.record;
  let history: CrashHistory = record.lastState?.terminated === undefined ? noCrashes : { ends: 1 };
  let current: ContainerProcess | undefined;
  let started: () => void;
  const whenStarted = new Promise<void>((resolve) => (started = resolve));

  function set(change: Partial<ContainerRecord>): void {
    record = { ...record, ...change };
    if (record.started) {
      started();
    }
    onChange();
  }

  async function launch(): Promise<Launched | undefined> {
    while (!isStopping()) {
      try {
        return await options.launch(record.restartCount);
      } catch (error) {
        // Whatever it was (an API server that is away, a Secret that is not there yet): say it, and try again.
        const reason =
          error instanceof ContainerConfigError ? 'CreateContainerConfigError' : 'CreateContainerError';
        set({ state: { waiting: { reason, message: messageOf(error) } } });
        await sleep(clock, CONFIG_RETRY_MS, stopping.signal);
      }
    }
    return undefined;
  }

  function onVerdict(kind: ProbeKind, passing: boolean): void {
    if (kind === 'startup') {
      set({ started: passing, ready: passing && !hasProbe(container, 'readiness') });
    } else if (kind === 'readiness') {
      set({ ready: passing });
    }
  }

  /** One life of the container, from start to end. */
  async function live({ process, target, idle }: Launched): Promise<ProcessEnd> {
    const startedAt = rfc3339(clock.now());
    const since = clock.monotonic();
    const containerID = `headframe://${randomUUID()}`;
    const over = new AbortController();
    current = process;
    if (isStopping()) {
      process.stop(0);
    }
    if (idle || process.group !== undefined) {
      const isStarted = idle || !hasProbe(container, 'startup');
      const ready = isStarted && (idle || !hasProbe(container, 'readiness'));
      set({ state: { running: { startedAt } }, started: isStarted, ready, containerID });
    }
    const onKill = (): void => process.stop(options.graceMs);
    const probing = idle
      ? Promise.resolve()
      : probeContainer({ target, clock, signal: over.signal, onVerdict, onKill });
    const end = await process.ended;
    over.abort();
    await probing;
    current = undefined;
    history = afterEnd(history, clock.monotonic() - since, backoffScale);
    const finishedAt = rfc3339(clock.now());
    const terminated = { ...end, startedAt, finishedAt, containerID };
    set({ state: { terminated }, started: false, ready: false, containerID });
    return end;
  }

  async function pause(): Promise<void> {
    const delayMs = restartDelayMs(history, backoffScale);
    if (delayMs > 0) {
      const seconds = delayMs / backoffScale / 1000;
      const message = `back-off ${seconds}s restarting failed container=${container.name} pod=${options.podLabel}`;
      set({ lastState: record.state, state: { waiting: { reason: 'CrashLoopBackOff', message } } });
      await sleep(clock, delayMs, stopping.signal);
    }
  }

  async function repeat(): Promise<number | undefined> {
    for (;;) {
      const launched = await launch();
      if (launched === undefined) {
        return record.lastState?.terminated?.exitCode;
      }
      const { exitCode } = await live(launched);
      if (isStopping() || !shouldRestart(policy, exitCode)) {
        return exitCode;
      }
      await pause();
      if (isStopping()) {
        return exitCode;
      }
      const lastState = record.state.terminated === undefined ? record.lastState : record.state;
      record = {
        ...record,
        ...(lastState === undefined ? {} : { lastState }),
        restartCount: record.restartCount + 1,
      };
    }
  }

  return {
    get record() {
      return record;
    },
    policy,
    get process() {
      return current;
    },
    async run() {
      try {
        return resumed.finished ?? (await repeat());
      } finally {
        if (record.state.terminated === undefined) {
          // Ended while it waited for its next start, or before its first: kubelet reports the last end as the end.
          const last = record.lastState?.terminated;
          set(last === undefined ? {} : { state: { terminated: last }, ready: false, started: false });
        }
        started();
      }
    },
    whenStarted: () => whenStarted,
    stop(graceMs) {
      stopping.abort();
      current?.stop(graceMs);
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
