import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { GpuVendor } from '../../src/compute/gpu-catalogue.ts';
import { guestShare } from '../../src/compute/guest-share.ts';
import type { ReservedLine } from '../../src/compute/reserve.ts';

const NVIDIA = 'nvidia.com/gpu';
const AMD = 'amd.com/gpu';

function line(model: string, free: number, reserved: number, vendor: GpuVendor = 'NVIDIA'): ReservedLine {
  return {
    model,
    product: model,
    vendor,
    known: true,
    catalogueModel: undefined,
    nodes: 1,
    allocatable: free,
    allocated: 0,
    guests: 0,
    leased: 0,
    free,
    memoryMiB: undefined,
    tflops: 0,
    v100Equivalents: 0,
    reserved,
    freeForGuests: free - reserved,
  };
}

interface Row {
  readonly name: string;
  readonly lines: readonly ReservedLine[];
  readonly pending?: Readonly<Record<string, number>>;
  readonly vendor?: GpuVendor;
  readonly total: number;
  readonly byModel: Readonly<Record<string, number>>;
}

const rows: readonly Row[] = [
  {
    name: 'is what the reserve leaves of each model',
    lines: [line('h100', 8, 4), line('v100', 8, 4)],
    total: 8,
    byModel: { h100: 4, v100: 4 },
  },
  {
    name: 'of one vendor is not all that guests may take',
    lines: [line('h100', 8, 4), line('mi300x', 8, 4, 'AMD')],
    vendor: 'AMD',
    total: 8,
    byModel: { mi300x: 4 },
  },
  {
    name: 'leaves free what pods of the owner wait for, besides the reserve',
    lines: [line('h100', 8, 4), line('v100', 8, 4)],
    pending: { [NVIDIA]: 3 },
    total: 5,
    byModel: { h100: 2, v100: 3 },
  },
  {
    name: 'heeds only what they wait for of the vendor',
    lines: [line('h100', 8, 0), line('mi300x', 8, 0, 'AMD')],
    pending: { [AMD]: 6 },
    total: 8,
    byModel: { h100: 8 },
  },
  {
    name: 'does not pay for GPUs that the cluster does not have',
    lines: [line('h100', 8, 0)],
    pending: { [AMD]: 6 },
    total: 8,
    byModel: { h100: 8 },
  },
  {
    name: 'is nothing where more is waited for than there is',
    lines: [line('h100', 2, 0)],
    pending: { [NVIDIA]: 6 },
    total: 0,
    byModel: { h100: 0 },
  },
];

describe('compute/guest-share', () => {
  for (const { name, lines, pending = {}, vendor = 'NVIDIA', total, byModel } of rows) {
    it(name, () => {
      const share = guestShare(lines, { vendor, pending });

      assert.equal(share.total, total);
      assert.deepEqual(Object.fromEntries(share.byModel), byModel);
    });
  }

  it('is less by what replicas of other vendors are about to take', () => {
    const lines = [line('h100', 8, 4), line('mi300x', 8, 4, 'AMD')];

    assert.equal(guestShare(lines, { vendor: 'NVIDIA', pending: {}, takenOfOthers: 3 }).total, 5);
  });

  it('never is more than the free GPUs less the reserve and less what is waited for', () => {
    const anyLines = fc.array(
      fc
        .tuple(fc.nat(20), fc.nat(20), fc.constantFrom<GpuVendor>('NVIDIA', 'AMD'))
        .map(([free, kept, vendor]) => ({ free, reserved: Math.min(free, kept), vendor })),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(anyLines, fc.nat(30), fc.nat(30), (some, nvidia, amd) => {
        const lines = some.map(({ free, reserved, vendor }, at) => line(`m${at}`, free, reserved, vendor));
        const pending = { [NVIDIA]: nvidia, [AMD]: amd };
        for (const vendor of ['NVIDIA', 'AMD'] as const) {
          const { total, byModel } = guestShare(lines, { vendor, pending });
          const own = lines.filter((each) => each.vendor === vendor);
          const free = own.reduce((sum, each) => sum + each.free, 0);
          const left = lines.reduce((sum, each) => sum + each.freeForGuests, 0);
          const waited = vendor === 'NVIDIA' ? nvidia : amd;

          assert.ok(total >= 0 && total <= left && total <= Math.max(0, free - waited));
          assert.deepEqual(
            [...byModel.keys()],
            own.map(({ model }) => model),
          );
          assert.ok(own.every((each) => (byModel.get(each.model) ?? -1) <= each.freeForGuests));
          assert.ok([...byModel.values()].every((gpus) => gpus >= 0));
        }
      }),
    );
  });
});
