import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bounds, judge, slope, type Footprint } from './verdict.ts';

const MIB = 1024 * 1024;

/** Twelve quiet moments, half a minute apart; `growth` of a figure per moment. */
function footprints(growth: Partial<Footprint> = {}): Footprint[] {
  return Array.from({ length: 12 }, (_, moment) => ({
    minutes: moment / 2,
    rss: 100 * MIB + moment * (growth.rss ?? 0),
    heapUsed: 20 * MIB + moment * (growth.heapUsed ?? 0),
    fileDescriptors: 26 + moment * (growth.fileDescriptors ?? 0),
    timers: 8 + moment * (growth.timers ?? 0),
    listeners: 118 + moment * (growth.listeners ?? 0),
  }));
}

const flatness = (judged: ReturnType<typeof judge>): Record<string, string> =>
  Object.fromEntries(judged.map(({ figure, flat }) => [figure, flat]));

describe('the verdict of a soak', () => {
  it('calls flat what stays', () => {
    assert.ok(judge(footprints()).every(({ flat, perMinute }) => flat === 'yes' && perMinute === 0));
  });

  for (const [figure, growth] of [
    ['rss', MIB],
    ['heapUsed', MIB / 4],
    ['fileDescriptors', 1],
    ['timers', 1],
    ['listeners', 6],
  ] as const) {
    it(`sees that ${figure} grows, and nothing else`, () => {
      const expected = Object.fromEntries(
        bounds.map((bound) => [bound.figure, bound.figure === figure ? 'no' : 'yes']),
      );
      assert.deepEqual(flatness(judge(footprints({ [figure]: growth }))), expected);
    });
  }

  it('forgives a jump while the program warms up', () => {
    const warmed = footprints().map((footprint, moment) =>
      moment < 3 ? { ...footprint, rss: 50 * MIB } : footprint,
    );
    assert.ok(judge(warmed).every(({ flat }) => flat === 'yes'));
  });

  it('does not judge the slopes of less than five minutes', () => {
    const short = footprints({ rss: 10 * MIB }).filter(({ minutes }) => minutes < 5);
    assert.deepEqual([...new Set(judge(short).map(({ flat }) => flat))], ['too short']);
  });

  it('refuses to speak of a slope after too few moments', () => {
    assert.throws(() => judge(footprints().slice(0, 5)), /takes at least 6 footprints, there are 5/);
  });

  it('fits any line exactly', () => {
    const number = fc.integer({ min: -1000, max: 1000 });
    fc.assert(
      fc.property(number, number, fc.uniqueArray(number, { minLength: 2 }), (rise, start, xs) => {
        assert.ok(Math.abs(slope(xs.map((x) => [x, start + rise * x])) - rise) < 1e-6);
      }),
    );
  });
});
