import assert from 'node:assert/strict';
import fc from 'fast-check';
import { nothingDone } from '../../../src/controllers/minerpool/outcome.ts';
import {
  type RefusedByCluster,
  createRefusingClusters,
  refusalInWords,
  refusedAfter,
  withRefusals,
} from '../../../src/controllers/minerpool/refusing-clusters.ts';
import { clusterOffer } from '../../support/placement-offers.ts';
import { NOW, ago, minerPool } from '../../support/pool-objects.ts';
import { REVISION, placedPool, placementOf } from '../../support/seen-fleet.ts';

const MINUTE_MS = 60_000;

/** What one look has come to: in which clusters a pod was made, and which refused one. */
function outcome(
  madeIn: readonly string[],
  refusedIn: readonly string[],
): Parameters<typeof refusedAfter>[1] {
  return {
    madeIn: new Set(madeIn),
    refusedIn: new Map(refusedIn.map((cluster) => [cluster, 'exceeded quota: gpus'])),
  };
}

/** After refusals by `a` at these minutes. */
function refusedAt(...minutes: readonly number[]): RefusedByCluster {
  return minutes.reduce<RefusedByCluster>(
    (before, minute) => refusedAfter(before, outcome([], ['a']), NOW + minute * MINUTE_MS),
    new Map(),
  );
}

/** Minutes after NOW until which nothing new goes to `a`. */
function until(refused: RefusedByCluster): number {
  return ((refused.get('a')?.until ?? NaN) - NOW) / MINUTE_MS;
}

describe('controllers/minerpool/refusing-clusters', () => {
  for (const { name, at, expect } of [
    { name: 'once', at: [0], expect: 0.5 },
    { name: 'again after the wait: twice as long', at: [0, 0.5], expect: 1.5 },
    { name: 'again within the wait: no longer', at: [0, 0.1, 0.2, 0.4], expect: 0.5 },
    { name: 'again and again: half an hour at most', at: [0, 1, 3, 6, 11, 20, 40, 80, 120], expect: 150 },
    { name: 'again after hours: from the start', at: [0, 1, 3, 370], expect: 370.5 },
  ]) {
    it(`waits when refused ${name}`, () => {
      assert.equal(until(refusedAt(...at)), expect);
    });
  }

  it('forgets what has made good, and begins anew with what made some pods before it refused one', () => {
    const before = refusedAt(0, 1);
    const later = NOW + 5 * MINUTE_MS;

    assert.equal(refusedAfter(before, outcome(['a'], []), later).size, 0);
    assert.equal(until(refusedAfter(before, outcome(['a'], ['a']), later)), 5.5);
    assert.deepEqual(refusedAfter(before, outcome(['b'], []), later), before);
  });

  it('is about one pool and one revision of it, and about nothing older than six hours', () => {
    const refusing = createRefusingClusters();
    refusing.note('pool', 'r1', { ...nothingDone, ...outcome([], ['a']) }, NOW);
    const known = (uid: string, revision: string, minutes = 0): number =>
      refusing.of(minerPool({}, { uid }), revision, NOW + minutes * MINUTE_MS).size;

    assert.deepEqual([known('pool', 'r1'), known('other', 'r1'), known('pool', 'r2')], [1, 0, 0]);
    assert.deepEqual([known('pool', 'r1', 359), known('pool', 'r1', 360)], [1, 0]);
    refusing.forget('pool');
    assert.equal(known('pool', 'r1'), 0);
  });

  it('is known after a start as far as the status says it, until something is tried', () => {
    const pool = placedPool(
      placementOf(
        {},
        {
          refusals: [
            { cluster: 'a', reason: 'refused pods: exceeded quota', refusedTime: ago(600) },
            { cluster: 'b', reason: 'unreachable', refusedTime: ago(10) },
            { cluster: 'c', reason: 'has no free GPU' },
          ],
        },
      ),
    );
    const { uid } = pool.metadata;
    const refusing = createRefusingClusters();

    assert.deepEqual(
      [...refusing.of(pool, REVISION, NOW)].map(([cluster, { reason, until: end }]) => [
        cluster,
        reason,
        end,
      ]),
      [
        ['a', 'exceeded quota', NOW - 570_000],
        ['b', 'for a reason that is not known any more', NOW + 20_000],
      ],
    );
    refusing.note(uid, REVISION, { ...nothingDone, ...outcome(['a'], []) }, NOW);
    assert.deepEqual([...refusing.of(pool, REVISION, NOW).keys()], ['b']);
    assert.equal(createRefusingClusters().of(pool, 'another', NOW).size, 0);
  });

  it('stands in the offers until the wait is over, and as a warning after it', () => {
    const offers = [clusterOffer('a', []), clusterOffer('b', [])];
    const refused = refusedAt(0);
    const reason = 'exceeded quota: gpus';
    const end = NOW + 30_000;

    assert.deepEqual(
      withRefusals(offers, refused, end - 1).map(({ refusal }) => refusal),
      [{ reason, at: NOW, until: end, isOver: false }, undefined],
    );
    assert.equal(withRefusals(offers, refused, end)[0]?.refusal?.isOver, true);
    assert.equal(withRefusals(offers, new Map(), end), offers);
  });

  for (const [message, words] of [
    [
      'pods "miners-3" is forbidden: exceeded quota: gpus, requested: requests.nvidia.com/gpu=1 (POST /api/v1/namespaces/default/pods: 403 Forbidden)',
      'exceeded quota: gpus, requested: requests.nvidia.com/gpu=1',
    ],
    [
      'pods is forbidden: User "guest" cannot create resource "pods" (POST /api/v1/namespaces/x/pods: 403 Forbidden)',
      'User "guest" cannot create resource "pods"',
    ],
    [
      'pods "miners-0" is forbidden: no PriorityClass with name guest was found (POST /api/v1/namespaces/x/pods: 403 Forbidden)',
      'no PriorityClass with name guest was found',
    ],
    ['Pod "miners-0" is invalid: spec.containers: Required value', 'spec.containers: Required value'],
    [
      'admission webhook "policy" denied the request: no latest tag',
      'admission webhook "policy" denied the request: no latest tag',
    ],
  ] as const) {
    it(`says '${words}'`, () => {
      assert.equal(refusalInWords(message), words);
    });
  }

  it('says it shortly', () => {
    assert.equal(refusalInWords('x'.repeat(500)).length, 160);
  });

  it('never waits longer than half an hour from a refusal, nor shorter than it said', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 3600 }), { maxLength: 30 }), (gaps) => {
        let refused: RefusedByCluster = new Map();
        let now = NOW;
        for (const seconds of gaps) {
          const before = refused.get('a');
          refused = refusedAfter(refused, outcome([], ['a']), now);
          const { until: end = NaN } = refused.get('a') ?? {};

          assert.ok(end > now && end - now <= 30 * MINUTE_MS);
          assert.ok(before === undefined || end >= before.until);
          now += seconds * 1000;
        }
      }),
    );
  });
});
