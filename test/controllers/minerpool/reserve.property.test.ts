import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Node, Pod } from '../../../src/api/builtin.ts';
import { MANAGER, labels } from '../../../src/api/group.ts';
import type { MinerPool } from '../../../src/api/miner-pool.ts';
import { Placement } from '../../../src/api/placement.ts';
import { vendorNames } from '../../../src/compute/gpu-catalogue.ts';
import { freeOn } from '../../../src/compute/inventory.ts';
import { place } from '../../../src/compute/placement/place.ts';
import type { Taken } from '../../../src/controllers/minerpool/assumed.ts';
import { placingGrounds } from '../../../src/controllers/minerpool/placing-grounds.ts';
import { waitingPod } from '../../support/guest-objects.ts';
import { type HandFleet, computeCluster, handFleet } from '../../support/hand-fleet.ts';
import { placementRequest } from '../../support/placement-offers.ts';
import { NOW, gpuNode, minerPool } from '../../support/pool-objects.ts';
import { searches, searchTimeout } from '../../support/searches.ts';

type Vendor = 'NVIDIA' | 'AMD';

const kinds = [
  { vendor: 'NVIDIA', label: 'nvidia.com/gpu.product', product: 'NVIDIA-H100-80GB-HBM3' },
  { vendor: 'NVIDIA', label: 'nvidia.com/gpu.product', product: 'Tesla-V100-SXM2-32GB' },
  { vendor: 'AMD', label: 'amd.com/gpu.product-name', product: 'AMD_Instinct_MI300X_OAM' },
] as const;

interface SomeNode {
  readonly kind: (typeof kinds)[number];
  readonly zone: string;
  readonly gpus: number;
  /** Held by the owner. */
  readonly held: number;
}

interface SomePool {
  readonly vendor: Vendor;
  readonly zone: string | undefined;
  readonly replicas: number;
  readonly gpus: number;
  /** Whether the scheduler binds its pods at once, or no cache shows them yet. */
  readonly isBound: boolean;
}

interface SomeCluster {
  readonly nodes: readonly SomeNode[];
  readonly reserve: number | string;
  readonly pending: { readonly vendor: Vendor; readonly gpus: number } | undefined;
}

const zone = fc.constantFrom('z1', 'z2');
const vendor = fc.constantFrom<Vendor>('NVIDIA', 'NVIDIA', 'AMD');

const anyNode: fc.Arbitrary<SomeNode> = fc
  .record({
    kind: fc.constantFrom(...kinds),
    zone,
    gpus: fc.constantFrom(2, 4, 8, 8),
    held: fc.constantFrom(0, 0, 0, 1, 3, 8),
  })
  .map((node) => ({ ...node, held: Math.min(node.gpus, node.held) }));

const anyCluster: fc.Arbitrary<SomeCluster> = fc.record({
  nodes: fc.array(anyNode, { minLength: 1, maxLength: 5, size: 'max' }),
  reserve: fc.oneof(fc.constantFrom(0, 1, 4, 8, 20), fc.constantFrom('0%', '25%', '50%')),
  pending: fc.option(fc.record({ vendor, gpus: fc.integer({ min: 1, max: 6 }) }), { nil: undefined }),
});

const anyPool: fc.Arbitrary<SomePool> = fc.record({
  vendor,
  zone: fc.option(zone, { nil: undefined }),
  replicas: fc.integer({ min: 1, max: 9 }),
  gpus: fc.constantFrom(1, 1, 2, 4),
  isBound: fc.boolean(),
});

const anyPools = fc.array(anyPool, { minLength: 1, maxLength: 6, size: 'max' });

function nodeOf({ kind, zone: of, gpus }: SomeNode, at: number): Node {
  const { resource } = vendorNames[kind.vendor];
  return gpuNode(`n${at}`, { gpus, resource, labels: { [kind.label]: kind.product, zone: of } });
}

function world({ nodes, reserve, pending }: SomeCluster): HandFleet {
  const owners = nodes.map(({ kind, held }, at) => {
    const { resource } = vendorNames[kind.vendor];
    return waitingPod(`o${at}`, { gpus: held, resource, node: `n${at}`, message: null, phase: 'Running' });
  });
  const waiting =
    pending === undefined
      ? []
      : [waitingPod('w', { gpus: pending.gpus, resource: vendorNames[pending.vendor].resource })];
  return handFleet({
    a: {
      cluster: computeCluster('a', { reserve }),
      nodes: nodes.map(nodeOf),
      pods: [...owners, ...waiting],
    },
  });
}

