import assert from 'node:assert/strict';
import { raceNodes, scaled } from '../../bench/generator/scale.ts';
import { benchNodes, KWOK_ANNOTATION, nodesFor } from '../../bench/generator/nodes.ts';
import { poolManifest, rawPodManifest, replicaSetManifest } from '../../bench/generator/owners.ts';
import { fleetOwners } from '../../bench/runner/fleet.ts';
import { scenarios } from '../../bench/scenarios/all.ts';
import { burst, many } from '../../bench/scenarios/races.ts';
import { fairness } from '../../bench/scenarios/fairness.ts';
import { memory, reaction } from '../../bench/scenarios/fleet.ts';
import { nodeGpus } from '../../src/compute/node-gpus.ts';
import type { Node } from '../../src/api/builtin.ts';

describe('bench/generator', () => {
  describe('scaled', () => {
    it('leaves scenarios as they are written at scale 1', () => {
      for (const scenario of scenarios) {
        assert.deepEqual(scaled(scenario, { scale: 1 }), scenario);
      }
    });

    it('shrinks a single owner in replicas, and many owners in number', () => {
      const one = scaled(burst, { scale: 0.1 });
      const hundred = scaled(many, { scale: 0.1 });
      assert.deepEqual(one.kind === 'race' && one.fleet, { owners: 1, replicas: 100 });
      assert.deepEqual(hundred.kind === 'race' && hundred.fleet, { owners: 10, replicas: 10 });
    });

    it('shrinks fleets, samples and small pools, never to nothing', () => {
      const tiny = { scale: 0.001 };
      const small = scaled(memory, tiny);
      const changes = scaled(reaction, tiny);
      const fair = scaled(fairness, tiny);
      assert.deepEqual(small.kind === 'memory' && small.fleet, { owners: 1, replicas: 10 });
      assert.equal(changes.kind === 'reaction' && changes.samples, 5);
      assert.deepEqual(fair.kind === 'fairness' && [fair.largeReplicas, fair.smallPools], [5, 2]);
      assert.equal(raceNodes(0.001), 2);
    });

    it('runs races as often as it is told', () => {
      const twice = scaled(burst, { scale: 1, rounds: 2 });
      assert.equal(twice.kind === 'race' && twice.rounds, 2);
    });
  });

  it('makes nodes whose GPUs the operator understands and that KWOK manages', () => {
    const nodes = benchNodes(10, 3);
    assert.deepEqual(
      nodes.map(({ metadata }) => metadata.name),
      ['gpu-10', 'gpu-11', 'gpu-12'],
    );
    const gpus = nodeGpus(nodes[0] as unknown as Node);
    assert.deepEqual([gpus?.allocatable, gpus?.unit.model?.id], [8, 'h100-sxm5-80gb']);
    assert.deepEqual(nodes[0]?.metadata.annotations, KWOK_ANNOTATION);
  });

  it('makes room for every pod', () => {
    for (const pods of [1, 8, 1000, 10_000]) {
      assert.ok(nodesFor(pods) * 8 >= pods * 1.05, `${pods} pods`);
    }
  });

  it('lets all contenders make the same pods', () => {
    const owner = { namespace: 'lab', name: 'm', replicas: 3 };
    const pod = rawPodManifest(owner, 2);
    const { template } = replicaSetManifest(owner).spec;

    assert.equal(pod.metadata.name, 'm-2');
    assert.equal(pod.metadata.ownerReferences, undefined);
    assert.deepEqual(template.spec, pod.spec);
    assert.deepEqual(pod.spec.containers[0]?.resources?.limits, { 'nvidia.com/gpu': '1' });
    assert.equal(poolManifest(owner).spec.gpus.countPerReplica, 1);
  });

  it('spreads a fleet over namespaces, each pool once', () => {
    const owners = fleetOwners({ owners: 1000, replicas: 10 });
    const names = new Set(owners.map(({ namespace, name }) => `${namespace}/${name}`));
    const watched = owners.filter(({ namespace }) => namespace === 'bench-watched');
    assert.deepEqual([names.size, watched.length], [1000, 200]);
  });
});
