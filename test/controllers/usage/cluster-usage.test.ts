import assert from 'node:assert/strict';
import type { ClusterBook } from '../../../src/controllers/usage/cluster-book.ts';
import { createClusterUsages } from '../../../src/controllers/usage/cluster-usage.ts';
import type { UsageReading } from '../../../src/controllers/usage/reading.ts';
import { statements } from '../../../src/controllers/usage/statements.ts';
import { holding } from '../../compute/usage/holdings-of.ts';

const NOW = Date.UTC(2026, 0, 2);
const HOUR = 3_600_000;

/** A book in which a pod has held so many GPUs for an hour, `busy` of which were measured, wholly busy. */
function book(units: number, busy = units, reading: Partial<UsageReading> = {}): ClusterBook {
  return {
    seen: {
      at: NOW,
      holdings: new Map([['pool-uid', [holding({ units, v100Equivalents: 2.5, from: NOW - HOUR })]]]),
      utilisations:
        busy === 0
          ? new Map()
          : new Map([['a', { measured: busy, busy: busy * 1_000_000, busiest: 1_000_000 }]]),
      reading: { asked: 1, failures: [], samples: [], ...reading },
    },
    setAside: undefined,
    problem: undefined,
    xidErrors: [],
  } as unknown as ClusterBook;
}

const said = (of: ClusterBook): string[] =>
  statements(of).map(({ type, status, reason, message }) => `${type} ${status} ${reason}: ${message}`);

describe('controllers/usage/statements', () => {
  const failure = (source: string): UsageReading['failures'][number] => ({
    source,
    kind: 'Timeout',
    message: 'too slow',
  });

  it('names three of the sources that fail, and how many there are', () => {
    const failures = ['a', 'b', 'c', 'd', 'e'].map(failure);
    assert.equal(
      said(book(8, 8, { asked: 9, failures }))[0],
      'UsageKnown False UsageSourceFailing: 5 of 9 sources gave nothing: a: too slow; b: too slow; c: too slow; and 2 more',
    );
  });

  it('counts the GPUs that nobody measures, once exporters have had the time', () => {
    assert.match(
      said(book(8, 5))[0] ?? '',
      /^UsageKnown False GPUsUnmeasured: of 8 GPUs .* 3 are not measured/,
    );
    const late = book(8, 0);
    const young = {
      ...late,
      seen: {
        ...late.seen!,
        holdings: new Map([['pool-uid', [holding({ units: 8, from: NOW - 60_000 })]]]),
      },
    };
    assert.match(said(young)[0] ?? '', /^UsageKnown True/);
  });

  it('says nothing of measurements where none are wanted', () => {
    const { reading: _, ...seen } = book(8).seen!;
    assert.deepEqual(
      statements({ seen: { ...seen, reading: undefined }, problem: undefined, setAside: undefined }).map(
        ({ type }) => type,
      ),
      ['UsageRecorded'],
    );
  });
});

describe('controllers/usage/cluster-usage', () => {
  it('says a change of state at once, and a change of figures once a minute', () => {
    let now = 0;
    const usages = createClusterUsages(() => now);
    let told = 0;
    usages.listen(() => told++);
    usages.publish('local', book(8));
    usages.publish('local', book(8));
    assert.equal(told, 1);
    now = 59_000;
    usages.publish('local', book(4));
    assert.equal(told, 1);
    assert.equal(usages.of('local')?.busy?.v100Equivalents, 20);
    now = 60_000;
    usages.publish('local', book(4));
    assert.equal(told, 2);
    assert.equal(usages.of('local')?.busy?.v100Equivalents, 10);
    now = 61_000;
    usages.publish('local', book(4, 2));
    assert.equal(told, 3);
    assert.equal(usages.of('local')?.delivered?.v100Equivalents, 5);
  });

  it('rounds to two digits, so that a status does not change with every breath', () => {
    const usages = createClusterUsages(() => 0);
    usages.publish('local', book(123));
    assert.deepEqual(usages.of('local')?.busy, { petaflops: 38, v100Equivalents: 310 });
  });
});
