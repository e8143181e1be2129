import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Holding } from '../../../src/compute/usage/holding.ts';
import { contributions, totalOf, usageRows } from '../../../src/compute/usage/ledger-totals.ts';
import type { Ledger } from '../../../src/compute/usage/ledger.ts';
import { shares, splitAmount } from '../../../src/compute/usage/reward-shares.ts';
import { searches, searchTimeout } from '../../support/searches.ts';
import { holding } from './holdings-of.ts';
import { emptyLedger, merge, observe, throughText } from './ledgers.ts';

const clusters = ['uni-a', 'uni-b', 'uni-c'];
const rules = { coverMs: 60_000, latenessMs: 600_000 };

/** The truth about one pod: what it held, where and when. All within ten minutes, so that nothing ever becomes known too late. */
interface Truth {
  readonly cluster: string;
  readonly pool: string;
  readonly model: string;
  readonly units: number;
  readonly v100Equivalents: number;
  readonly from: number;
  readonly lastedMs: number;
}

const truth: fc.Arbitrary<Truth> = fc.record({
  cluster: fc.constantFrom(...clusters),
  pool: fc.constantFrom('ml/miners', 'ml/trainers'),
  model: fc.constantFrom('v100-sxm2-16gb', 'a100-sxm4-80gb'),
  units: fc.integer({ min: 1, max: 8 }),
  v100Equivalents: fc.constantFrom(0, 1, 2.496, 7.9152, 312 / 7 / 125),
  from: fc.integer({ min: 0, max: 300_000 }),
  lastedMs: fc.integer({ min: 0, max: 299_000 }),
});

/** One thing that happens to the ledger. */
type Event =
  /** A cluster is observed. Of its pods some are not known (yet, any more), and some are measured. */
  | {
      readonly kind: 'observe';
      readonly cluster: string;
      readonly now: number;
      readonly known: readonly boolean[];
      /** Of each pod the share of its units that was measured, and their utilisation in millionths. */
      readonly measured: readonly (readonly [units: number, utilisation: number] | undefined)[];
    }
  /** The ledger is written down. */
  | { readonly kind: 'keep' }
  /** The process is killed and starts again from what was written down last. */
  | { readonly kind: 'restart' }
  /** As a restart, with checkpoints that are kept for each cluster by itself. */
  | { readonly kind: 'restart per cluster' };

const MOST_PODS = 8;

function perPod<T>(each: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  return fc.array(each, { minLength: MOST_PODS, maxLength: MOST_PODS });
}

const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('observe' as const),
      cluster: fc.constantFrom(...clusters),
      now: fc.integer({ min: 0, max: 600_000 }),
      known: perPod(fc.boolean()),
      measured: perPod(
        fc.option(fc.tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 0, max: 1_000_000 })), {
          nil: undefined,
        }),
      ),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'keep' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'restart per cluster' as const }) },
);

/** What an observation at `now` says of a pod: it is not there yet, it holds its GPUs, or it has ended. */
function seen(pod: Truth, index: number, now: number): Holding | undefined {
  const { cluster: _, lastedMs, ...facts } = pod;
  const until = pod.from + lastedMs;
  return pod.from > now
    ? undefined
    : holding({ ...facts, uid: `pod-${index}`, until: until <= now ? until : undefined });
}

function look(ledger: Ledger, pods: readonly Truth[], event: Event & { kind: 'observe' }): Ledger {
  const holdings: Holding[] = [];
  const utilisations = new Map<string, { measured: number; busy: number; busiest: number }>();
  pods.forEach((pod, index) => {
    const held =
      pod.cluster === event.cluster && event.known[index] === true ? seen(pod, index, event.now) : undefined;
    if (held === undefined) {
      return;
    }
    holdings.push(held);
    const measurement = event.measured[index];
    if (measurement !== undefined) {
      const [units, utilisation] = measurement;
      const measured = Math.min(units, held.units);
      utilisations.set(held.uid, { measured, busy: measured * utilisation, busiest: utilisation });
    }
  });
  return observe(ledger, { cluster: event.cluster, now: event.now, holdings, utilisations }, rules);
}

function play(pods: readonly Truth[], events: readonly Event[], check: (ledger: Ledger) => void): Ledger {
  let ledger = emptyLedger;
  let [kept, older] = [emptyLedger, emptyLedger];
  for (const event of events) {
    if (event.kind === 'observe') {
      ledger = look(ledger, pods, event);
      check(ledger);
    } else if (event.kind === 'keep') {
      [kept, older] = [ledger, kept];
    } else if (event.kind === 'restart') {
      ledger = throughText(kept);
    } else {
      // An older checkpoint of a cluster may lie beside a newer one.
      ledger = [...older, ...kept].map((entry) => throughText(new Map([entry]))).reduce(merge, emptyLedger);
    }
  }
  return ledger;
}

/** What is booked of each pool and model of each cluster, in GPU-nanoseconds. Without rows of which nothing is booked. */
function held(ledger: Ledger): ReadonlyMap<string, bigint> {
  return new Map(
    usageRows(ledger)
      .map(
        ({ cluster, pool, model, busy, idle, unmeasured }) =>
          [`${cluster} ${pool} ${model}`, busy + idle + unmeasured] as const,
      )
      .sort(),
  );
}

