import assert from 'node:assert/strict';
import type { Node, Pod } from '../../../src/api/builtin.ts';
import type { ComputeClusterSpec } from '../../../src/api/compute-cluster.ts';
import type { ClusterOffer } from '../../../src/compute/placement/offer.ts';
import { place } from '../../../src/compute/placement/place.ts';
import { type NodeNeeds, demandFor, offerOf } from '../../../src/controllers/fleet/offers.ts';
import { waitingPod } from '../../support/guest-objects.ts';
import { AWAY, type HandFleet, computeCluster, handFleet } from '../../support/hand-fleet.ts';
import { placementRequest } from '../../support/placement-offers.ts';
import { NOW, gpuNode } from '../../support/pool-objects.ts';
import { memberPod } from '../../support/seen-fleet.ts';

const any: NodeNeeds = { vendor: 'NVIDIA', requirements: [] };
const H100 = 'NVIDIA-H100-80GB-HBM3';

function world(spec: Partial<ComputeClusterSpec> = {}, pods: readonly Pod[] = []): HandFleet {
  return handFleet({
    a: {
      cluster: computeCluster('a', spec, { labels: { region: 'eu' } }),
      nodes: [
        gpuNode('big', { labels: { 'nvidia.com/gpu.product': H100, zone: 'z1' } }),
        gpuNode('small', { gpus: 2, labels: { 'nvidia.com/gpu.product': H100, zone: 'z2' } }),
        gpuNode('old', { gpus: 4, labels: { 'nvidia.com/gpu.product': 'Tesla-V100-SXM2-32GB', zone: 'z2' } }),
        gpuNode('mute', { labels: {} }),
        gpuNode('odd', { gpus: 1, labels: { 'nvidia.com/gpu.product': 'NVIDIA-R100' } }),
      ],
      pods,
    },
  });
}

function offer({ known }: HandFleet, needs = any): ClusterOffer {
  const [cluster] = known.all(NOW);
  return offerOf(cluster ?? assert.fail(), needs);
}

