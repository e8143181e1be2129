import assert from 'node:assert/strict';
import type { ComputeClusterSpec } from '../../../src/api/compute-cluster.ts';
import { nodeGpus } from '../../../src/compute/node-gpus.ts';
import type { NodeUsage } from '../../../src/compute/inventory.ts';
import { type ClusterTerms, termsOf } from '../../../src/controllers/fleet/terms.ts';
import { computeCluster } from '../../support/hand-fleet.ts';
import { NOW, gpuNode } from '../../support/pool-objects.ts';

/** A node of eight H100s. */
function usage(name: string, allocated = 0, guests = 0, labels?: Record<string, string>): NodeUsage {
  const gpus = nodeGpus(gpuNode(name, labels === undefined ? {} : { labels })) ?? assert.fail();
  return { gpus, allocated, guests };
}

function terms(spec: Partial<ComputeClusterSpec>, usages: readonly NodeUsage[], now = NOW): ClusterTerms {
  return termsOf(computeCluster('a', spec), { usages }, now);
}

/** Thursday, 12:00 UTC. */
const closedNow = { timeZone: 'UTC', windows: [{ days: ['Thu' as const], start: '18:00', end: '20:00' }] };

describe('controllers/fleet/terms', () => {
  it('have what takes part, and keeps the reserve beside what the owner uses', () => {
    const { usages, lines } = terms({ reserve: 4, excludedNodes: ['out'] }, [usage('a', 3, 1), usage('out')]);

    assert.deepEqual(
      usages.map(({ gpus }) => gpus.node),
      ['a'],
    );
    assert.deepEqual(
      lines.map(({ model, free, reserved, freeForGuests }) => ({ model, free, reserved, freeForGuests })),
      [{ model: 'h100-sxm5-80gb', free: 5, reserved: 2, freeForGuests: 3 }],
    );
  });

  it('leave nothing free on nodes in quarantine as long as it lasts, by the status unless told otherwise', () => {
    const cluster = computeCluster('a');
    const status = {
      quarantine: [{ node: 'a', endTime: new Date(NOW + 1000).toISOString() }],
    } as unknown as NonNullable<typeof cluster.status>;
    const open = (now: number, inQuarantine?: readonly string[]): string[] =>
      termsOf({ ...cluster, status }, { usages: [usage('a'), usage('b')], inQuarantine }, now)
        .usages.filter(({ gpus }) => gpus.schedulable)
        .map(({ gpus }) => gpus.node);

    assert.deepEqual(open(NOW), ['b']);
    assert.deepEqual(open(NOW + 1000), ['a', 'b']);
    assert.deepEqual(open(NOW, ['b']), ['a']);
  });

  it('have nothing for guests outside of the schedule, and say when that changes', () => {
    const { lines, opening, problems } = terms({ schedule: closedNow }, [usage('a')]);

    assert.deepEqual([lines[0]?.free, lines[0]?.freeForGuests], [8, 0]);
    assert.deepEqual(
      [opening.isOpen, opening.reason, opening.changesAt],
      [false, 'OutsideSchedule', NOW + 6 * 3_600_000],
    );
    assert.deepEqual(problems, { schedule: [], pricing: [] });
  });

  it('have nothing for guests by a schedule that cannot be followed, and name the field', () => {
    const schedule = { ...closedNow, timeZone: 'Mars/Olympus' };
    const { opening, problems } = terms({ schedule }, [usage('a')]);

    assert.deepEqual([opening.isOpen, opening.reason], [false, 'ScheduleInvalid']);
    assert.match(problems.schedule.join(), /^spec\.schedule\.timeZone: .*Mars\/Olympus/);
  });

  it('price what the table prices, and nothing by one that contradicts itself', () => {
    const h100 = { model: 'h100-sxm5-80gb', perGpuHour: '3.00' };
    const price = (models: (typeof h100)[]): unknown =>
      terms({ pricing: { models } }, [usage('a')]).lines[0]?.price?.perGpuHour;

    assert.equal(price([h100]), 3_000_000n);
    assert.equal(price([{ ...h100, model: 'l4' }]), undefined);
    const twice = [h100, { model: 'NVIDIA-H100-80GB-HBM3', perGpuHour: '4.00' }];
    assert.equal(price(twice), undefined);
    const { problems } = terms({ pricing: { models: twice } }, []);
    assert.match(problems.pricing.join(), /^spec\.pricing\.models\[1\]\.model: /);
    assert.equal(terms({}, [usage('a')]).lines[0]?.price, undefined);
  });
});
