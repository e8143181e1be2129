import assert from 'node:assert/strict';
import { surplusOf, type PoolEvent } from './pool-surplus.ts';

/** What happens, in the order of the resourceVersions. */
type Happening = PoolEvent extends infer Event ? (Event extends unknown ? Omit<Event, 'at'> : never) : never;

const spec = (generation: number, mostPods: number, pool = 'first'): Happening => ({
  kind: 'specWritten',
  pool,
  generation,
  mostPods,
});

const observed = (generation: number, pool = 'first'): Happening => ({
  kind: 'specObserved',
  pool,
  generation,
});

const left = (ordinal: number): Happening => ({ kind: 'podLeft', pod: `pod-${ordinal}` });

const created = (ordinal: number, pool = 'first'): Happening =>
  ({ kind: 'podCreated', pool, pod: `pod-${ordinal}`, name: `p-${ordinal}`, ordinal }) as Happening;

/** @param gapAt of the happening that a watch with a gap reports, which may have come at any time since `gapAfter` */
function record(
  happenings: readonly Happening[],
  gap?: { readonly index: number; readonly after: number },
): PoolEvent[] {
  return happenings.map((happening, index) => {
    const at = index + 1;
    const after = gap?.index === index ? gap.after : at;
    return { ...happening, at, ...(happening.kind === 'podCreated' && { after }) };
  });
}

const fourPods = [spec(1, 4), created(0), created(1), created(2), created(3), observed(1)];
const toOne = [...fourPods, spec(2, 1)];

const cases: readonly {
  readonly name: string;
  readonly events: readonly PoolEvent[];
  readonly surplus: readonly string[];
}[] = [
  { name: 'as many as wanted', events: record(fourPods), surplus: [] },
  { name: 'one more than wanted', events: record([...fourPods, created(4)]), surplus: ['p-4'] },
  {
    name: 'one more after a scale-down that the status has observed, though there once were more',
    events: record([...toOne, left(3), left(2), left(1), observed(2), created(1)]),
    surplus: ['p-1'],
  },
  {
    name: 'one more after a scale-down that the operator may not have seen yet',
    events: record([...toOne, left(3), created(3)]),
    surplus: [],
  },
  {
    name: 'the wanted one again, while pods that a scale-down left over are still there',
    events: record([...toOne, observed(2), left(0), created(0)]),
    surplus: [],
  },
  {
    name: 'one more after several scale-downs, of which the last but one was observed',
    events: record([...toOne, observed(2), left(3), left(2), left(1), left(0), spec(3, 0), created(1)]),
    surplus: ['p-1'],
  },
  {
    name: 'more again after the next scale-up, observed or not',
    events: record([...toOne, observed(2), left(3), spec(3, 4), created(3)]),
    surplus: [],
  },
  {
    name: 'an observation that comes after the pod excuses it',
    events: record([...toOne, left(3), created(3), observed(2)]),
    surplus: [],
  },
  {
    name: 'a pod found after a gap in the watch: it may have been made before the observation',
    events: record([...toOne, left(3), observed(2), created(3)], { index: 9, after: 7 }),
    surplus: [],
  },
  {
    name: 'a pod of a pool that is gone, as long as the operator may not know it',
    events: record([spec(1, 2), created(0), observed(1), spec(1, 2, 'second'), created(1)]),
    surplus: [],
  },
  {
    name: 'a pod of a pool whose successor the operator has begun to fill',
    events: record([spec(1, 2), created(0), spec(1, 2, 'second'), created(0, 'second'), created(1)]),
    surplus: ['p-1'],
  },
  {
    name: 'a pool has nothing from what its predecessor was allowed',
    events: record([spec(1, 4), observed(1), spec(1, 1, 'second'), created(1, 'second')]),
    surplus: ['p-1'],
  },
];

describe('surplus of a pool', () => {
  for (const { name, events, surplus } of cases) {
    it(`${surplus.length === 0 ? 'no surplus' : 'surplus'}: ${name}`, () => {
      assert.deepEqual(
        surplusOf(events).map((text) => text.split(',')[0]),
        surplus,
      );
    });
  }

  it('orders the record by resourceVersion, not by arrival', () => {
    const events = record([...toOne, left(3), observed(2), created(3)]);
    assert.deepEqual(surplusOf([...events].reverse()).length, 1);
  });

  it('counts a pod whose name has no ordinal', () => {
    const [pod] = record([created(0)]);
    assert.ok(pod);
    assert.equal(
      surplusOf([...record([spec(1, 4)]), { ...pod, at: 2, ordinal: undefined } as PoolEvent]).length,
      1,
    );
  });

  it('says what was allowed and what was there', () => {
    assert.deepEqual(surplusOf(record([...toOne, left(3), left(2), observed(2), created(2)])), [
      'p-2, made at 11 when at most 1 were allowed, beside: p-0 p-1',
    ]);
  });
});