function poolOf({ vendor: of, zone: in_, replicas, gpus }: SomePool, name: string): MinerPool {
  const nodeSelector = in_ === undefined ? {} : { nodeSelector: { zone: in_ } };
  return minerPool(
    {
      replicas,
      gpus: { vendor: of, countPerReplica: gpus, models: [] },
      template: { spec: { containers: [{ name: 'miner', image: 'miner:1' }], ...nodeSelector } },
      placement: Placement.parse({}),
    },
    { name, uid: `${name}-uid` },
  );
}

/** A guest on the first node of the model that takes it: as kube-scheduler would bind it. */
function bind({ known, clusters }: HandFleet, name: string, model: string, pool: SomePool): void {
  const usage = known
    .all(NOW)[0]
    ?.terms?.usages.find(
      (each) =>
        each.gpus.unit.listedAs === model &&
        (pool.zone === undefined || each.gpus.labels['zone'] === pool.zone) &&
        freeOn(each) >= pool.gpus,
    );
  const node = usage?.gpus.node ?? assert.fail(`no node has room for ${name}`);
  const { resource } = vendorNames[pool.vendor];
  const pod: Pod = waitingPod(name, {
    gpus: pool.gpus,
    resource,
    node,
    message: null,
    phase: 'Running',
    labels: { [labels.managedBy]: MANAGER, [labels.pool]: 'pool' },
  });
  clusters['a']?.pods.set(pod);
}

describe('controllers/minerpool placing, several pools in a cluster with a reserve', function () {
  this.timeout(searchTimeout(60_000));

  it('takes no more than allocatable - max(reserve, held by the owner), and leaves free what the owner waits for', () => {
    fc.assert(
      fc.property(anyCluster, anyPools, (cluster, pools) => {
        const fleet = world(cluster);
        const allocatable = cluster.nodes.reduce((sum, { gpus }) => sum + gpus, 0);
        const held = cluster.nodes.reduce((sum, node) => sum + node.held, 0);
        const reserve =
          typeof cluster.reserve === 'number'
            ? cluster.reserve
            : Math.ceil((allocatable * Number.parseInt(cluster.reserve)) / 100);
        const most = Math.max(0, allocatable - Math.max(reserve, held));
        const freeOfVendor = (of: Vendor): number =>
          cluster.nodes
            .filter(({ kind }) => kind.vendor === of)
            .reduce((sum, node) => sum + node.gpus - node.held, 0);
        const taken = { NVIDIA: 0, AMD: 0 };
        const assumed: Taken[] = [];
        for (const [index, some] of pools.entries()) {
          const pool = poolOf(some, `p${index}`);
          const { offers } = placingGrounds(pool, fleet.known.all(NOW), assumed) ?? assert.fail();
          const request = placementRequest({
            replicas: some.replicas,
            vendor: some.vendor,
            countPerReplica: some.gpus,
          });
          const { assignments } = place(request, offers, [], NOW);
          for (const { model, ordinal } of assignments) {
            if (some.isBound && assumed.length === 0) {
              bind(fleet, `p${index}-${ordinal}`, model, some);
            } else {
              assumed.push({ cluster: 'a', model, vendor: some.vendor, gpus: some.gpus });
            }
            taken[some.vendor] += some.gpus;
          }
          assert.ok(taken.NVIDIA + taken.AMD <= most, `${taken.NVIDIA + taken.AMD} of at most ${most}`);
          if (assignments.length > 0 && cluster.pending?.vendor === some.vendor) {
            assert.ok(freeOfVendor(some.vendor) - taken[some.vendor] >= cluster.pending.gpus);
          }
        }
      }),
      { numRuns: searches(38) },
    );
  });

  it('takes of no model more than the status of the ComputeCluster says is free for guests', () => {
    fc.assert(
      fc.property(anyCluster, anyPool, (cluster, some) => {
        const { known } = world({ ...cluster, pending: undefined });
        const pool = poolOf(some, 'p');
        const { offers } = placingGrounds(pool, known.all(NOW), []) ?? assert.fail();
        const request = placementRequest({ replicas: 99, vendor: some.vendor, countPerReplica: 1 });
        const { assignments } = place(request, offers, [], NOW);

        for (const { model, freeForGuests } of known.all(NOW)[0]?.terms?.lines ?? assert.fail()) {
          const here = assignments.filter((each) => each.model === model).length;
          assert.ok(here <= freeForGuests, `${here} of ${freeForGuests} ${model}`);
        }
      }),
      { numRuns: searches(38) },
    );
  });
});
