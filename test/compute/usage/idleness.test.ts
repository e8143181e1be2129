import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  type IdleSpell,
  type PoolReading,
  idleSpell,
  isIdle,
  poolReading,
} from '../../../src/compute/usage/idleness.ts';
import { holding } from './holdings-of.ts';

const MINUTE = 60_000;
const rules = { threshold: 0.05, windowMs: 10 * MINUTE, maxGapMs: 2 * MINUTE };

const idle: PoolReading = { units: 2, measured: 2, utilisation: 0.01, busiest: 0.02 };
const busy: PoolReading = { units: 2, measured: 2, utilisation: 0.04, busiest: 0.05 };
const half: PoolReading = { units: 2, measured: 1, utilisation: 0.01, busiest: 0.01 };
const halfBusy: PoolReading = { units: 2, measured: 1, utilisation: 0.9, busiest: 0.9 };
const blind: PoolReading = { units: 2, measured: 0, utilisation: undefined, busiest: undefined };
const empty: PoolReading = { units: 0, measured: 0, utilisation: undefined, busiest: undefined };

/** One reading a minute, from minute 0. */
function after(readings: readonly PoolReading[], start?: IdleSpell): IdleSpell | undefined {
  return readings.reduce<IdleSpell | undefined>(
    (spell, reading, minute) => idleSpell(spell, reading, minute * MINUTE, rules),
    start,
  );
}

function times(count: number, reading: PoolReading): PoolReading[] {
  return Array.from({ length: count }, () => reading);
}

describe('compute/usage/idleness', () => {
  const cases: [what: string, readings: readonly PoolReading[], expected: boolean][] = [
    ['below the threshold for the whole window', times(11, idle), true],
    ['not for the whole window yet', times(10, idle), false],
    ['at work', times(20, busy), false],
    ['at work once in the window', [...times(10, idle), busy, ...times(10, idle)], false],
    ['idle again for a window after work', [busy, ...times(11, idle)], true],
    ['never measured', times(100, blind), false],
    ['half of its GPUs never measured', times(100, half), false],
    ['half of its GPUs measured, and at work', [...times(11, idle), halfBusy], false],
    ['without GPUs', times(100, empty), false],
    ['its GPUs given back', [...times(11, idle), empty], false],
    [
      'a measurement missed now and then, which changes nothing',
      [idle, ...Array.from({ length: 10 }, (_, minute) => (minute % 2 === 0 ? blind : idle))],
      true,
    ],
    [
      'unmeasured for longer than the gap in the window',
      [...times(9, idle), ...times(3, blind), ...times(9, idle)],
      false,
    ],
    ['idle before it was no longer measured', [...times(11, idle), ...times(60, blind)], true],
  ];
  for (const [what, readings, expected] of cases) {
    it(`a pool is ${expected ? '' : 'not '}idle: ${what}`, () => {
      assert.equal(isIdle(after(readings), rules), expected);
    });
  }

  it('remembers since when, in plain JSON', () => {
    const spell = after([busy, ...times(3, idle)]);
    assert.deepEqual(spell, { since: MINUTE, seenAt: 3 * MINUTE, measuredMs: 2 * MINUTE });
    assert.deepEqual(JSON.parse(JSON.stringify(spell)), spell);
  });

  it('a clock that goes back adds nothing', () => {
    const spell = idleSpell({ since: 0, seenAt: 5 * MINUTE, measuredMs: 5 * MINUTE }, idle, MINUTE, rules);
    assert.deepEqual(spell, { since: 0, seenAt: MINUTE, measuredMs: 5 * MINUTE });
  });

  it('never says idle unless every GPU was measured below the threshold for a window’s time', () => {
    const reading = fc.constantFrom(idle, idle, idle, busy, half, halfBusy, blind, empty);
    fc.assert(
      fc.property(fc.array(reading, { maxLength: 60 }), (readings) => {
        const lastWork = Math.max(
          readings.lastIndexOf(busy),
          readings.lastIndexOf(halfBusy),
          readings.lastIndexOf(empty),
        );
        const idleSince = readings.slice(lastWork + 1).filter((each) => each === idle).length;
        // Two measurements that a missed one lies between speak for two minutes.
        assert.ok(!isIdle(after(readings), rules) || idleSince > 5);
        assert.ok(!isIdle(after(readings), rules) || readings.length - lastWork - 1 > 10);
      }),
    );
  });

  describe('poolReading', () => {
    const holdings = [
      holding({ uid: 'a', units: 2 }),
      holding({ uid: 'b' }),
      holding({ uid: 'ended', until: 5 }),
      holding({ uid: 'odd', units: NaN }),
    ];

    it('sums over the pods that hold GPUs', () => {
      const utilisations = new Map([
        ['a', { measured: 2, busy: 600_000, busiest: 400_000 }],
        ['ended', { measured: 1, busy: 1_000_000, busiest: 1_000_000 }],
      ]);
      assert.deepEqual(poolReading(holdings, utilisations), {
        units: 3,
        measured: 2,
        utilisation: 0.3,
        busiest: 0.4,
      });
    });

    it('says nothing of what was not measured', () => {
      assert.deepEqual(poolReading(holdings, new Map()), {
        units: 3,
        measured: 0,
        utilisation: undefined,
        busiest: undefined,
      });
    });
  });
});
