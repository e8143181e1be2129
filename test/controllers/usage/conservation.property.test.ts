import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Pod } from '../../../src/api/builtin.ts';
import { lastLook } from '../../../src/controllers/usage/look.ts';
import { searches, searchTimeout } from '../../support/searches.ts';
import { type ExporterServer, startExporterServer } from '../../support/exporter-server.ts';
import { gpuNode, minerPool } from '../../support/pool-objects.ts';
import { exporterPod, holder, usageCluster, usageWorld, type UsageWorld } from '../../support/usage-world.ts';
import { bookedSeconds } from './booked.ts';

const SECOND = 1000;
const clusters = ['local', 'a', 'b'] as const;
const pools = ['p', 'q'] as const;
/** A cluster is looked at again before what a silent watch may have missed is no longer believed. */
const MOST_BETWEEN_MS = 55 * SECOND;

type Cluster = (typeof clusters)[number];

/** The truth about one pod. */
interface Truth {
  readonly pod: Pod;
  readonly cluster: Cluster;
  readonly pool: string;
  readonly gpus: number;
  readonly since: number;
  end: number | undefined;
  /** Up to where the operator that runs has booked it, and up to where that is written. */
  booked: number;
  written: number;
  /** Nobody can know its end: it was deleted while no operator ran, while its cluster was taken out, or before a kill and after the last write. */
  isLost: boolean;
}

const anyCluster = fc.constantFrom(...clusters);
const anyPool = fc.constantFrom(...pools);
const order = fc.shuffledSubarray([...clusters], { minLength: 0 });
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.integer({ min: 1, max: 25 * SECOND }),
      order,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('make' as const),
      cluster: anyCluster,
      pool: anyPool,
      gpus: fc.integer({ min: 1, max: 8 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('remove' as const), index: fc.nat() }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('delete pool' as const), pool: anyPool, lingers: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('take out' as const), cluster: anyCluster }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('take in' as const), cluster: anyCluster }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('restart' as const),
      inGoodOrder: fc.boolean(),
      downMs: fc.integer({ min: 0, max: 30 * SECOND }),
      removedMeanwhile: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('measure' as const), works: fc.boolean() }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
type Doing = { readonly [K in Step['do']]: (step: Extract<Step, { do: K }>) => Promise<void> | void };

