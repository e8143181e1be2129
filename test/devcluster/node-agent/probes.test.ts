import assert from 'node:assert/strict';
import {
  initialProbeState,
  mustKill,
  probeStep,
  probeTiming,
  type ProbeKind,
} from '../../../src/devcluster/node-agent/probes.ts';

/** `+` and `-` are results; upper case: passing; `!`: must be killed. */
function story(kind: ProbeKind, results: string, successThreshold: number, failureThreshold: number): string {
  const timing = { successThreshold, failureThreshold };
  let state = initialProbeState(kind);
  let verdicts = '';
  for (const result of results) {
    state = probeStep(state, result === '+', timing);
    verdicts += mustKill(kind, state, timing) ? '!' : state.passing ? 'P' : '.';
  }
  return verdicts;
}

describe('probe state', () => {
  const cases: [ProbeKind, string, number, number, string][] = [
    ['readiness', '+', 1, 3, 'P'],
    ['readiness', '-+', 1, 3, '.P'],
    ['readiness', '+--+', 1, 3, 'PPPP'],
    ['readiness', '+---+', 1, 3, 'PPP.P'],
    ['readiness', '++', 2, 3, '.P'],
    ['readiness', '+-++', 2, 3, '...P'],
    ['readiness', '-----', 1, 1, '.....'],
    ['liveness', '+--', 1, 3, 'PPP'],
    ['liveness', '---', 1, 3, 'PP!'],
    ['liveness', '--+---', 1, 3, 'PPPPP!'],
    ['startup', '--+', 1, 3, '..P'],
    ['startup', '---', 1, 3, '..!'],
  ];
  for (const [kind, results, success, failure, verdicts] of cases) {
    it(`${kind} ${results} with thresholds ${success}/${failure} goes ${verdicts}`, () => {
      assert.equal(story(kind, results, success, failure), verdicts);
    });
  }

  it('takes the defaults of the API', () => {
    assert.deepEqual(probeTiming({}), {
      initialDelayMs: 0,
      periodMs: 10_000,
      timeoutMs: 1_000,
      successThreshold: 1,
      failureThreshold: 3,
    });
  });
});
