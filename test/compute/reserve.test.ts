import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { InventoryLine } from '../../src/compute/inventory.ts';
import { withReserve } from '../../src/compute/reserve.ts';

/** Eight GPUs of a model, of which some are held. */
function line(model: string, held: Partial<InventoryLine> = {}): InventoryLine {
  const { allocatable = 8, allocated = 0 } = held;
  return {
    model,
    product: model,
    vendor: 'NVIDIA',
    known: false,
    catalogueModel: undefined,
    nodes: 1,
    allocatable,
    allocated,
    guests: 0,
    leased: 0,
    free: allocatable - allocated,
    memoryMiB: undefined,
    tflops: 0,
    v100Equivalents: 0,
    ...held,
  };
}

describe('compute/reserve', () => {
  const rows: {
    what: string;
    lines: InventoryLine[];
    reserve: number | string;
    reserved: number[];
    owed?: number;
  }[] = [
    { what: 'nothing is kept', lines: [line('a')], reserve: 0, reserved: [0] },
    { what: 'a number', lines: [line('a')], reserve: 3, reserved: [3] },
    { what: 'a percentage, rounded up', lines: [line('a')], reserve: '30%', reserved: [3] },
    { what: 'all', lines: [line('a'), line('b')], reserve: '100%', reserved: [8, 8] },
    { what: 'more than there is', lines: [line('a')], reserve: 100, reserved: [8], owed: 0 },
    { what: 'an empty cluster', lines: [], reserve: 5, reserved: [] },
    {
      what: 'what the owner uses counts',
      lines: [line('a', { allocated: 2 })],
      reserve: 3,
      reserved: [1],
    },
    {
      what: 'what leases use counts as the owner’s',
      lines: [line('a', { allocated: 3, leased: 3 })],
      reserve: 3,
      reserved: [0],
    },
    {
      what: 'what guests use does not count',
      lines: [line('a', { allocated: 2, guests: 2 })],
      reserve: 3,
      reserved: [3],
    },
    {
      what: 'more in the owner’s use than reserved',
      lines: [line('a', { allocated: 6 })],
      reserve: 3,
      reserved: [0],
    },
    {
      what: 'guests hold too much',
      lines: [line('a', { allocated: 7, guests: 6 })],
      reserve: 4,
      reserved: [1],
      owed: 2,
    },
    {
      what: 'in proportion to what is free',
      lines: [line('a', { allocatable: 16 }), line('b')],
      reserve: 6,
      reserved: [4, 2],
    },
    {
      what: 'the largest remainder first, then in the order of the lines',
      lines: [line('a'), line('b'), line('c')],
      reserve: 4,
      reserved: [2, 1, 1],
    },
    {
      what: 'nothing of a model that has nothing free',
      lines: [line('a', { allocated: 8 }), line('b')],
      reserve: 12,
      reserved: [0, 4],
    },
    {
      what: 'only what can be used counts as kept: GPUs of cordoned nodes are not free',
      lines: [line('a', { free: 2 })],
      reserve: 4,
      reserved: [2],
      owed: 0,
    },
    {
      what: 'guests owe nothing for GPUs that are kept on cordoned nodes',
      lines: [line('a', { free: 0 }), line('b', { allocated: 8, guests: 8 })],
      reserve: 8,
      reserved: [0, 0],
      owed: 0,
    },
    {
      what: 'guests owe nothing without a reserve, not even when GPUs vanish',
      lines: [line('a', { allocatable: 0, allocated: 8, guests: 8, free: 0 })],
      reserve: 0,
      reserved: [0],
      owed: 0,
    },
    {
      what: 'guests owe no more than they hold',
      lines: [line('a', { allocated: 2, guests: 2, allocatable: 2 })],
      reserve: 9,
      reserved: [0],
      owed: 2,
    },
  ];
  for (const { what, lines, reserve, reserved, owed = 0 } of rows) {
    it(`${what}: ${reserve} of ${lines.map(({ allocatable }) => allocatable).join(' + ')}`, () => {
      const result = withReserve(lines, reserve);

      assert.deepEqual(
        result.lines.map((one) => one.reserved),
        reserved,
      );
      assert.equal(result.owed, owed);
    });
  }

  it('never lets guests have more than allocatable - max(reserve, held by the owner), and keeps no more than it must', () => {
    const anyLine = fc
      .record({ allocatable: fc.nat(16), owner: fc.nat(16), guests: fc.nat(16), usable: fc.boolean() })
      .map(({ allocatable, owner, guests, usable }) => {
        const allocated = Math.min(allocatable, owner + guests);
        const free = usable ? allocatable - allocated : 0;
        return line('m', { allocatable, allocated, guests: Math.min(guests, allocated), free });
      });
    const anyReserve = fc.oneof(
      fc.nat(40),
      fc.nat(100).map((percent) => `${percent}%`),
    );
    fc.assert(
      fc.property(fc.array(anyLine, { maxLength: 6 }), anyReserve, (lines, reserve) => {
        const { lines: result, owed } = withReserve(lines, reserve);
        const total = (value: (one: (typeof result)[number]) => number): number =>
          result.reduce((sum, one) => sum + value(one), 0);
        const allocatable = total((one) => one.allocatable);
        const wanted =
          typeof reserve === 'number'
            ? reserve
            : Math.ceil((Number(reserve.slice(0, -1)) * allocatable) / 100);
        const owner = total((one) => one.allocated - one.guests);
        const free = total((one) => one.free);
        const guests = total((one) => one.guests);
        const reserved = total((one) => one.reserved);

        assert.ok(result.every((one) => one.reserved >= 0 && one.reserved + one.freeForGuests === one.free));
        assert.equal(reserved, Math.min(free, Math.max(0, wanted - owner)));
        const most = allocatable - Math.max(wanted, owner);
        assert.ok(free === reserved || guests + free - reserved <= most);
        assert.ok(owed >= 0 && owed <= guests);
        // With what is owed given back, guests hold no more than they may, unless all is given back.
        assert.ok(wanted <= owner || owed === guests || guests - owed <= most);
      }),
    );
  });
});
