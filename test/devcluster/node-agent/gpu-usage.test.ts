import assert from 'node:assert/strict';
import { createUsageMeter } from '../../../src/devcluster/node-agent/gpu-usage.ts';
import { manualClock } from '../../support/manual-clock.ts';

const GROUP = 7;

describe('usage meter', () => {
  let used: Map<number, number>;
  let reads: number;
  let isNeeded: boolean;
  const stop = new AbortController();

  function start(): { utilisation(): number; advance(ms: number): Promise<void> } {
    used = new Map();
    reads = 0;
    const clock = manualClock();
    const meter = createUsageMeter({
      clock,
      isNeeded: () => isNeeded,
      read() {
        reads++;
        return new Map(used);
      },
    });
    void meter.run(stop.signal);
    return { utilisation: () => meter.utilisation(GROUP), advance: (ms) => clock.advance(ms) };
  }
  after(() => stop.abort());

  const cases: [title: string, coreSeconds: readonly number[], utilisation: number][] = [
    ['nothing of a group that it has not seen', [], 0],
    ['half of a tenth of a core', [0, 0.1], 0.5],
    ['no more than all', [0, 2], 1],
    ['what was used of late, not before', [0, 2, 2.05], 0.25],
    ['nothing when a process of the group has ended', [0, 2, 1], 0],
  ];
  for (const [title, coreSeconds, expected] of cases) {
    it(`says ${title}`, async () => {
      isNeeded = true;
      const meter = start();
      for (const seconds of coreSeconds) {
        used.set(GROUP, seconds);
        await meter.advance(2000);
      }
      assert.ok(Math.abs(meter.utilisation() - expected) < 1e-9, String(meter.utilisation()));
    });
  }

  it('reads nothing while nobody is there to ask for, and then counts from nothing', async () => {
    isNeeded = false;
    const meter = start();
    await meter.advance(20_000);
    assert.equal(reads, 0);

    isNeeded = true;
    used.set(GROUP, 0.1);
    await meter.advance(2000);
    assert.equal(meter.utilisation(), 0.5);
    isNeeded = false;
    await meter.advance(2000);
    assert.equal(meter.utilisation(), 0);
    assert.equal(reads, 1);
  });
});
