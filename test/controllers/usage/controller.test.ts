import assert from 'node:assert/strict';
import fc from 'fast-check';
import { after } from '../../../src/controller/controller.ts';
import { LEDGER_OF, SET_ASIDE, ledgerName } from '../../../src/controllers/usage/ledger-store.ts';
import { ApiError } from '../../../src/kube/errors.ts';
import { startExporterServer, type ExporterServer } from '../../support/exporter-server.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { gpuNode, minerPool } from '../../support/pool-objects.ts';
import { exporterPod, holder, usageCluster, usageWorld, type UsageWorld } from '../../support/usage-world.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const LEDGER = 'headframe-usage-local';
const NONE = 'none/none/none';

/** One node of eight H100s, and a pod with some of them for so long. */
function lab(gpus = 2, heldMs = 0): UsageWorld {
  const world = usageWorld();
  world.local.nodes.set(gpuNode('n'));
  world.local.pods.set(holder('pool-0', { since: world.clock.now() - heldMs, gpus }));
  return world;
}

async function pass(world: UsageWorld, ms: number): Promise<void> {
  await world.clock.advance(ms);
  await world.look();
}

/** `busy/idle/unmeasured` seconds of the pool, as /metrics shows them. */
async function shown(world: UsageWorld): Promise<string> {
  const lines = await world.metrics();
  return ['busy', 'idle', 'unmeasured']
    .map((state) => {
      const labels = `namespace="default",pool="pool",cluster="local",state="${state}"`;
      const start = `headframe_pool_gpu_seconds_total{${labels}} `;
      return lines.find((line) => line.startsWith(start))?.slice(start.length) ?? 'none';
    })
    .join('/');
}

function said(world: UsageWorld, cluster = 'local'): string[] {
  const statements = world.usage.clusters.of(cluster)?.statements ?? [];
  return statements.map(({ type, status, reason }) => `${type} ${status} ${reason}`);
}

