import assert from 'node:assert/strict';
import { nextTurn, TURN_MS } from '../../src/time/turn.ts';
import { manualClock } from '../support/manual-clock.ts';

describe('time/turn', () => {
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it('asks nobody to wait before the time of a turn is over, and everybody then', async () => {
    const clock = manualClock();
    assert.equal(nextTurn(clock), undefined);
    let ms = 0;
    const moving = { ...clock, monotonic: () => ms };
    assert.equal(nextTurn(moving), undefined);
    ms = TURN_MS - 1;
    assert.equal(nextTurn(moving), undefined);
    ms = TURN_MS;
    const waits = [nextTurn(moving), nextTurn(moving)];
    assert.ok(waits.every((wait) => wait instanceof Promise));
    await Promise.all(waits);
  });

  it('begins anew with each turn', async () => {
    let ms = 0;
    const clock = { ...manualClock(), monotonic: () => ms };
    assert.equal(nextTurn(clock), undefined);
    ms = TURN_MS;
    await turn();
    assert.equal(nextTurn(clock), undefined);
  });
});