/** Clusters, pools and pods that come and go, an operator that comes and goes, and the truth about it. */
async function play(steps: readonly Step[], server: ExporterServer): Promise<void> {
  const world = usageWorld(['a', 'b']);
  const truths: Truth[] = [];
  const generations = new Map<string, number>();
  const lookedAt = new Map<string, number>();
  const present = new Set<string>();
  let made = 0;
  world.pools.remove(minerPool());
  world.local.pods.set(exporterPod());
  for (const cluster of clusters) {
    world.cluster(cluster).nodes.set(gpuNode('n'));
    takeIn(cluster);
  }
  server.show({});

  const now = (): number => world.clock.now();
  const poolUid = (pool: string): string => `${pool}-${generations.get(pool) ?? 0}`;
  const poolOf = (pool: string): ReturnType<typeof minerPool> =>
    minerPool({}, { name: pool, uid: poolUid(pool) });
  const alive = (): Truth[] => truths.filter(({ end }) => end === undefined);

  function takeIn(cluster: Cluster): void {
    const source = cluster === 'local' ? { source: 'Exporters', exporters: { port: server.port } } : {};
    world.clusters.set(usageCluster(cluster, source));
    present.add(cluster);
  }
  function remove(truth: Truth, isSeen = present.has(truth.cluster)): void {
    truth.end = now();
    truth.isLost = !isSeen;
    world.cluster(truth.cluster).pods.remove(truth.pod);
  }
  const writesOf = (cluster: string): number =>
    world.configMaps.writes.filter((write) => write.endsWith(`headframe-usage-${cluster}`)).length;

  async function noting(cluster: Cluster, work: () => Promise<unknown>): Promise<void> {
    const before = writesOf(cluster);
    await work();
    const isLooked = world.usage.books.all.get(cluster)?.seen?.at === now();
    const mine = truths.filter((truth) => truth.cluster === cluster && !truth.isLost);
    if (isLooked || !world.usage.books.all.has(cluster)) {
      lookedAt.set(cluster, now());
      for (const truth of mine) {
        // A cluster that is taken out books only what has ended.
        truth.booked = truth.end ?? (isLooked ? now() : truth.booked);
      }
    }
    if (writesOf(cluster) > before) {
      mine.forEach((truth) => (truth.written = truth.booked));
    }
  }
  async function look(cluster: Cluster): Promise<void> {
    await noting(cluster, () => world.look(cluster));
  }
  /** The operator stops in good order. */
  async function stop(): Promise<void> {
    await lastLook(world.usage);
    for (const truth of truths) {
      const isKnown = present.has(truth.cluster) || truth.cluster !== 'local' || truth.end !== undefined;
      if (isKnown && !truth.isLost) {
        truth.booked = truth.end ?? now();
        truth.written = truth.booked;
      }
    }
  }
  async function wait(ms: number, looked: readonly Cluster[]): Promise<void> {
    await world.clock.advance(ms);
    for (const cluster of looked) {
      await look(cluster);
    }
    for (const cluster of clusters) {
      if (now() - (lookedAt.get(cluster) ?? 0) > MOST_BETWEEN_MS - 25 * SECOND) {
        await look(cluster);
      }
    }
  }

  const doing: Doing = {
    wait: ({ ms, order: looked }) => wait(ms, looked),
    make({ cluster, pool, gpus }) {
      if (cluster !== 'local' && !present.has(cluster)) {
        return;
      }
      world.pools.set(poolOf(pool));
      const facts = { since: now(), gpus, poolUid: poolUid(pool), pool, member: cluster !== 'local' };
      const pod = holder(`${pool}-${made++}`, facts);
      world.cluster(cluster).pods.set(pod);
      const known = { end: undefined, booked: now(), written: now(), isLost: false };
      truths.push({ pod, cluster, pool: poolUid(pool), gpus, since: now(), ...known });
    },
    remove({ index }) {
      const those = alive();
      const one = those[index % Math.max(1, those.length)];
      if (one !== undefined) {
        remove(one);
      }
    },
    'delete pool'({ pool, lingers }) {
      // A finalizer waits for the pods in other clusters, and nothing for those beside the pool.
      alive()
        .filter((truth) => truth.pool === poolUid(pool) && (truth.cluster !== 'local' || !lingers))
        .forEach((truth) => remove(truth));
      world.pools.remove(poolOf(pool));
      generations.set(pool, (generations.get(pool) ?? 0) + 1);
    },
    'take out'({ cluster }) {
      if (present.has(cluster)) {
        // A finalizer waits for the pods in other clusters.
        alive()
          .filter((truth) => truth.cluster === cluster && cluster !== 'local')
          .forEach((truth) => remove(truth));
        present.delete(cluster);
        world.clusters.remove(usageCluster(cluster));
      }
    },
    async 'take in'({ cluster }) {
      // Of one that nobody has looked at yet nobody knows whether it is another's twin.
      takeIn(cluster);
      await look(cluster);
    },
    async restart({ inGoodOrder, downMs, removedMeanwhile }) {
      if (inGoodOrder) {
        await stop();
      }
      for (const truth of truths) {
        truth.isLost ||= truth.end !== undefined && truth.written < truth.end;
      }
      await world.clock.advance(downMs);
      if (removedMeanwhile) {
        alive()
          .filter((_, index) => index % 2 === 0)
          .forEach((truth) => remove(truth, false));
      }
      world.restart();
      lookedAt.clear();
      for (const cluster of clusters) {
        await look(cluster);
      }
    },
    measure({ works }) {
      if (works) {
        server.show({ 'p-0': [0.5], 'q-1': [1] });
      } else {
        server.answer((_request, response) => void response.writeHead(500).end());
      }
    },
  };

  for (const cluster of clusters) {
    await look(cluster);
  }
  for (const each of steps) {
    await (doing[each.do] as (step: Step) => Promise<void> | void)(each);
    check(world, truths, now());
  }
  for (const cluster of clusters) {
    await look(cluster);
    takeIn(cluster);
  }
  await world.clock.advance(30 * SECOND);
  for (const cluster of clusters) {
    await look(cluster);
  }
  await world.usage.books.flush();
  check(world, truths, now(), 'all');
}

/** Never more than is true; and in the end all of it, but for what nobody can know, of which what was written is there. */
function check(world: UsageWorld, truths: readonly Truth[], now: number, what?: 'all'): void {
  for (const cluster of clusters) {
    const mine = truths.filter((truth) => truth.cluster === cluster);
    const sum = (until: (truth: Truth) => number): number =>
      mine.reduce((total, truth) => total + (truth.gpus * (until(truth) - truth.since)) / SECOND, 0);
    const booked = bookedSeconds(world, cluster);
    const most = sum(({ end }) => end ?? now);
    assert.ok(booked <= most + 1e-6, `${cluster}: ${booked} of ${most} GPU-seconds`);
    if (what === 'all') {
      const least = sum(({ end, isLost, written }) => (isLost ? written : (end ?? now)));
      assert.ok(booked >= least - 1e-6, `${cluster}: ${booked} of at least ${least} GPU-seconds`);
    }
  }
}

describe('controllers/usage: properties', function () {
  this.timeout(searchTimeout(10_000));

  let server: ExporterServer;
  before(async () => {
    server = await startExporterServer();
  });
  after(() => server.close());

  it('conserves GPU-seconds: pools, clusters and operators come and go, and looks come in any order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 30, size: 'max' }), (steps) =>
        play(steps, server),
      ),
      { numRuns: searches(13) },
    );
  });
});
