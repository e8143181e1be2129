import assert from 'node:assert/strict';
import type { PodUtilisation } from '../../../src/compute/usage/pod-utilisation.ts';
import type { Books, PoolHoldings } from '../../../src/controllers/usage/books.ts';
import type { Idleness } from '../../../src/controllers/boards/pool-usage.ts';
import { createPoolUsage } from '../../../src/controllers/usage/pool-usage.ts';
import { holding } from '../../compute/usage/holdings-of.ts';
import { NOW, minerPool } from '../../support/pool-objects.ts';

const INTERVAL = 30_000;

/** What one pod with two GPUs was measured to do; `-` is nothing measured, `.` a pool that holds nothing. */
type Look = number | '-' | '.';

function held(look: Look): PoolHoldings {
  const utilisation: PodUtilisation | undefined =
    typeof look === 'number' ? { measured: 2, busy: look * 2_000_000, busiest: look * 1_000_000 } : undefined;
  return {
    holdings: look === '.' ? [] : [holding({ units: 2 })],
    utilisations: new Map(utilisation === undefined ? [] : [['a', utilisation]]),
  };
}

/** What is said after these looks, one every 30 s; the pool is idle below 5 % for 60 s. */
function after(looks: readonly Look[]): Idleness | undefined {
  let now = held('.');
  const usage = createPoolUsage({ heldBy: () => now } as unknown as Books);
  const pool = minerPool({ idle: { belowPercent: 5, forSeconds: 60 } });
  looks.forEach((look, index) => {
    now = held(look);
    usage.update([pool], NOW + index * INTERVAL, INTERVAL);
  });
  return usage.idleness('pool-uid');
}

describe('controllers/usage/pool-usage', () => {
  const table: [what: string, looks: Look[], said: Idleness | undefined][] = [
    ['nothing yet, of a pool that has just been seen idle', [0, 0.04], undefined],
    ['idle since the first look, when the window is full', [0, 0.04, 0], NOW],
    ['busy at once', [0, 0, 0, 0.05], 'busy'],
    ['still busy, until the window is full again', [0, 0, 0, 0.9, 0, 0], 'busy'],
    ['idle again after that', [0, 0, 0, 0.9, 0, 0, 0], NOW + 4 * INTERVAL],
    ['what was said, while a look or two are missed', [0, 0, 0, '-', '-'], NOW],
    ['unmeasured, when nobody has told for longer', [0, 0, 0, '-', '-', '-', '-', '-'], 'unmeasured'],
    ['nothing, of a pool that holds nothing', [0, 0, 0, '.'], undefined],
    ['nothing, of a pool that was never measured, at first', ['-', '-'], undefined],
  ];
  for (const [what, looks, said] of table) {
    it(what, () => assert.equal(after(looks), said));
  }

  it('forgets a pool that is gone', () => {
    const usage = createPoolUsage({ heldBy: () => held(0.9) } as unknown as Books);
    usage.update([minerPool()], NOW, INTERVAL);
    assert.equal(usage.idleness('pool-uid'), 'busy');
    assert.equal(usage.utilisation('pool-uid'), 0.9);
    usage.update([], NOW, INTERVAL);
    assert.equal(usage.idleness('pool-uid'), undefined);
  });
});