function trueHeld(pods: readonly Truth[]): ReadonlyMap<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const { cluster, pool, model, units, lastedMs } of pods) {
    const key = `${cluster} ${pool} ${model}`;
    sums.set(key, (sums.get(key) ?? 0n) + BigInt(units * lastedMs) * 1_000_000n);
  }
  return new Map([...sums].filter(([, sum]) => sum > 0n).sort());
}

/** After everything, each cluster is observed once with all its pods, which have all ended by then. */
const inTheEnd: readonly Event[] = clusters.map((cluster) => ({
  kind: 'observe',
  cluster,
  now: 600_000,
  known: Array.from({ length: MOST_PODS }, () => true),
  measured: [],
}));

describe('compute/usage/ledger: properties', function () {
  this.timeout(searchTimeout(10_000));

  const pods = fc.array(truth, { maxLength: MOST_PODS, size: 'max' });
  const events = fc.array(event, { maxLength: 40, size: 'max' });

  it('conserves GPU-seconds: in any order of events, whatever is missing, however often it restarts', () => {
    fc.assert(
      fc.property(pods, events, (truths, happened) => {
        const ledger = play(truths, [...happened, ...inTheEnd], () => undefined);
        assert.deepEqual(held(ledger), trueHeld(truths));
      }),
      { numRuns: searches(125) },
    );
  });

  it('conserves contributions: each cluster’s GPU time times its worth', () => {
    fc.assert(
      fc.property(pods, events, (truths, happened) => {
        const ledger = play(truths, [...happened, ...inTheEnd], () => undefined);
        for (const cluster of clusters) {
          const expected = truths
            .filter((pod) => pod.cluster === cluster)
            .reduce(
              (sum, pod) =>
                sum +
                BigInt(pod.units * pod.lastedMs) * 1_000_000n * BigInt(Math.round(pod.v100Equivalents * 1e6)),
              0n,
            );
          assert.equal(contributions(ledger).get(cluster), expected);
        }
      }),
      { numRuns: searches(38) },
    );
  });

  it('never books more than the truth on the way, and nothing negative', () => {
    fc.assert(
      fc.property(pods, events, (truths, happened) => {
        const most = trueHeld(truths);
        play(truths, happened, (ledger) => {
          for (const { busy, idle, unmeasured } of usageRows(ledger)) {
            assert.ok(busy >= 0n && idle >= 0n && unmeasured >= 0n);
          }
          for (const [row, booked] of held(ledger)) {
            assert.ok(booked <= (most.get(row) ?? 0n), `${row}: ${booked} of ${most.get(row) ?? 0n}`);
          }
        });
      }),
      { numRuns: searches(63) },
    );
  });

  it('never books twice however late a pod becomes known or shows again', () => {
    const far = event.map((each) => (each.kind === 'observe' ? { ...each, now: each.now * 50 } : each));
    fc.assert(
      fc.property(pods, fc.array(far, { maxLength: 40, size: 'max' }), (truths, happened) => {
        const most = trueHeld(truths);
        for (const [row, booked] of held(play(truths, happened, () => undefined))) {
          assert.ok(booked <= (most.get(row) ?? 0n));
        }
      }),
      { numRuns: searches(63) },
    );
  });

  it('only measured time is busy or idle', () => {
    fc.assert(
      fc.property(pods, events, (truths, happened) => {
        const blind = happened.map((each) => (each.kind === 'observe' ? { ...each, measured: [] } : each));
        const { busy, idle } = totalOf(usageRows(play(truths, blind, () => undefined)));
        assert.deepEqual([busy, idle], [0n, 0n]);
      }),
      { numRuns: searches(13) },
    );
  });

  it('merge is the same in any order and however often', () => {
    fc.assert(
      fc.property(pods, events, fc.nat(), fc.nat(), (truths, happened, i, j) => {
        const states = [emptyLedger];
        play(truths, happened, (ledger) => states.push(ledger));
        const a = states[i % states.length] ?? emptyLedger;
        const b = states[j % states.length] ?? emptyLedger;
        assert.deepEqual(held(merge(a, b)), held(merge(b, a)));
        assert.deepEqual(held(merge(merge(a, b), b)), held(merge(a, b)));
      }),
      { numRuns: searches(25) },
    );
  });

  it('shares of what was booked add up to 1, and amounts to the amount', () => {
    fc.assert(
      fc.property(pods, events, fc.bigInt({ min: 0n, max: 10n ** 30n }), (truths, happened, amount) => {
        const contributed = contributions(play(truths, [...happened, ...inTheEnd], () => undefined));
        const parts = splitAmount(amount, contributed);
        const sum = shares(contributed).reduce((total, { share }) => total + share, 0);
        if (parts === undefined) {
          assert.equal(sum, 0);
        } else {
          assert.ok(Math.abs(sum - 1) < 1e-9);
          assert.equal(
            [...parts.values()].reduce((total, part) => total + part, 0n),
            amount,
          );
        }
      }),
      { numRuns: searches(25) },
    );
  });
});
