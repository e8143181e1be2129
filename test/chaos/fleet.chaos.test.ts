import assert from 'node:assert/strict';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { clusterKind, h100Node } from '../support/test-cluster.ts';
import { internalError } from '../../src/devcluster/fault-proxy/fault.ts';
import { untilPasses } from '../support/until-passes.ts';
import { mixedFaults } from '../integration/support/fault-kinds.ts';
import { type ProxiedOperator, startProxiedOperator } from '../integration/support/operator-behind-proxy.ts';
import {
  type Census,
  type FleetOnTrial,
  fleetOnTrial,
  v100Node,
} from '../integration/support/fleet-on-trial.ts';

const KILLS = Number(process.env['HEADFRAME_CHAOS_KILLS'] ?? 30);
const seed = Number(process.env['HEADFRAME_CHAOS_SEED'] ?? Date.now() % 1_000_000);
/** On a machine that is slow, more of them, until replicas have been in two clusters: else there was nothing to do twice. */
const MOST_KILLS = 4 * KILLS;
/** From dead on arrival to the middle of its work, in milliseconds: an operator needs half a second until it knows three clusters. */
const LIFE_MS = { least: 600, most: clusterKind === 'real' ? 4000 : 2500 };
const MOST_REPLICAS = 6;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe(`${KILLS} kills of the operator of three clusters, on ${clusterKind} API servers (HEADFRAME_CHAOS_SEED=${seed})`, function () {
  this.timeout(120_000 + MOST_KILLS * 6000);
  const clusters = ['local', 'campus', 'rented'] as const;
  let fleet: FleetOnTrial;
  let operator: ProxiedOperator;
  let census: Census;

  before(async () => {
    fleet = await fleetOnTrial(
      { local: [v100Node('local-a', 2)], campus: [v100Node('campus-a', 5)], rented: [h100Node('rented-a')] },
      { isRunning: false },
    );
    await fleet.applyCluster('local', price('0.60'));
    await fleet.join('campus', price('0.40'));
    await fleet.join('rented', price('0.50'));
    census = await fleet.census('p');
    operator = await startProxiedOperator(fleet.home.connection);
  });
  after(async () => {
    await operator.stop();
    await census.stop();
    await fleet.stop();
  });

  function price(perV100EquivalentHour: string): object {
    return { pricing: { perV100EquivalentHour, models: [] } };
  }

  function dice(stream: number): (below: number) => number {
    const generator = xoroshiro128plus(seed + stream);
    return (below) => Math.floor(uniformFloat64(generator) * below);
  }

  async function applyPool(replicas: number, image: number, below: (limit: number) => number): Promise<void> {
    const policy = ['Cheapest', 'Spread', 'Pack'][below(3)];
    const moves = { minSavingPercent: 5, minRunSeconds: 0, maxPerHour: 256 };
    const env = [{ name: 'IMAGE', value: String(image) }];
    const containers = [{ name: 'miner', image: 'headframe/miner', env }];
    // Nobody is away for so long: whatever is doubled is doubled by mistake.
    const placement = { policy, moves, clusterLostGraceSeconds: 3600 };
    await fleet.applyPool('p', { replicas, placement, template: { spec: { containers } } });
  }

  /** Scales, updates, changes prices, so that replicas move. Leaves the pool as it says. */
  async function churn(below: (limit: number) => number, over: () => boolean): Promise<number> {
    while (!over()) {
      if (below(3) === 0) {
        const name = clusters[below(3)] ?? 'local';
        await fleet.applyCluster(name, price(`0.${3 + below(6)}0`));
      } else {
        await applyPool(below(1 + MOST_REPLICAS), below(3), below);
      }
      await sleep(below(900));
    }
    const replicas = 1 + below(MOST_REPLICAS);
    await applyPool(replicas, below(3), below);
    return replicas;
  }

  /** Every request to a member may fail, watches are cut, and now and then a member is away from before a kill until after it. */
  async function makeTrouble(kill: number, below: (limit: number) => number): Promise<void> {
    for (const { proxy } of fleet.members.values()) {
      const fate = below(6);
      if (fate === 0) {
        await proxy.refuse();
      } else {
        await proxy.heal();
        proxy.inject(mixedFaults(), seed + kill);
      }
      if (fate === 1) {
        proxy.cut();
      }
    }
  }

  it('makes no pod anywhere before it is recorded where it belongs', async () => {
    const isRecord = { verbs: ['patch'], resources: ['minerpools'], subresource: 'status' } as const;
    operator.proxy.inject([{ name: 'unwritten', match: isRecord, fault: internalError('before') }]);
    await applyPool(3, 0, dice(2));
    await untilPasses(
      () => assert.ok(operator.proxy.record.some(({ rule }) => rule === 'unwritten')),
      20_000,
    );
    await operator.restart();
    const { length } = operator.proxy.record;
    await untilPasses(() => {
      assert.ok(operator.proxy.record.slice(length).some(({ rule }) => rule === 'unwritten'));
    }, 20_000);
    await sleep(500);
    assert.deepEqual(census.made(), []);

    await operator.proxy.heal();
    await untilPasses(
      () =>
        assert.equal(
          census.made().reduce((sum, made) => sum + made, 0),
          3,
        ),
      20_000,
    );
  });

  it('ends with exactly the wanted pods, and never ran an ordinal twice, in whatever clusters', async () => {
    const below = dice(0);
    let over = false;
    const churning = churn(dice(1), () => over);
    try {
      for (let kill = 0; kill < KILLS || (census.made().length < 2 && kill < MOST_KILLS); kill++) {
        await sleep(LIFE_MS.least + below(LIFE_MS.most - LIFE_MS.least));
        await makeTrouble(kill, below);
        await sleep(below(200));
        await operator.restart();
      }
    } finally {
      over = true;
    }
    const replicas = await churning;
    await Promise.all([operator, ...fleet.members.values()].map(({ proxy }) => proxy.heal()));

    await untilPasses(async () => {
      const { status, metadata } = await fleet.pool('p');
      assert.equal(status?.observedGeneration, metadata.generation);
      const pods = (await Promise.all(clusters.map((cluster) => fleet.pods(cluster, 'p')))).flat();
      assert.deepEqual(
        pods.map((pod) => pod.metadata.name).sort(),
        Array.from({ length: replicas }, (_, ordinal) => `p-${ordinal}`),
        JSON.stringify(status),
      );
      assert.equal(status?.updatedReplicas, replicas);
      assert.equal(status.availableReplicas, replicas);
      assert.deepEqual(status.placement?.leftBehind, []);
      assert.equal(
        status.placement.places.reduce((sum, place) => sum + place.replicas, 0),
        replicas,
      );
    }, 60_000);
    assert.deepEqual(census.doubled(), []);
    const most = census.most();
    const made = census.made();
    assert.ok(made.length > 1, `there were pods in ${made.length} clusters: replicas have to move`);
    assert.ok(most > 0 && most <= MOST_REPLICAS + 1, `${most} at once`);
  });
});
