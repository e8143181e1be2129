import assert from 'node:assert/strict';
import type { Node } from '../../../src/api/builtin.ts';
import { builtInCatalogue } from '../../../src/compute/gpu-catalogue.ts';
import { V100_HALF_TFLOPS } from '../../../src/compute/gpu-model.ts';
import { contributions, v100eHours } from '../../../src/compute/usage/ledger-totals.ts';
import type { Ledger } from '../../../src/compute/usage/ledger.ts';
import { shares, splitAmount } from '../../../src/compute/usage/reward-shares.ts';
import { gpuNode } from '../../support/pool-objects.ts';
import { holder, usageCluster, usageWorld, type UsageWorld } from '../../support/usage-world.ts';

const MINUTE = 60_000;
const V100 = 'Tesla-V100-SXM2-16GB';
const A100 = 'NVIDIA-A100-SXM4-80GB';

function node(product: string, gpus: number): Node {
  return gpuNode('n', { gpus, labels: { 'nvidia.com/gpu.product': product } });
}

/** Two universities, of which one has V100s and the other A100s, that give so many of them to one pool. */
function together(v100s: number, a100s: number): UsageWorld {
  const world = usageWorld(['uni-v', 'uni-a']);
  const since = world.clock.now();
  for (const [name, product, gpus] of [
    ['uni-v', V100, v100s],
    ['uni-a', A100, a100s],
  ] as const) {
    world.clusters.set(usageCluster(name));
    world.cluster(name).nodes.set(node(product, gpus));
    world.cluster(name).pods.set(holder(`pool-${name}`, { since, gpus, member: true }));
  }
  return world;
}

async function pass(world: UsageWorld, ms: number): Promise<void> {
  await world.clock.advance(ms);
  await world.look('uni-v');
  await world.look('uni-a');
}

async function value(world: UsageWorld, series: string): Promise<number> {
  const line = (await world.metrics()).find((each) => each.startsWith(`${series} `));
  assert.ok(line, `there is no ${series}`);
  return Number(line.slice(series.length + 1));
}

function ledger(world: UsageWorld): Ledger {
  return new Map(
    [...world.usage.books.all].flatMap(([cluster, { saved }]) => (saved ? [[cluster, saved] as const] : [])),
  );
}

describe('two clusters as one pool', () => {
  const halfTflops = (product: string): number =>
    builtInCatalogue.modelOfProduct(product)?.halfTflops ?? assert.fail(`${product} is not in the catalogue`);

  it('the pool’s PFLOPS are the sum of the table', async () => {
    const world = together(16, 8);
    await pass(world, 0);
    const table = (16 * halfTflops(V100) + 8 * halfTflops(A100)) / 1000;
    assert.equal(table, 4.496);
    const pool = 'namespace="default",pool="pool",state="busy"';
    assert.equal(await value(world, `headframe_pool_petaflops{${pool}}`), table);
    assert.equal(
      await value(world, `headframe_pool_v100_equivalents{${pool}}`),
      (table * 1000) / V100_HALF_TFLOPS,
    );
    assert.equal(await value(world, 'headframe_cluster_petaflops{cluster="uni-v",state="busy"}'), 2);
  });

  it('200 PFLOPS are 1600 V100', async () => {
    const world = together(1600, 1);
    await pass(world, 0);
    assert.equal(await value(world, 'headframe_cluster_petaflops{cluster="uni-v",state="busy"}'), 200);
    assert.equal(
      await value(world, 'headframe_cluster_v100_equivalents{cluster="uni-v",state="busy"}'),
      1600,
    );
  });

  it('rewards are split by V100-equivalent hours, and the parts add up', async () => {
    const world = together(16, 8);
    await pass(world, 0);
    for (let look = 0; look < 60; look++) {
      await pass(world, MINUTE);
    }
    // uni-a takes its GPUs back.
    world
      .cluster('uni-a')
      .pods.remove(holder('pool-uni-a', { since: world.clock.now() - 60 * MINUTE, gpus: 8, member: true }));
    for (let look = 0; look < 30; look++) {
      await pass(world, MINUTE);
    }
    await world.usage.books.flush();

    const given = contributions(ledger(world));
    const parts = shares(given);
    assert.deepEqual(
      parts.map(({ cluster, v100eHours: hours }) => [cluster, hours]),
      [
        ['uni-a', 8 * (halfTflops(A100) / V100_HALF_TFLOPS)],
        ['uni-v', 16 * 1.5],
      ],
    );
    assert.ok(Math.abs(parts.reduce((sum, { share }) => sum + share, 0) - 1) <= 1e-9);
    const total = 'headframe_cluster_contributed_v100_equivalent_hours_total';
    for (const { cluster, v100eHours: hours } of parts) {
      const counted = await value(world, `${total}{cluster="${cluster}"}`);
      assert.ok(Math.abs(counted - hours) <= 1e-9);
    }
    const amount = 1_000_000_000_000_000_007n;
    const split = splitAmount(amount, given);
    assert.equal(
      [...(split?.values() ?? [])].reduce((sum, part) => sum + part, 0n),
      amount,
    );
  });

  it('a cluster that is away gives nothing, and what it gave stays', async () => {
    const world = together(16, 8);
    await pass(world, 0);
    await pass(world, 2 * MINUTE);
    world.cluster('uni-a').view = { kind: 'away', reason: 'Unreachable', message: 'nothing listens there' };
    await pass(world, 2 * MINUTE);

    assert.equal(
      await value(world, 'headframe_pool_petaflops{namespace="default",pool="pool",state="busy"}'),
      2,
    );
    const given = contributions(ledger(world));
    assert.equal(v100eHours(given.get('uni-a') ?? 0n), (8 * 2.496 * 2) / 60);
  });
});
