import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  CIRCUIT_POLICY,
  afterFailure,
  afterSuccess,
  closedCircuit,
  isOnTrial,
  isPaused,
} from '../../../src/chain/rpc/circuit-breaker.ts';
import type { Circuit } from '../../../src/chain/rpc/circuit-breaker.ts';

function failing(circuit: Circuit, times: number, now = 0): Circuit {
  return Array.from({ length: times }).reduce<Circuit>(
    (each) => afterFailure(each, CIRCUIT_POLICY, now),
    circuit,
  );
}

describe('circuit breaker', () => {
  it('pauses after three failures in a row, for 60 s', () => {
    assert.equal(isPaused(failing(closedCircuit, 2), 0), false);
    const paused = failing(closedCircuit, 3);
    assert.equal(isPaused(paused, 59_999), true);
    assert.equal(isPaused(paused, 60_000), false);
  });

  it('forgets failures with one answer', () => {
    assert.equal(isPaused(failing(afterSuccess(), 2), 0), false);
  });

  it('pauses again at the first failure after a pause, twice as long, up to ten minutes', () => {
    let circuit = failing(closedCircuit, 3);
    const lengths = [60, 120, 240, 480, 600, 600].map((seconds) => {
      const end = circuit.pausedUntilMs;
      circuit = failing(circuit, 1, end);
      return [seconds, circuit.pausedUntilMs - end];
    });
    assert.deepEqual(
      lengths.map(([, ms]) => ms),
      [120_000, 240_000, 480_000, 600_000, 600_000, 600_000],
    );
    assert.equal(isOnTrial(circuit), true);
    assert.equal(isOnTrial(afterSuccess()), false);
  });

  it('leaves a server alone as long as it asks, at once', () => {
    const circuit = afterFailure(closedCircuit, CIRCUIT_POLICY, 1000, 7000);
    assert.equal(isPaused(circuit, 7999), true);
    assert.equal(isPaused(circuit, 8000), false);
  });

  it('counts nothing during a pause: those calls had begun before', () => {
    const paused = failing(closedCircuit, 3);
    assert.equal(failing(paused, 20, 30_000), paused);
  });

  it('never pauses longer than ten minutes, whatever happens', () => {
    const event = fc.record({ wait: fc.integer({ min: 0, max: 700_000 }), ok: fc.boolean() });
    fc.assert(
      fc.property(fc.array(event), (events) => {
        let now = 0;
        let circuit = closedCircuit;
        for (const { wait, ok } of events) {
          now += wait;
          circuit = ok ? afterSuccess() : afterFailure(circuit, CIRCUIT_POLICY, now);
          assert.ok(circuit.pausedUntilMs - now <= CIRCUIT_POLICY.maxPauseMs);
          assert.ok(!ok || !isPaused(circuit, now));
        }
      }),
    );
  });
});