describe('controllers/fleet/offers', () => {
  it('are the free GPUs of each model by node, with what a placement compares', () => {
    const pricing = { perV100EquivalentHour: '0.40', models: [] };
    const pods = [memberPod('a', 0, { node: 'big', gpus: 3 })];

    assert.deepEqual(offer(world({ pricing }, pods)), {
      name: 'a',
      labels: { region: 'eu' },
      reachable: true,
      freeForGuests: 20,
      lines: [
        {
          model: 'h100-sxm5-80gb',
          product: H100,
          vendor: 'NVIDIA',
          memoryMiB: 81_559,
          v100EquivalentsPerGpu: 7.9152,
          microUsdPerGpuHour: 3_166_080,
          freeByNode: [5, 2],
          freeForGuests: 7,
        },
        {
          model: 'v100-sxm2-32gb',
          product: 'Tesla-V100-SXM2-32GB',
          vendor: 'NVIDIA',
          memoryMiB: 32_768,
          v100EquivalentsPerGpu: 1,
          microUsdPerGpuHour: 400_000,
          freeByNode: [4],
          freeForGuests: 4,
        },
        {
          model: 'NVIDIA-R100',
          product: 'NVIDIA-R100',
          vendor: 'NVIDIA',
          v100EquivalentsPerGpu: 0,
          freeByNode: [1],
          freeForGuests: 1,
        },
      ],
    });
  });

  it('leave out nodes that the pods may not go to', () => {
    const requirements = [{ key: 'zone', operator: 'In' as const, values: ['z2'] }];

    assert.deepEqual(
      offer(world(), { vendor: 'NVIDIA', requirements }).lines.map(({ model, freeByNode }) => [
        model,
        freeByNode,
      ]),
      [
        ['h100-sxm5-80gb', [2]],
        ['v100-sxm2-32gb', [4]],
      ],
    );
    assert.deepEqual(offer(world(), { vendor: 'AMD', requirements: [] }).lines, []);
  });

  it('leave free what is reserved, and what pods of the owner wait for', () => {
    assert.equal(offer(world({ reserve: 3 })).freeForGuests, 20);
    assert.equal(offer(world({ reserve: 3 }, [waitingPod('w', { gpus: 2 })])).freeForGuests, 18);
    assert.equal(
      offer(world({ reserve: 3 }, [waitingPod('w', { resource: 'amd.com/gpu' })])).freeForGuests,
      20,
    );
  });

  it('leave as much of each model as the status of the ComputeCluster says, whatever nodes the pods may go to', () => {
    const fleet = world({ reserve: 12 });
    const [cluster] = fleet.known.all(NOW);
    const said = new Map(cluster?.terms?.lines.map(({ model, freeForGuests }) => [model, freeForGuests]));
    const requirements = [{ key: 'zone', operator: 'In' as const, values: ['z2'] }];

    for (const needs of [any, { ...any, requirements }]) {
      for (const { model, freeForGuests } of offer(fleet, needs).lines) {
        assert.equal(freeForGuests, said.get(model), model);
      }
    }
  });

  describe('of the pools that are placed, together and one by one', () => {
    const zoned = (zone: string): NodeNeeds => ({
      vendor: 'NVIDIA',
      requirements: [{ key: 'zone', operator: 'In', values: [zone] }],
    });
    const nvidia = (product: string, zone: string): Node =>
      gpuNode(zone, { labels: { 'nvidia.com/gpu.product': product, zone } });
    const amd: Node = gpuNode('amd', {
      resource: 'amd.com/gpu',
      labels: { 'amd.com/gpu.product-name': 'AMD_Instinct_MI300X_OAM' },
    });
    const mixed = [nvidia(H100, 'z1'), nvidia('Tesla-V100-SXM2-32GB', 'z2')];
    const placedOn = (nodes: readonly Node[], needs: NodeNeeds): string[] => {
      const { known } = handFleet({ a: { cluster: computeCluster('a', { reserve: 8 }), nodes } });
      const offers = known.all(NOW).map((cluster) => offerOf(cluster, needs));
      const request = placementRequest({ replicas: 99, vendor: needs.vendor });
      const counts = new Map<string, number>();
      for (const { model } of place(request, offers, [], NOW).assignments) {
        counts.set(model, (counts.get(model) ?? 0) + 1);
      }
      return [...counts].map(([model, count]) => `${count} ${model}`).sort();
    };
    for (const { name, nodes, needs, expect } of [
      { name: 'any GPU will do', nodes: mixed, needs: any, expect: ['4 h100-sxm5-80gb', '4 v100-sxm2-32gb'] },
      { name: 'nodes of one zone', nodes: mixed, needs: zoned('z1'), expect: ['4 h100-sxm5-80gb'] },
      {
        name: 'NVIDIA beside AMD',
        nodes: [nvidia(H100, 'z1'), amd],
        needs: any,
        expect: ['4 h100-sxm5-80gb'],
      },
      {
        name: 'AMD beside NVIDIA',
        nodes: [nvidia(H100, 'z1'), amd],
        needs: { ...any, vendor: 'AMD' as const },
        expect: ['4 mi300x'],
      },
    ]) {
      it(name, () => {
        assert.deepEqual(placedOn(nodes, needs), expect);
      });
    }
  });

  it('say why guests may not come', () => {
    const pods = [waitingPod('owners', { node: 'big', message: null, phase: 'Running' })];

    assert.equal(
      offer(world({ onlyWhenIdle: true }, pods)).closed,
      'closed to guests (1 GPUs are held by pods that are not Headframe’s, and spec.onlyWhenIdle is true)',
    );
    assert.equal('closed' in offer(world()), false);
  });

  it('are nothing from a cluster that cannot be asked', () => {
    const fleet = world();
    (fleet.clusters['a'] ?? assert.fail()).view = AWAY;

    assert.deepEqual(offer(fleet), {
      name: 'a',
      labels: { region: 'eu' },
      reachable: false,
      freeForGuests: 0,
      lines: [],
    });
  });

  it('are the very same lines as long as nothing changes', () => {
    const fleet = world();
    const { lines } = offer(fleet);

    assert.equal(offer(fleet).lines, lines);
    assert.notEqual(offer(fleet, { ...any, vendor: 'AMD' }).lines, lines);
    fleet.clusters['a']?.pods.set(memberPod('a', 0, { node: 'big' }));
    assert.notEqual(offer(fleet).lines, lines);
  });

  it('are asked for by the model alone: the pool has chosen it', () => {
    assert.deepEqual(demandFor('AMD', 'mi300x'), {
      vendor: 'AMD',
      countPerReplica: 1,
      models: ['mi300x'],
      minMemoryMiB: 0,
    });
  });
});
