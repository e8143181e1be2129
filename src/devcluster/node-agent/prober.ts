import type { Container } from '../../api/builtin.ts';
import type { Immutable } from '../../api/kube-object.ts';
import { sleep, type Clock } from '../../time/clock.ts';
import { runProbe, type ProbeTarget } from './probe-actions.ts';
import { initialProbeState, mustKill, probeStep, probeTiming, type ProbeKind } from './probes.ts';

export interface ProberOptions {
  readonly target: ProbeTarget;
  readonly clock: Clock;
  /** Aborted when the container ends. */
  readonly signal: AbortSignal;
  /** A verdict has changed. */
  onVerdict(kind: ProbeKind, passing: boolean): void;
  /** The container is to be killed and, by its policy, restarted. */
  onKill(kind: ProbeKind): void;
}

/** The probes that a container has. */
export function hasProbe(container: Immutable<Container>, kind: ProbeKind): boolean {
  return container[`${kind}Probe`] !== undefined;
}

/** Asks the container's probes until it ends: the startup probe first, alone; when it has passed, the two others. */
export async function probeContainer(options: ProberOptions): Promise<void> {
  const { target, signal } = options;
  if (hasProbe(target.container, 'startup') && !(await repeat('startup', options))) {
    return;
  }
  if (!signal.aborted) {
    await Promise.all([repeat('readiness', options), repeat('liveness', options)]);
  }
}

/** Resolves with true when a startup probe has passed; else when the container has ended or must be killed. */
async function repeat(kind: ProbeKind, options: ProberOptions): Promise<boolean> {
  const { target, clock, signal } = options;
  const probe = target.container[`${kind}Probe`];
  if (probe === undefined) {
    return false;
  }
  const timing = probeTiming(probe);
  const over = (): boolean => signal.aborted;
  let state = initialProbeState(kind);
  await sleep(clock, timing.initialDelayMs, signal);
  while (!over()) {
    const success = await runProbe(probe, target, timing.timeoutMs);
    const before = state.passing;
    state = probeStep(state, success, timing);
    // An answer that comes after the end says nothing about the next run.
    if (over()) {
      return false;
    }
    if (state.passing !== before) {
      options.onVerdict(kind, state.passing);
    }
    if (mustKill(kind, state, timing)) {
      options.onKill(kind);
      return false;
    }
    if (kind === 'startup' && state.passing) {
      return true;
    }
    await sleep(clock, timing.periodMs, signal);
  }
  return false;
}
