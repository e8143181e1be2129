import assert from 'node:assert/strict';
import type { ComputeClusterSpec } from '../../../src/api/compute-cluster.ts';
import { builtInCatalogue } from '../../../src/compute/gpu-catalogue.ts';
import { type GuestTerms, freeTerms, guestTermsOf } from '../../../src/controllers/fleet/guest-terms.ts';
import { AWAY, computeCluster, handFleet } from '../../support/hand-fleet.ts';
import { NOW, gpuNode } from '../../support/pool-objects.ts';

function guestTerms(spec: Partial<ComputeClusterSpec>, isAway = false): GuestTerms {
  const cluster = computeCluster('a', spec);
  const { known, clusters } = handFleet({ a: { cluster, nodes: [gpuNode('n1'), gpuNode('n2')] } });
  if (isAway) {
    (clusters['a'] ?? assert.fail()).view = AWAY;
  }
  return guestTermsOf(known.all(NOW)[0] ?? assert.fail(), NOW);
}

describe('controllers/fleet/guest-terms', () => {
  it('ask nothing of a pod where there is no ComputeCluster', () => {
    assert.deepEqual(freeTerms, {
      cluster: 'local',
      catalogue: builtInCatalogue,
      requirements: [],
      excludedNodes: [],
    });
  });

  const rows: {
    name: string;
    spec: Partial<ComputeClusterSpec>;
    expect: Partial<GuestTerms>;
    isAway?: boolean;
  }[] = [
    { name: 'a ComputeCluster without words', spec: {}, expect: {} },
    {
      name: 'labels of nodes that take part',
      spec: { nodeSelector: { pool: 'shared', zone: 'z' } },
      expect: {
        requirements: [
          { key: 'pool', operator: 'In', values: ['shared'] },
          { key: 'zone', operator: 'In', values: ['z'] },
        ],
      },
    },
    {
      name: 'the inventory of Akash',
      spec: { profile: 'Akash' },
      expect: { requirements: [{ key: 'akash.network', operator: 'In', values: ['true'] }] },
    },
    {
      name: 'excluded nodes that have GPUs, sorted',
      spec: { excludedNodes: ['n2', 'no-gpus', 'n1'] },
      expect: { excludedNodes: ['n1', 'n2'] },
    },
    {
      name: 'none while nobody can see its nodes: nothing is made there',
      spec: { excludedNodes: ['n2'] },
      expect: {},
      isAway: true,
    },
    {
      name: 'the priority class of guests',
      spec: { guestPriorityClassName: 'headframe-guest' },
      expect: { priorityClassName: 'headframe-guest' },
    },
  ];
  for (const { name, spec, expect, isAway } of rows) {
    it(`say ${name}`, () => {
      const { catalogue: _catalogue, ...terms } = guestTerms(spec, isAway);
      assert.deepEqual(terms, { cluster: 'a', requirements: [], excludedNodes: [], ...expect });
    });
  }

  it('read models as the cluster’s own catalogue does', () => {
    const gpuModels = [{ product: 'mine', id: 'gaudi3', halfTflops: '1835', memoryMiB: 131_072 }];

    assert.equal(guestTerms({ gpuModels }).catalogue.modelOfProduct('mine')?.id, 'gaudi3');
  });
});
