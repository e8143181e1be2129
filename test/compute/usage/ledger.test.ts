import assert from 'node:assert/strict';
import type { Holding } from '../../../src/compute/usage/holding.ts';
import {
  type LedgerRules,
  type Observation,
  defaultLedgerRules,
} from '../../../src/compute/usage/ledger-advance.ts';
import {
  contributions,
  contributionsSince,
  gpuSeconds,
  totalOf,
  usageRows,
  v100eHours,
} from '../../../src/compute/usage/ledger-totals.ts';
import { closeLedger, passOver } from '../../../src/compute/usage/ledger-close.ts';
import {
  type ClusterLedger,
  type Ledger,
  emptyClusterLedger,
  later,
  retirePool,
} from '../../../src/compute/usage/ledger.ts';
import type { PodUtilisation } from '../../../src/compute/usage/pod-utilisation.ts';
import { holding } from './holdings-of.ts';
import { emptyLedger, observe } from './ledgers.ts';

const SECOND = 1000;
const HOUR = 3600 * SECOND;

interface Seen {
  /** Seconds. */
  readonly at: number;
  readonly holdings?: readonly Holding[];
  /** By UID. */
  readonly measured?: Readonly<Record<string, Partial<PodUtilisation>>>;
  readonly cluster?: string;
}

function observation({
  at,
  holdings = [],
  measured = {},
  cluster = 'uni-a',
}: Seen): Observation & { cluster: string } {
  const utilisations = new Map(
    Object.entries(measured).map(([uid, known]) => [uid, { measured: 1, busy: 0, busiest: 0, ...known }]),
  );
  return { cluster, now: at * SECOND, holdings, utilisations };
}

function after(seen: readonly Seen[], start: Ledger = emptyLedger, rules?: Partial<LedgerRules>): Ledger {
  return seen.reduce(
    (ledger, each) => observe(ledger, observation(each), { ...defaultLedgerRules, ...rules }),
    start,
  );
}

/** Changes the ledger of one cluster. */
function change(ledger: Ledger, cluster: string, how: (record: ClusterLedger) => ClusterLedger): Ledger {
  return new Map(ledger).set(cluster, how(ledger.get(cluster) ?? emptyClusterLedger));
}

/** `cluster pool model busy/idle/unmeasured` in GPU-seconds. */
function rows(ledger: Ledger): string[] {
  return usageRows(ledger).map(
    ({ cluster, pool, model, busy, idle, unmeasured }) =>
      `${cluster} ${pool} ${model} ${[busy, idle, unmeasured].map(gpuSeconds).join('/')}`,
  );
}

/** GPU-seconds in all, `busy/idle/unmeasured`. */
function total(ledger: Ledger): string {
  const { busy, idle, unmeasured } = totalOf(usageRows(ledger));
  return [busy, idle, unmeasured].map(gpuSeconds).join('/');
}

const half = { a: { busy: 500_000 } };

