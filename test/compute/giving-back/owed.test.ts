import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Guest } from '../../../src/compute/giving-back/guest.ts';
import { withThoseWhoOwe } from '../../../src/compute/giving-back/owed.ts';
import { guestPod } from '../../support/guest-objects.ts';

function guest(
  name: string,
  { gpus = 1, priority = 0, node }: Partial<Guest> & { node?: string } = {},
): Guest {
  return {
    pod: guestPod(name, { node: node ?? 'n', gpus }),
    priority,
    v100EquivalentsPerGpu: 1,
    resource: 'nvidia.com/gpu',
    gpus,
  };
}

const namesOf = (guests: Iterable<Guest>): string[] => [...guests].map(({ pod }) => pod.metadata.name).sort();

describe('compute/giving-back/owed', () => {
  const rows: readonly {
    what: string;
    guests: readonly Guest[];
    owed: number;
    leaving?: readonly string[];
    told?: readonly string[];
    go: readonly string[];
  }[] = [
    { what: 'nobody, when nothing is owed', guests: [guest('a')], owed: 0, go: [] },
    {
      what: 'the least valuable',
      guests: [guest('dear', { priority: 1 }), guest('cheap')],
      owed: 1,
      go: ['cheap'],
    },
    {
      what: 'none without whom it would do',
      guests: [guest('one', { gpus: 1 }), guest('four', { gpus: 4, priority: 1 })],
      owed: 4,
      go: ['four'],
    },
    {
      what: 'nobody besides those who leave anyway, when that is enough',
      guests: [guest('a', { gpus: 2 }), guest('b')],
      owed: 2,
      leaving: ['a'],
      go: ['a'],
    },
    {
      what: 'others besides those who leave anyway, when it is not',
      guests: [guest('a', { priority: 5 }), guest('b', { priority: 1 }), guest('c')],
      owed: 2,
      leaving: ['a'],
      go: ['a', 'c'],
    },
    {
      what: 'those who were told, before any other',
      guests: [guest('told', { priority: 5 }), guest('cheap')],
      owed: 1,
      told: ['told'],
      go: ['told'],
    },
    {
      what: 'all, when more is owed than there is',
      guests: [guest('a'), guest('b')],
      owed: 9,
      go: ['a', 'b'],
    },
  ];
  for (const { what, guests, owed, leaving = [], told = [], go } of rows) {
    it(`sends ${what}`, () => {
      const named = (names: readonly string[]): Guest[] =>
        guests.filter(({ pod }) => names.includes(pod.metadata.name));
      const isTold = (one: Guest): boolean => named(told).includes(one);
      assert.deepEqual(namesOf(withThoseWhoOwe(new Set(named(leaving)), { guests, owed, isTold })), go);
    });
  }

  it('sends nobody who holds nothing', () => {
    const waiting = { ...guest('waiting'), pod: guestPod('waiting') };
    assert.deepEqual(
      [...withThoseWhoOwe(new Set(), { guests: [waiting], owed: 1, isTold: () => false })],
      [],
    );
  });

  it('gives back what is owed as far as there is, and keeps everybody without whom it would do', () => {
    const anyGuests = fc
      .array(fc.record({ gpus: fc.integer({ min: 1, max: 8 }), priority: fc.nat(3) }), { maxLength: 12 })
      .map((all) => all.map((one, index) => guest(`g${index}`, one)));
    fc.assert(
      fc.property(anyGuests, fc.nat(40), (guests, owed) => {
        const gone = withThoseWhoOwe(new Set(), { guests, owed, isTold: () => false });
        const given = [...gone].reduce((sum, { gpus }) => sum + gpus, 0);
        const all = guests.reduce((sum, { gpus }) => sum + gpus, 0);
        assert.ok(given >= Math.min(owed, all));
        assert.ok(given === all || [...gone].every(({ gpus }) => given - gpus < owed));
      }),
    );
  });
});
