import assert from 'node:assert/strict';
import { type Pod, ConfigMaps, Pods } from '../../src/api/builtin.ts';
import { type ComputeCluster, ComputeClusters } from '../../src/api/compute-cluster.ts';
import { findCondition } from '../../src/api/conditions.ts';
import type { Manifest } from '../../src/api/kube-object.ts';
import { type MinerPool, MinerPools } from '../../src/api/miner-pool.ts';
import { heldFrom } from '../../src/compute/usage/holding.ts';
import type { ClusterLedger } from '../../src/compute/usage/ledger.ts';
import { parseLedger } from '../../src/controllers/usage/ledger-store.ts';
import { metricsOf, startOperator, type RunningProgram } from '../support/operator.ts';
import { clusterKind, startTestCluster, type TestCluster } from '../support/test-cluster.ts';
import { untilPasses } from '../support/until-passes.ts';

const POOL = 'busy';
const REPLICAS = 2;
const GPUS = 2;
const NANOSECONDS_PER_MS = 1_000_000n;

/** Works some of the time: more than a GPU that counts as idle, and little of the machine. */
const work = 'while :; do i=0; while [ $i -lt 2000 ]; do i=$((i+1)); done; sleep 0.05; done';

describe(`GPU time on the ${clusterKind} API server`, function () {
  this.timeout(180_000);
  let cluster: TestCluster;
  let operator: RunningProgram;
  /** Everything that was ever seen of the counters, in order. */
  const seen: Totals[] = [];

  before(async () => {
    cluster = await startTestCluster();
    operator = start();
  });
  after(async () => {
    await operator.end();
    await cluster.stop();
  });

  function start(): RunningProgram {
    return startOperator(cluster.kubeconfig, ['--usage-checkpoint-seconds=1']);
  }

  interface Totals {
    readonly busy: number;
    readonly idle: number;
    readonly unmeasured: number;
  }

  /** What /metrics says now; fails when it says nothing. */
  async function totals(): Promise<Totals> {
    const text = await metricsOf(operator);
    const read = (state: string): number => {
      const labels = `namespace="default",pool="${POOL}",cluster="local",state="${state}"`;
      const [, value] = text.split(`headframe_pool_gpu_seconds_total{${labels}} `);
      assert.ok(value !== undefined, `there is no series of ${state}`);
      return Number.parseFloat(value);
    };
    const now = { busy: read('busy'), idle: read('idle'), unmeasured: read('unmeasured') };
    seen.push(now);
    return now;
  }

  async function ledger(): Promise<ClusterLedger> {
    const name = 'headframe-usage-local';
    const record = parseLedger('local', await cluster.client.get(ConfigMaps, { namespace: 'default', name }));
    if (record instanceof Error) {
      throw record;
    }
    return record;
  }

  /** Every pod of the pool is booked from its binding up to the last look, no nanosecond more or less. */
  async function isExact(): Promise<void> {
    const { rows, cursors } = await ledger();
    const { items } = await cluster.client.list(Pods, {
      namespace: 'default',
      labelSelector: `headframe.dev/pool=${POOL}`,
    });
    assert.equal(items.length, REPLICAS);
    const expected = items.reduce((sum, pod) => {
      const to = cursors.get(pod.metadata.uid);
      const from = heldFrom(pod);
      assert.ok(to !== undefined && from !== undefined);
      return sum + BigInt(to - from) * BigInt(GPUS) * NANOSECONDS_PER_MS;
    }, 0n);
    const booked = [...rows.values()].reduce(
      (sum, { busy, idle, unmeasured }) => sum + busy + idle + unmeasured,
      0n,
    );
    assert.equal(booked, expected);
  }

  it('is measured by the exporters of the cluster', async () => {
    const { client, agent } = cluster;
    await client.create(ComputeClusters, {
      apiVersion: 'headframe.dev/v1alpha1',
      kind: 'ComputeCluster',
      metadata: { name: 'local' },
      spec: {
        usage: {
          source: 'Exporters',
          intervalSeconds: 5,
          exporters: { port: Number(new URL(agent.metricsUrl).port) },
        },
      },
    } as unknown as Manifest<ComputeCluster>);
    await addExporter();
    await client.create(MinerPools, {
      apiVersion: 'headframe.dev/v1alpha1',
      kind: 'MinerPool',
      metadata: { name: POOL, namespace: 'default' },
      spec: {
        replicas: REPLICAS,
        gpus: { countPerReplica: GPUS },
        template: {
          spec: {
            terminationGracePeriodSeconds: 0,
            containers: [{ name: 'm', image: 'busybox', command: ['/bin/sh', '-c', work] }],
          },
        },
      },
    } as unknown as Manifest<MinerPool>);

    const first = await untilPasses(async () => {
      const now = await totals();
      assert.ok(now.busy > 0);
      return now;
    });
    await untilPasses(async () => assert.ok((await totals()).busy > first.busy));
    await isExact();
    await untilPasses(async () => {
      const { status } = await client.get(ComputeClusters, { name: 'local' });
      assert.equal(findCondition(status?.conditions, 'UsageKnown')?.status, 'True');
      assert.equal(findCondition(status?.conditions, 'UsageRecorded')?.status, 'True');
      assert.equal(status?.performance?.busy.v100Equivalents, '32');
    }, 90_000);
  });

  it('survives a SIGKILL of the operator: what was counted stays, and no moment is missing or counts twice', async () => {
    const before = await totals();
    await operator.end('SIGKILL');
    const { through } = await ledger();
    await new Promise((resolve) => setTimeout(resolve, 3000));
    operator = start();

    const after = await untilPasses(async () => {
      const now = await totals();
      assert.ok((await ledger()).through > through);
      assert.ok(now.busy > before.busy);
      return now;
    });
    await isExact();
    assert.ok(after.unmeasured >= before.unmeasured + REPLICAS * GPUS * 3, 'nobody measured for 3 s');
    seen.reduce((former, now) => {
      for (const state of ['busy', 'idle', 'unmeasured'] as const) {
        assert.ok(now[state] >= former[state], `${state} goes from ${former[state]} to ${now[state]}`);
      }
      return now;
    });
  });

  /** The nodes' agent shows the GPUs of all of them; no pod of the cluster has an address. */
  async function addExporter(): Promise<void> {
    const { client } = cluster;
    const exporter = await client.create(Pods, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'exporter', namespace: 'default', labels: { app: 'nvidia-dcgm-exporter' } },
      spec: { schedulerName: 'none', containers: [{ name: 'e', image: 'example/exporter:1' }] },
    } as unknown as Manifest<Pod>);
    await client.patchStatus(Pods, exporter, {
      phase: 'Running',
      podIP: '127.0.0.1',
      podIPs: [{ ip: '127.0.0.1' }],
    });
  }
});