describe('compute/usage/ledger', () => {
  const cases: [what: string, seen: readonly Seen[], busyIdleUnmeasured: string][] = [
    [
      'the time since the last observation is measured, the time before the first is not',
      [
        { at: 10, holdings: [holding()], measured: half },
        { at: 30, holdings: [holding()], measured: half },
      ],
      '10/10/10',
    ],
    [
      'a missing sample is unmeasured, not idle',
      [
        { at: 10, holdings: [holding()] },
        { at: 30, holdings: [holding()] },
      ],
      '0/0/30',
    ],
    [
      'an idle GPU is idle',
      [{ at: 0 }, { at: 30, holdings: [holding()], measured: { a: { busy: 0 } } }],
      '0/30/0',
    ],
    [
      'of eight GPUs the three that were measured count as measured',
      [
        { at: 0 },
        { at: 10, holdings: [holding({ units: 8 })], measured: { a: { measured: 3, busy: 1_500_000 } } },
      ],
      '15/15/50',
    ],
    [
      'a pod counts from when it was bound',
      [{ at: 0 }, { at: 20, holdings: [holding({ from: 15 * SECOND })], measured: half }],
      '2.5/2.5/0',
    ],
    [
      'a pod that ended counts up to its end',
      [
        { at: 10, holdings: [holding()] },
        { at: 20, holdings: [holding({ until: 12 * SECOND })] },
        { at: 30, holdings: [holding({ until: 12 * SECOND })] },
      ],
      '0/0/12',
    ],
    [
      'an end in the future, by the clock of its node, counts when it has come',
      [
        { at: 10, holdings: [holding({ until: 15 * SECOND })] },
        { at: 20, holdings: [holding({ until: 15 * SECOND })] },
      ],
      '0/0/15',
    ],
    [
      'a pod that is gone without an end counts up to when it was last seen',
      [{ at: 10, holdings: [holding()] }, { at: 20 }],
      '0/0/10',
    ],
    [
      'an end that becomes known late adds what was missing',
      [
        { at: 10, holdings: [holding()] },
        { at: 20 },
        { at: 30, holdings: [holding({ until: 14 * SECOND })] },
      ],
      '0/0/14',
    ],
    [
      'a pod that was away for a while has no gap',
      [{ at: 10, holdings: [holding()] }, { at: 20 }, { at: 30, holdings: [holding()] }],
      '0/0/30',
    ],
    ['a pod that is listed twice counts once', [{ at: 10, holdings: [holding(), holding()] }], '0/0/10'],
    [
      'a pod that comes back long after it was settled is not counted again',
      [
        { at: 10, holdings: [holding()] },
        { at: 10_000 },
        { at: 10_001, holdings: [holding({ until: 10 * SECOND })] },
      ],
      '0/0/10',
    ],
    [
      'a stale list that shows a settled pod alive counts it from what is settled, not from its beginning',
      [{ at: 1000, holdings: [holding()] }, { at: 10_000 }, { at: 10_001, holdings: [holding()] }],
      '0/0/1601',
    ],
    [
      'measurements speak for a minute at most',
      [
        { at: 0, holdings: [holding()] },
        { at: 300, holdings: [holding()], measured: { a: { busy: 1_000_000 } } },
      ],
      '60/0/240',
    ],
    [
      'a clock that goes back adds nothing until it is where it was',
      [
        { at: 100, holdings: [holding()] },
        { at: 40, holdings: [holding()], measured: half },
        { at: 90, holdings: [holding()], measured: half },
        { at: 100, holdings: [holding()], measured: half },
        { at: 110, holdings: [holding()], measured: half },
      ],
      '5/5/100',
    ],
    [
      'what cannot be a holding counts nothing',
      [
        {
          at: 10,
          holdings: [
            holding({ uid: 'b', units: NaN }),
            holding({ uid: 'c', units: -1 }),
            holding({ uid: 'd', units: 0.5 }),
            holding({ uid: 'e', from: NaN }),
            holding({ uid: 'f', from: 20 * SECOND }),
            holding({ uid: 'g', from: 8 * SECOND, until: 2 * SECOND }),
          ],
        },
      ],
      '0/0/0',
    ],
  ];
  for (const [what, seen, expected] of cases) {
    it(what, () => {
      assert.equal(total(after(seen)), expected);
    });
  }

  it('keeps the latest moment that it saw when the clock goes back', () => {
    assert.equal(after([{ at: 100 }, { at: 40 }]).get('uni-a')?.through, 100 * SECOND);
  });

  it('has a row for each cluster, pool and model', () => {
    const ledger = after([
      {
        at: 10,
        holdings: [
          holding({ uid: 'a' }),
          holding({ uid: 'b', units: 2 }),
          holding({ uid: 'c', pool: 'ml/trainers' }),
          holding({ uid: 'd', model: 'a100-sxm4-80gb' }),
        ],
      },
      { at: 20, cluster: 'uni-b', holdings: [holding({ uid: 'a' })] },
    ]);
    assert.deepEqual(rows(ledger), [
      'uni-a ml/miners v100-sxm2-16gb 0/0/30',
      'uni-a ml/trainers v100-sxm2-16gb 0/0/10',
      'uni-a ml/miners a100-sxm4-80gb 0/0/10',
      'uni-b ml/miners v100-sxm2-16gb 0/0/20',
    ]);
  });

  it('does not touch a cluster that is not observed: what it did meanwhile is booked when it is back', () => {
    const away = after([
      { at: 10, holdings: [holding()] },
      { at: 5000, cluster: 'uni-b' },
    ]);
    assert.equal(total(away), '0/0/10');

    const back = after([{ at: 5000, holdings: [holding(), holding({ uid: 'b', from: 60 * SECOND })] }], away);
    assert.equal(total(back), `0/0/${5000 + 4940}`);
  });

  it('leaves the ledger that it started from as it was', () => {
    const before = after([{ at: 10, holdings: [holding()] }]);
    after([{ at: 20, holdings: [holding()] }], before);
    assert.equal(total(before), '0/0/10');
  });

  it('keeps cursors only of pods that are alive or went in the last ten minutes', () => {
    const churn = Array.from({ length: 100 }, (_, turn) => ({
      at: turn * 60,
      holdings: [
        holding({ uid: 'stays' }),
        holding({ uid: `pod-${turn}`, from: turn * 60 * SECOND - SECOND }),
      ],
    }));
    assert.equal(after(churn).get('uni-a')?.cursors.size, 11);
  });

  it('counts contributions in V100e-hours, of all pools, and keeps them when a pool is forgotten', () => {
    const ledger = after([
      {
        at: 3600,
        holdings: [
          holding({ uid: 'a', units: 2, v100Equivalents: 2.5 }),
          holding({ uid: 'b', pool: 'ml/gone' }),
          holding({ uid: 'c', v100Equivalents: 0 }),
          holding({ uid: 'd', v100Equivalents: NaN }),
        ],
      },
    ]);
    const forget = (from: Ledger): Ledger => change(from, 'uni-a', (record) => retirePool(record, 'ml/gone'));
    const forgotten = forget(ledger);

    assert.equal(v100eHours(contributions(ledger).get('uni-a') ?? 0n), 6);
    assert.equal(v100eHours(contributions(forgotten).get('uni-a') ?? 0n), 6);
    assert.deepEqual(rows(forgotten), [
      'uni-a ml/miners v100-sxm2-16gb 0/0/14400',
      'uni-a  v100-sxm2-16gb 0/0/3600',
    ]);
    assert.equal(total(forgotten), total(ledger), 'nothing is lost');
    const more = after([{ at: 3601, holdings: [holding({ uid: 'b', pool: 'ml/gone' })] }], forgotten);
    assert.deepEqual(rows(forget(more)), [
      'uni-a ml/miners v100-sxm2-16gb 0/0/14400',
      'uni-a  v100-sxm2-16gb 0/0/3601',
    ]);
  });

  it('gives what was contributed since an earlier state', () => {
    const first = after([{ at: 3600, holdings: [holding()] }]);
    const second = after(
      [
        { at: 7200, holdings: [holding()] },
        { at: 3600, cluster: 'uni-b', holdings: [holding()] },
      ],
      first,
    );
    assert.deepEqual(
      [...contributionsSince(second, first)].map(([cluster, part]) => [cluster, v100eHours(part)]),
      [
        ['uni-a', 1],
        ['uni-b', 1],
      ],
    );
    assert.deepEqual([...contributionsSince(first, second).values()], [0n]);
  });

  it('keeps what a closed cluster contributed; its pods do not count again when it is back', () => {
    const ended = [holding({ uid: 'b', until: 110 * SECOND })];
    const close = (from: Ledger): Ledger =>
      change(from, 'uni-a', (record) => closeLedger(record, ended, 120 * SECOND, defaultLedgerRules));
    const seen = after([{ at: 100, holdings: [holding(), holding({ uid: 'b' })] }]);
    const closed = close(seen);
    assert.equal(total(closed), '0/0/210', 'what has ended is booked up to its end');
    assert.equal(total(close(closed)), total(closed), 'twice is as once');
    assert.deepEqual([...(closed.get('uni-a')?.cursors ?? [])], [['b', 110 * SECOND]]);

    assert.equal(total(after([{ at: 130, holdings: [holding(), ...ended] }], closed)), '0/0/240');
  });

  it('does not book what goes by while another ledger counts the cluster', () => {
    const passed = change(after([{ at: 100, holdings: [holding()] }]), 'uni-a', (record) =>
      passOver(record, 150 * SECOND),
    );
    assert.equal(
      total(after([{ at: 160, holdings: [holding(), holding({ uid: 'b' })] }], passed)),
      '0/0/120',
    );
    const back = change(passed, 'uni-a', (record) => passOver(record, 0));
    assert.equal(back.get('uni-a')?.settled, 150 * SECOND, 'a clock that goes back takes nothing back');
  });

  describe('of two states', () => {
    const state = (...seen: readonly Seen[]): ClusterLedger =>
      after(seen).get('uni-a') ?? assert.fail('nothing was seen');
    const early = { at: 10, holdings: [holding()] };
    const late = { at: 20, holdings: [holding()] };

    it('takes that of whoever observed the cluster later', () => {
      const [before, now] = [state(early), state(early, late)];
      assert.equal(later(before, now), now);
      assert.equal(later(now, before), now);
      assert.equal(later(now, now), now);
    });

    it('prefers what has booked more where the clock stood still', () => {
      const now = state(early, late);
      const more = state(early, late, { at: 20, holdings: [holding({ uid: 'b' })] });
      const unknown = state(early, late, { at: 20, holdings: [holding({ uid: 'c', v100Equivalents: 0 })] });
      for (const richer of [more, unknown]) {
        assert.equal(later(now, richer), richer);
        assert.equal(later(richer, now), richer);
      }
    });
  });

  it('books ten thousand pods in shares that add up', () => {
    const holdings = Array.from({ length: 10_000 }, (_, index) => holding({ uid: `pod-${index}` }));
    const measured = Object.fromEntries(
      holdings.map(({ uid }, index) => [uid, { busy: (index * 7919) % 1_000_001 }]),
    );
    const ledger = after([
      { at: HOUR / SECOND, holdings },
      { at: HOUR / SECOND + 15, holdings, measured },
    ]);
    const { busy, idle, unmeasured } = totalOf(usageRows(ledger));
    assert.equal(busy + idle, 150_000n * 1_000_000_000n);
    assert.equal(unmeasured, 3600n * 10_000n * 1_000_000_000n);
  });
});
