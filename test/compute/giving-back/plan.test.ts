import assert from 'node:assert/strict';
import fc from 'fast-check';
import { GivingBack } from '../../../src/api/giving-back.ts';
import type { Left } from '../../../src/compute/giving-back/budget.ts';
import type { Guest } from '../../../src/compute/giving-back/guest.ts';
import { type GivingBackPlan, planGivingBack } from '../../../src/compute/giving-back/plan.ts';
import { guestPod } from '../../support/guest-objects.ts';
import { NOW, ago } from '../../support/pool-objects.ts';
import { searches, searchTimeout } from '../../support/searches.ts';

function guest(name: string, options: { leaveAt?: string; priority?: number } = {}): Guest {
  const { priority = 0, ...pod } = options;
  return {
    pod: guestPod(name, { node: 'n', ...pod }),
    priority,
    v100EquivalentsPerGpu: 1,
    resource: 'nvidia.com/gpu',
    gpus: 1,
  };
}

/** A cluster that is closed, unless told otherwise: all guests have to leave. */
function plan(
  guests: readonly Guest[],
  {
    terms = {},
    left = [],
    isOpen = false,
    owed = 0,
  }: { terms?: Partial<GivingBack>; left?: Left; isOpen?: boolean; owed?: number } = {},
  now = NOW,
): GivingBackPlan {
  const whole = { ...GivingBack.parse({}), ...terms };
  return planGivingBack({ terms: whole, isOpen, guests, nodes: [], waiting: [], owed, left }, now);
}

/** A plan in words. */
function told({ notices, withdrawals, deletions }: GivingBackPlan): string[] {
  return [
    ...notices.map(({ guest: { pod }, leaveAt }) => `${pod.metadata.name} at ${leaveAt.slice(11, 19)}`),
    ...withdrawals.map(({ pod }) => `${pod.metadata.name} stays`),
    ...deletions.map(({ pod }) => `${pod.metadata.name} goes`),
  ];
}