describe('controllers/usage', () => {
  describe('without a source', () => {
    it('books the time from the binding on, as unmeasured, and shows it once it is saved', async () => {
      const world = lab(2, 10 * SECOND);
      assert.deepEqual(await world.look(), after(30 * SECOND));
      assert.equal(await shown(world), '0/0/20');
      assert.deepEqual(said(world), ['UsageRecorded True LedgerSaved']);

      await pass(world, 30 * SECOND);
      assert.equal(await shown(world), '0/0/20', 'what is not saved is not shown: a kill would take it back');
      await pass(world, 30 * SECOND);
      assert.equal(await shown(world), '0/0/140');
      assert.deepEqual(world.configMaps.writes, [`create ${LEDGER}`, `replace ${LEDGER}`]);
      assert.equal(world.configMaps.all.get(LEDGER)?.metadata.annotations?.[LEDGER_OF], 'local');
    });

    it('looks no sooner than an interval after the last look, unless the spec has changed', async () => {
      const world = lab();
      await world.look();
      await world.clock.advance(10 * SECOND);
      assert.deepEqual(await world.look(), after(20 * SECOND));
      const changed = usageCluster('local', { intervalSeconds: 5 });
      world.clusters.set({ ...changed, metadata: { ...changed.metadata, generation: 2 } });
      assert.deepEqual(await world.look(), after(5 * SECOND));
    });

    it('writes nothing while no pool holds anything', async () => {
      const world = usageWorld();
      world.local.nodes.set(gpuNode('n'));
      for (let minute = 0; minute < 5; minute++) {
        await pass(world, MINUTE);
      }
      assert.deepEqual(world.configMaps.writes, []);
    });

    it('books a pod that ends, or is deleted, between two looks up to its end', async () => {
      const world = lab(2);
      await world.look();
      const start = world.clock.now();
      await world.clock.advance(10 * SECOND);
      world.local.pods.remove(holder('pool-0', { since: start, gpus: 2 }));
      world.local.pods.set(holder('pool-1', { since: start, endedAt: start + 15 * SECOND }));
      await world.clock.advance(50 * SECOND);
      await world.look();
      assert.equal(await shown(world), '0/0/35');
    });

    it('keeps the time of a pool that is gone for its cluster, and shows no series of it', async () => {
      const world = lab(1, MINUTE);
      await world.look();
      world.pools.remove(minerPool());
      world.local.pods.remove(holder('pool-0', { since: world.clock.now() - MINUTE }));
      await pass(world, 2 * MINUTE);

      const lines = await world.metrics();
      assert.deepEqual(
        lines.filter((line) => line.includes('pool="pool"')),
        [],
      );
      assert.ok(
        lines.includes(
          'headframe_cluster_gpu_seconds_total{cluster="local",model="h100-sxm5-80gb",state="unmeasured"} 60',
        ),
        lines.join('\n'),
      );
    });
  });

  describe('with exporters', () => {
    let server: ExporterServer;
    beforeEach(async () => {
      server = await startExporterServer();
    });
    afterEach(() => server.close());

    function measured(gpus = 2): UsageWorld {
      const world = lab(gpus);
      world.clusters.set(usageCluster('local', { source: 'Exporters', exporters: { port: server.port } }));
      world.local.pods.set(exporterPod());
      return world;
    }

    it('splits the time by utilisation', async () => {
      const world = measured();
      server.show({ 'pool-0': [0.75, 0.25] });
      await world.look();
      await pass(world, 30 * SECOND);
      await pass(world, 30 * SECOND);
      await world.usage.books.flush();

      assert.equal(await shown(world), '60/60/0');
      const lines = await world.metrics();
      for (const line of [
        'headframe_pool_gpus{namespace="default",pool="pool",state="busy"} 1',
        'headframe_pool_gpus{namespace="default",pool="pool",state="idle"} 1',
        'headframe_pool_gpus{namespace="default",pool="pool",state="unmeasured"} 0',
        'headframe_pool_utilization_ratio{namespace="default",pool="pool"} 0.5',
        'headframe_cluster_usage_reads_total{cluster="local",result="ok"} 3',
        'headframe_cluster_usage_reads_total{cluster="local",result="Timeout"} 0',
      ]) {
        assert.ok(lines.includes(line), line);
      }
      assert.deepEqual(said(world), ['UsageKnown True UsageMeasured', 'UsageRecorded True LedgerSaved']);
    });

    it('counts what cannot be read as unmeasured, and says so', async () => {
      const world = measured();
      server.show({ 'pool-0': [1, 1] });
      await world.look();
      await pass(world, 30 * SECOND);
      server.answer((_request, response) => void response.writeHead(500).end());
      await pass(world, 30 * SECOND);
      await world.usage.books.flush();

      assert.equal(await shown(world), '60/0/60');
      assert.deepEqual(said(world), [
        'UsageKnown False UsageSourceFailing',
        'UsageRecorded True LedgerSaved',
      ]);
      const lines = await world.metrics();
      assert.ok(lines.includes('headframe_cluster_usage_reads_total{cluster="local",result="Status"} 1'));
      assert.ok(!lines.some((line) => line.startsWith('headframe_pool_utilization_ratio')));
    });

    it('says that there is no exporter, and that some GPUs are not measured', async () => {
      const world = measured();
      world.local.pods.remove(exporterPod());
      await world.look();
      assert.deepEqual(said(world)[0], 'UsageKnown False NoExporters');

      world.local.pods.set(exporterPod());
      server.show({ 'pool-0': [1] });
      for (let minute = 0; minute < 3; minute++) {
        await pass(world, MINUTE);
      }
      assert.deepEqual(said(world)[0], 'UsageKnown False GPUsUnmeasured');
    });

    it('goes on after a kill without gap or double count, and what it shows never goes down', async () => {
      const world = measured();
      server.show({ 'pool-0': [1, 0.5] });
      await world.look();
      for (let look = 0; look < 4; look++) {
        await pass(world, 30 * SECOND);
      }
      assert.equal(await shown(world), '135/45/0', 'the last write was after 90 s');

      world.restart();
      assert.equal(await shown(world), NONE, 'nothing is shown that is not known: a counter would go down');
      await world.clock.advance(45 * SECOND);
      await world.look();
      assert.equal(await shown(world), '135/45/150', '75 s from the last write to now: nobody measured them');
      await pass(world, 30 * SECOND);
      await pass(world, 30 * SECOND);
      assert.equal(await shown(world), '225/75/150');
      assert.deepEqual([...world.configMaps.all.keys()], [LEDGER]);
    });

    it('says that a pool is idle when its window is full, and busy at the first sign of work', async () => {
      const world = measured();
      const heard: string[] = [];
      world.usage.pools.listen((key) => heard.push(key));
      server.show({ 'pool-0': [0.01, 0] });
      const start = world.clock.now();
      await world.look();
      for (let minute = 0; minute < 59; minute++) {
        await pass(world, 30 * SECOND);
      }
      assert.equal(world.usage.pools.idleness('pool-uid'), undefined);
      await pass(world, 30 * SECOND);
      assert.equal(world.usage.pools.idleness('pool-uid'), start);
      server.show({ 'pool-0': [0.01, 0.9] });
      await pass(world, 30 * SECOND);
      assert.equal(world.usage.pools.idleness('pool-uid'), 'busy');
      assert.deepEqual(heard, ['default/pool', 'default/pool']);
    });
  });

  describe('when something is wrong', () => {
    it('keeps a ledger that cannot be read aside, says so, and counts nothing twice', async () => {
      const world = lab(2, 10 * MINUTE);
      await world.look();
      assert.equal(await shown(world), '0/0/1200');
      world.configMaps.meddle(LEDGER, (object) => {
        object.data = { 'ledger.json': '{"version":2}' };
      });
      world.restart();
      await pass(world, 0);
      await pass(world, MINUTE);

      const aside = [...world.configMaps.all.keys()].find((name) => name !== LEDGER) ?? 'none';
      assert.match(aside, /^headframe-usage-local-[0-9a-f]{10}$/);
      assert.deepEqual(world.configMaps.all.get(aside)?.data, { 'ledger.json': '{"version":2}' });
      assert.equal(world.configMaps.all.get(LEDGER)?.metadata.annotations?.[SET_ASIDE], aside);
      assert.deepEqual(said(world), ['UsageRecorded False LedgerSetAside']);
      assert.equal(
        await shown(world),
        '0/0/120',
        'the ten minutes before are in the ledger that is kept aside',
      );

      world.restart();
      await pass(world, 0);
      assert.deepEqual(said(world), ['UsageRecorded False LedgerSetAside']);
      world.configMaps.meddle(LEDGER, (object) => {
        delete object.metadata.annotations?.[SET_ASIDE];
      });
      world.restart();
      await pass(world, 0);
      assert.deepEqual(said(world), ['UsageRecorded True LedgerSaved']);
    });

    it('goes on counting while the ledger cannot be written, and says why', async () => {
      const world = lab(1);
      await pass(world, 30 * SECOND);
      world.configMaps.failWith(new ApiError('configmaps is forbidden', { code: 403, reason: 'Forbidden' }));
      await pass(world, MINUTE);
      assert.deepEqual(said(world), ['UsageRecorded False LedgerUnsaved']);
      world.configMaps.failWith(undefined);
      await pass(world, 30 * SECOND);
      assert.deepEqual(said(world), ['UsageRecorded True LedgerSaved']);
      assert.equal(await shown(world), '0/0/120');
    });

    it('books nothing before the ledger has been read', async () => {
      const world = lab(1, MINUTE);
      world.configMaps.failWith(new ApiError('away', { code: 0, reason: 'ConnectionFailed' }));
      assert.deepEqual(await world.look(), after(5 * SECOND));
      assert.deepEqual(said(world), ['UsageRecorded False LedgerUnsaved']);
      assert.equal(await shown(world), NONE);
      world.configMaps.failWith(undefined);
      await pass(world, 5 * SECOND);
      assert.equal(await shown(world), '0/0/65');
    });

    it('writes the ledger again when it was deleted, and takes over what a later leader has written', async () => {
      const world = lab(1);
      await pass(world, MINUTE);
      world.configMaps.meddle(LEDGER, undefined);
      await pass(world, MINUTE);
      assert.equal(await shown(world), '0/0/120');

      const other = usageWorldAfter(world, 5 * MINUTE);
      await other.look();
      const theirs = other.configMaps.all.get(LEDGER)?.data;
      world.configMaps.meddle(LEDGER, (object) => {
        object.data = theirs ?? {};
      });
      await pass(world, MINUTE);
      assert.equal(await shown(world), '0/0/300', 'the later state, whole');
    });

    it('does not count the same cluster under a second name', async () => {
      const world = lab(1, MINUTE);
      const status = usageCluster('local').status;
      const [ready] = status?.conditions ?? [];
      assert.ok(ready);
      world.clusters.set(
        usageCluster(
          'local',
          {},
          { conditions: [{ ...ready, status: 'False', reason: 'DuplicateCluster' }] },
        ),
      );
      await world.look();
      assert.equal(await shown(world), NONE);
      assert.deepEqual(world.configMaps.writes, []);
    });
  });

  it('writes what is booked when the operator stops, and when a cluster is taken out', async () => {
    const world = lab(1);
    await pass(world, 30 * SECOND);
    await pass(world, 30 * SECOND);
    await world.usage.books.flush();
    assert.equal(await shown(world), '0/0/60');

    world.clusters.remove(usageCluster('local'));
    await world.look();
    assert.deepEqual(
      await world.metrics().then((lines) => lines.filter((line) => line.includes('cluster='))),
      [],
    );
    await world.clock.advance(10 * MINUTE);
    world.clusters.set(usageCluster('local'));
    await world.look();
    await pass(world, MINUTE);
    assert.equal(await shown(world), '0/0/720', 'the pod held its GPU, and its ledger was there');
  });

  it('shows nothing while another operator leads', async () => {
    const world = lab(1, MINUTE);
    await world.look();
    assert.notDeepEqual(await world.metrics(), []);
    world.isLeader = false;
    assert.deepEqual(await world.metrics(), []);
  });

  it('has at most 60 series for a pool', async () => {
    const server = await startExporterServer();
    const world = lab(1, MINUTE);
    world.clusters.set(usageCluster('local', { source: 'Exporters', exporters: { port: server.port } }));
    world.local.pods.set(exporterPod());
    server.show({ 'pool-0': [1] });
    await world.look();
    await server.close();
    const series = (await world.metrics()).filter((line) => line.includes('pool="pool"'));
    assert.ok(series.length >= 15 && series.length <= 60, series.join('\n'));
  });

  it('counts every second of every pod once, whenever it looks, is killed, or pods come and go', async () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 90_000 }) }),
      fc.record({ do: fc.constantFrom('kill' as const, 'add' as const, 'remove' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
        const world = usageWorld([], manualClock());
        world.local.nodes.set(gpuNode('n', { gpus: 100 }));
        const alive = new Map<string, number>();
        let heldMs = 0;
        let made = 0;
        await world.look();
        for (const each of steps) {
          const now = world.clock.now();
          switch (each.do) {
            case 'wait':
              await pass(world, each.ms);
              break;
            case 'kill':
              world.restart();
              await world.look();
              break;
            case 'add':
              alive.set(`pool-${made}`, now);
              world.local.pods.set(holder(`pool-${made++}`, { since: now }));
              break;
            case 'remove':
              for (const [name, since] of [...alive].slice(0, 1)) {
                alive.delete(name);
                heldMs += now - since;
                world.local.pods.remove(holder(name, { since }));
              }
          }
        }
        await pass(world, MINUTE);
        await world.usage.books.flush();
        const expected = [...alive.values()].reduce((sum, since) => sum + world.clock.now() - since, heldMs);
        const rows = [...(world.usage.books.all.get('local')?.saved?.rows.values() ?? [])];
        const booked = rows.reduce((sum, { busy, idle, unmeasured }) => sum + busy + idle + unmeasured, 0n);
        // A pod that is deleted before the killed operator's successor has seen it is lost from the last write on, never counted twice.
        assert.ok(booked <= BigInt(expected) * 1_000_000n);
        if (!steps.some((each) => each.do === 'kill')) {
          assert.equal(booked, BigInt(expected) * 1_000_000n);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('names ledgers of clusters with long names apart, within what a name may have', () => {
    const [a, b] = ['a', 'b'].map((end) => ledgerName('x'.repeat(250) + end));
    assert.notEqual(a, b);
    assert.ok((a ?? '').length <= 253);
    assert.equal(ledgerName('local'), LEDGER);
  });

  /** The same cluster as another operator sees it, so much later. */
  function usageWorldAfter(world: UsageWorld, ms: number): UsageWorld {
    const other = usageWorld([], manualClock(world.clock.now() + ms - 2 * MINUTE));
    other.local.nodes.set(gpuNode('n'));
    other.local.pods.set(holder('pool-0', { since: world.clock.now() - 2 * MINUTE }));
    return other;
  }
});
