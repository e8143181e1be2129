import type { Probe } from '../../api/builtin.ts';
import type { Immutable } from '../../api/kube-object.ts';

/** The Kubernetes defaults (core/v1 Probe). */
export interface ProbeTiming {
  readonly initialDelayMs: number;
  readonly periodMs: number;
  readonly timeoutMs: number;
  readonly successThreshold: number;
  readonly failureThreshold: number;
}

export function probeTiming(probe: Immutable<Probe>): ProbeTiming {
  return {
    initialDelayMs: (probe.initialDelaySeconds ?? 0) * 1000,
    periodMs: (probe.periodSeconds ?? 10) * 1000,
    timeoutMs: (probe.timeoutSeconds ?? 1) * 1000,
    successThreshold: probe.successThreshold ?? 1,
    failureThreshold: probe.failureThreshold ?? 3,
  };
}

export type ProbeKind = 'startup' | 'readiness' | 'liveness';

/** What the results of one probe add up to so far. */
export interface ProbeState {
  /** The verdict that holds; changes only when a threshold is met. */
  readonly passing: boolean;
  /** The last result and how many times in a row it came. */
  readonly last: boolean | undefined;
  readonly run: number;
}

/** Before any result a container counts as alive, but neither as started nor as ready. */
export function initialProbeState(kind: ProbeKind): ProbeState {
  return { passing: kind === 'liveness', last: undefined, run: 0 };
}

/** Adds one result. */
export function probeStep(
  state: ProbeState,
  success: boolean,
  { successThreshold, failureThreshold }: Pick<ProbeTiming, 'successThreshold' | 'failureThreshold'>,
): ProbeState {
  const run = state.last === success ? state.run + 1 : 1;
  const decided = run >= (success ? successThreshold : failureThreshold);
  return { passing: decided ? success : state.passing, last: success, run };
}

/** Whether the container must be killed: a startup or liveness probe has failed as often as it may. */
export function mustKill(
  kind: ProbeKind,
  state: ProbeState,
  { failureThreshold }: Pick<ProbeTiming, 'failureThreshold'>,
): boolean {
  return kind !== 'readiness' && state.last === false && state.run >= failureThreshold;
}