describe('compute/giving-back/plan', function () {
  this.timeout(searchTimeout(10_000));

  // NOW is noon.
  const rows: readonly {
    what: string;
    guests: readonly Guest[];
    with?: Parameters<typeof plan>[1];
    does: readonly string[];
    next?: number;
  }[] = [
    { what: 'nothing in an open cluster', guests: [guest('a')], with: { isOpen: true }, does: [] },
    {
      what: 'notice to all when it closes',
      guests: [guest('a'), guest('b')],
      does: ['a at 12:00:30', 'b at 12:00:30'],
      next: 30,
    },
    {
      what: 'notice one by one as the budget allows, the lowest priority first',
      guests: [guest('a', { priority: 1 }), guest('b'), guest('c', { priority: 2 })],
      with: { terms: { maxPodsPerMinute: 1 } },
      does: ['b at 12:00:30', 'a at 12:01:30', 'c at 12:02:30'],
      next: 30,
    },
    {
      what: 'notice behind those who have it and those who left',
      guests: [guest('a', { leaveAt: ago(-20) }), guest('b'), guest('c')],
      with: { terms: { maxPodsPerMinute: 2 }, left: [{ deletionTime: ago(5), pods: 1 }] },
      // 11:59:55 and 12:00:20 are taken.
      does: ['b at 12:00:55', 'c at 12:01:20'],
      next: 20,
    },
    {
      what: 'the end for whom it is time, and waits for the others',
      guests: [guest('a', { leaveAt: ago(0) }), guest('b', { leaveAt: ago(-1) })],
      does: ['a goes'],
      next: 1,
    },
    {
      what: 'no more ends than the budget allows, those who waited longest first',
      guests: [
        guest('a', { leaveAt: ago(50) }),
        guest('b', { leaveAt: ago(60) }),
        guest('c', { leaveAt: ago(70) }),
      ],
      with: { terms: { maxPodsPerMinute: 3 }, left: [{ deletionTime: ago(40), pods: 1 }] },
      does: ['c goes', 'b goes'],
      next: 20,
    },
    {
      what: 'the end at once without a notice, when none is wanted',
      guests: [guest('a'), guest('b')],
      with: { terms: { noticeSeconds: 0, maxPodsPerMinute: 1 } },
      does: ['b at 12:01:00', 'a goes'],
      next: 60,
    },
    {
      what: 'a stay to those who have notice, when the cluster opens again',
      guests: [guest('a', { leaveAt: ago(-20) }), guest('b')],
      with: { isOpen: true },
      does: ['a stays'],
    },
    {
      what: 'a notice of its own to one whose template names a far day, and none that can be read',
      guests: [guest('a', { leaveAt: '2099-01-01T00:00:00Z' }), guest('b', { leaveAt: 'tomorrow' })],
      does: ['a at 12:00:30', 'b at 12:00:30'],
      next: 30,
    },
    {
      what: 'notice to the least valuable when a reserve is owed GPUs',
      guests: [guest('a', { priority: 1 }), guest('b'), guest('c', { priority: 2 })],
      with: { isOpen: true, owed: 2 },
      does: ['b at 12:00:30', 'a at 12:00:30'],
      next: 30,
    },
    {
      what: 'no second notice to those who have it for a reserve',
      guests: [guest('a', { priority: 1, leaveAt: ago(-20) }), guest('b')],
      with: { isOpen: true, owed: 1 },
      does: [],
      next: 20,
    },
    {
      what: 'a stay to those who have notice, when less is owed than it was',
      guests: [guest('a', { leaveAt: ago(-20) }), guest('b', { priority: 1, leaveAt: ago(-20) })],
      with: { isOpen: true, owed: 1 },
      does: ['b stays'],
      next: 20,
    },
    {
      what: 'no heed to deletions that a clock ran ahead of',
      guests: [guest('a', { leaveAt: ago(0) })],
      with: { terms: { maxPodsPerMinute: 1 }, left: [{ deletionTime: ago(-3600), pods: 1 }] },
      does: ['a goes'],
    },
  ];
  for (const { what, guests, with: options, does, next } of rows) {
    it(`gives ${what}`, () => {
      const made = plan(guests, options);
      assert.deepEqual(told(made), does);
      assert.equal(made.nextAt, next === undefined ? undefined : NOW + next * 1000);
    });
  }

  it('records deletions by seconds rounded up, and forgets those of more than a minute ago only then', () => {
    const left = [
      { deletionTime: ago(61), pods: 3 },
      { deletionTime: ago(59), pods: 2 },
    ];
    assert.equal(plan([guest('a')], { left }).left, left);
    assert.deepEqual(plan([guest('a', { leaveAt: ago(0) })], { left }, NOW + 1).left, [
      { deletionTime: ago(59), pods: 2 },
      { deletionTime: '2026-01-01T12:00:01Z', pods: 1 },
    ]);
  });

  /** What happens from one look to the next: the operator is killed, late, and reads its own writes. */
  const anyCourse = fc.record({
    count: fc.integer({ min: 1, max: 40 }),
    terms: fc.record({
      noticeSeconds: fc.constantFrom(0, 1, 30, 90),
      maxPodsPerMinute: fc.integer({ min: 1, max: 8 }),
    }),
    waits: fc.array(fc.nat(40_000), { minLength: 20, maxLength: 120 }),
    /** Whether the deletions of a look are done, or the operator is killed after the status is written. */
    killed: fc.array(fc.boolean(), { minLength: 20, maxLength: 120 }),
    open: fc.array(fc.nat(9), { minLength: 20, maxLength: 120 }),
  });

  it('never deletes more in any minute than the budget, nor before the notice is over; all are gone in the end', () => {
    fc.assert(
      fc.property(anyCourse, ({ count, terms, waits, killed, open }) => {
        let now = NOW;
        let left: Left = [];
        let guests = Array.from({ length: count }, (_, index) => guest(`g${index}`));
        const noticedAt = new Map<string, number>();
        const deletedAt: number[] = [];
        const look = (isOpen: boolean, dies: boolean): GivingBackPlan => {
          const made = plan(guests, { terms, left, isOpen }, now);
          left = made.left;
          const name = (one: Guest): string => one.pod.metadata.name;
          made.deletions.forEach((one) => {
            assert.ok(now >= (noticedAt.get(name(one)) ?? now) + terms.noticeSeconds * 1000);
            assert.ok(terms.noticeSeconds === 0 || noticedAt.has(name(one)));
          });
          if (!dies) {
            made.deletions.forEach(() => deletedAt.push(now));
            made.notices.forEach((notice) => noticedAt.set(name(notice.guest), now));
            made.withdrawals.forEach((one) => noticedAt.delete(name(one)));
            const times = new Map(made.notices.map((notice) => [name(notice.guest), notice.leaveAt]));
            guests = guests
              .filter((one) => !made.deletions.includes(one))
              .map((one) => {
                const leaveAt = times.get(name(one));
                return made.withdrawals.includes(one)
                  ? guest(name(one))
                  : leaveAt === undefined
                    ? one
                    : guest(name(one), { leaveAt });
              });
          }
          return made;
        };
        waits.forEach((wait, index) => {
          look(open[index] === 0, killed[index] ?? false);
          now += wait;
        });
        for (let round = 0; guests.length > 0; round++) {
          const { nextAt } = look(false, false);
          assert.ok(round < 3 * count + 3, 'it goes on and on');
          now = Math.max(now, nextAt ?? now);
        }
        deletedAt.forEach((from) => {
          const within = deletedAt.filter((at) => at >= from && at < from + 60_000).length;
          assert.ok(within <= terms.maxPodsPerMinute, `${within} within a minute`);
        });
      }),
      { numRuns: searches(38) },
    );
  });
});
