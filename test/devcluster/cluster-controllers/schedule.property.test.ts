import assert from 'node:assert/strict';
import fc from 'fast-check';
import { amountsOf } from '../../../src/devcluster/cluster-controllers/scheduler/resources.ts';
import {
  clusterState,
  podDemand,
  type ClusterState,
} from '../../../src/devcluster/cluster-controllers/scheduler/cluster-state.ts';
import { placementOf, rejectionOf } from '../../../src/devcluster/cluster-controllers/scheduler/filters.ts';
import { schedule } from '../../../src/devcluster/cluster-controllers/scheduler/schedule.ts';
import { nodeObject, podObject } from './scheduler-objects.ts';

/** What an arbitrary makes. */
type Generated<A> = A extends fc.Arbitrary<infer Value> ? Value : never;

const gpu = 'nvidia.com/gpu';

const node = fc.record({
  gpus: fc.integer({ min: 0, max: 4 }),
  zone: fc.constantFrom('a', 'b'),
  reserved: fc.boolean(),
});
const arrival = fc.record({
  kind: fc.constant('arrive' as const),
  gpus: fc.integer({ min: 0, max: 3 }),
  cpu: fc.integer({ min: 0, max: 3000 }),
  zone: fc.option(fc.constantFrom('a', 'b')),
  tolerant: fc.boolean(),
  apart: fc.boolean(),
});
const departure = fc.record({ kind: fc.constant('leave' as const), index: fc.nat() });

type Step = Generated<typeof arrival> | Generated<typeof departure>;

describe('scheduling', () => {
  it('binds only where every filter agrees, and never gives away what a node does not have', () => {
    fc.assert(
      fc.property(
        fc.array(node, { minLength: 1, maxLength: 5 }),
        fc.array(fc.oneof({ weight: 4, arbitrary: arrival }, departure), { maxLength: 40 }),
        (nodes, steps) => {
          const state = clusterOf(nodes);
          const bound: string[] = [];
          steps.forEach((step, index) => {
            play(state, bound, { step, name: `pod-${index}` });
            assertNotOvercommitted(state);
          });
        },
      ),
    );
  });

  it('gives the same answer to the same question', () => {
    fc.assert(
      fc.property(
        fc.array(node, { minLength: 1, maxLength: 5 }),
        fc.array(arrival, { maxLength: 20 }),
        (nodes, steps) => {
          const places = [0, 1].map(() => {
            const state = clusterOf(nodes);
            steps.forEach((step, index) => play(state, [], { step, name: `pod-${index}` }));
            return steps.map((_step, index) => state.nodeOf(`pod-${index}`));
          });
          assert.deepEqual(places[0], places[1]);
        },
      ),
    );
  });

  it('counts a node empty again when all pods have left', () => {
    fc.assert(
      fc.property(fc.array(arrival, { maxLength: 20 }), (steps) => {
        const state = clusterOf([{ gpus: 4, zone: 'a', reserved: false }]);
        steps.forEach((step, index) => play(state, [], { step, name: `pod-${index}` }));
        steps.forEach((_step, index) => state.remove(`pod-${index}`));
        const [usage] = state.nodes;
        assert.equal(usage?.pods.size, 0);
        assert.ok([...usage.requested.values()].every((amount) => amount === 0));
        assert.equal(state.repelling.size, 0);
      }),
    );
  });
});

function clusterOf(nodes: readonly Generated<typeof node>[]): ClusterState {
  const state = clusterState();
  nodes.forEach(({ gpus, zone, reserved }, index) =>
    state.setNode(
      nodeObject(`node-${index}`, {
        allocatable: { [gpu]: String(gpus) },
        labels: { zone },
        taints: reserved ? [{ key: 'reserved', effect: 'NoSchedule' }] : [],
      }),
    ),
  );
  return state;
}

function play(state: ClusterState, bound: string[], { step, name }: { step: Step; name: string }): void {
  if (step.kind !== 'arrive') {
    const [gone] = bound.splice(step.index % Math.max(1, bound.length), 1);
    state.remove(gone ?? '');
    return;
  }
  const demand = podDemand(podOf(name, step));
  const placement = placementOf(demand, state, () => ({}));
  const verdict = schedule(demand, state, () => ({}));
  if ('failure' in verdict) {
    assert.ok(state.nodes.every((usage) => rejectionOf(placement, usage) !== undefined));
    assert.match(verdict.failure, new RegExp(`^0/${state.nodes.length} nodes are available: `));
    return;
  }
  const usage = state.nodes.find((candidate) => candidate.name === verdict.node);
  assert.ok(usage !== undefined && rejectionOf(placement, usage) === undefined);
  state.place(demand, verdict.node);
  bound.push(name);
}

function podOf(
  name: string,
  { gpus, cpu, zone, tolerant, apart }: Generated<typeof arrival>,
): ReturnType<typeof podObject> {
  const term = { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { apart: 'true' } } };
  return podObject(name, {
    requests: { [gpu]: String(gpus), cpu: `${cpu}m` },
    metadata: { labels: { apart: String(apart) } },
    spec: {
      nodeSelector: zone === null ? {} : { zone },
      tolerations: tolerant ? [{ key: 'reserved', operator: 'Exists' }] : [],
      ...(apart && {
        affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } },
      }),
    },
  });
}

/** Adds up from the pods themselves, not from what the state has added up. */
function assertNotOvercommitted(state: ClusterState): void {
  for (const { node: object, pods } of state.nodes) {
    for (const [name, capacity] of amountsOf(object.status?.allocatable)) {
      const used = [...pods.values()].reduce((sum, { requests }) => sum + (requests.get(name) ?? 0), 0);
      assert.ok(used <= capacity, `${used} of ${capacity} ${name}`);
    }
    const apart = [...pods.values()].filter(({ labels }) => labels['apart'] === 'true');
    assert.ok(apart.length <= 1);
  }
}
