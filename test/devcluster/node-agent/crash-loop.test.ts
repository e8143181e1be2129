import assert from 'node:assert/strict';
import { afterEnd, noCrashes, restartDelayMs } from '../../../src/devcluster/node-agent/crash-loop.ts';

describe('crash loop', () => {
  it('waits as kubelet does: not at first, then 10 s, doubled, at most 300 s', () => {
    let history = noCrashes;
    const waits: number[] = [];
    for (let end = 0; end < 9; end++) {
      history = afterEnd(history, 1_000, 1);
      waits.push(restartDelayMs(history, 1) / 1000);
    }

    assert.deepEqual(waits, [0, 10, 20, 40, 80, 160, 300, 300, 300]);
  });

  it('forgives after ten minutes of running', () => {
    const crashed = { ends: 6 };

    assert.equal(restartDelayMs(afterEnd(crashed, 599_999, 1), 1), 300_000);
    assert.equal(restartDelayMs(afterEnd(crashed, 600_000, 1), 1), 0);
  });

  it('scales both for tests', () => {
    assert.equal(restartDelayMs({ ends: 2 }, 0.01), 100);
    assert.equal(afterEnd({ ends: 6 }, 6_000, 0.01).ends, 1);
  });
});
