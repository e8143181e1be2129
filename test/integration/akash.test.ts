import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Nodes, type Pod, Pods } from '../../src/api/builtin.ts';
import { ComputeClusters, type ComputeCluster } from '../../src/api/compute-cluster.ts';
import type { Manifest } from '../../src/api/kube-object.ts';
import { MinerPools, type MinerPool } from '../../src/api/miner-pool.ts';
import { Namespaces } from '../../src/api/namespace.ts';
import { startFaultProxy, type FaultProxy } from '../../src/devcluster/fault-proxy/fault-proxy.ts';
import { startOperator, type RunningProgram } from '../support/operator.ts';
import { gpuNode } from '../support/pool-objects.ts';
import { clusterKind, startTestCluster, type TestCluster } from '../support/test-cluster.ts';
import { untilPasses } from '../support/until-passes.ts';

/** The namespace of the lease akash1owner/1/1/1/akash1provider: SHA-224 of its path in base32hex. */
const LEASE = 'ipl900tdt16lvh5gpl1ua1qnqjkt9ot0fpsfcumgmm4ti';
const CAPABILITY = 'akash.network/capabilities.gpu.vendor.nvidia.model.a100';

/** What Akash's inventory operator writes on a node with eight A100s. */
const inventoryLabels = {
  'akash.network': 'true',
  [CAPABILITY]: '8',
  [`${CAPABILITY}.ram.80Gi`]: '8',
  [`${CAPABILITY}.interface.sxm`]: '8',
  'nvidia.com/gpu.present': 'true',
  'nvidia.com/gpu.product': 'NVIDIA-A100-SXM4-80GB',
};

/** What the provider writes on everything of a lease. */
const leaseLabels = {
  'akash.network': 'true',
  'akash.network/namespace': LEASE,
  'akash.network/manifest-service': 'trainer',
};

describe(`a cluster that is an Akash provider, on the ${clusterKind} API server`, function () {
  this.timeout(120_000);
  let cluster: TestCluster;
  let proxy: FaultProxy;
  let operator: RunningProgram;
  let folder: string;

  before(async () => {
    // Nobody sends heartbeats for the nodes.
    cluster = await startTestCluster({ nodes: [], nodeMonitorGraceSeconds: 3600 });
    proxy = await startFaultProxy({ target: cluster.connection });
    folder = await mkdtemp(join(tmpdir(), 'headframe-akash-'));
    await writeFile(join(folder, 'kubeconfig'), proxy.kubeconfig);
    await addNode('in-inventory-a', inventoryLabels);
    await addNode('in-inventory-b', inventoryLabels);
    await addNode('outside', { 'nvidia.com/gpu.product': 'NVIDIA-A100-SXM4-80GB' });
    await cluster.client.create(Namespaces, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: LEASE, labels: { ...leaseLabels, 'akash.network/lease.id.owner': 'akash1owner' } },
    });
    await cluster.client.create(Pods, leasePod('trainer-0', 'in-inventory-a', 3));
    await cluster.client.create(ComputeClusters, {
      apiVersion: 'headframe.dev/v1alpha1',
      kind: 'ComputeCluster',
      metadata: { name: 'local' },
      spec: { connection: { type: 'Local' }, profile: 'Akash', reserve: 4, givingBack: { noticeSeconds: 0 } },
    } as unknown as Manifest<ComputeCluster>);
    operator = startOperator(join(folder, 'kubeconfig'));
  });
  after(async () => {
    await operator.end('SIGKILL');
    await proxy.stop();
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function addNode(name: string, labels: Record<string, string>): Promise<void> {
    const { metadata: _metadata, status, ...rest } = gpuNode(name);
    await cluster.client.create(Nodes, { ...rest, metadata: { name, labels } });
    // The node controllers write as well.
    await untilPasses(async () => {
      const node = await cluster.client.get(Nodes, { name });
      const allocatable = { ...status?.allocatable, cpu: '32', memory: '128Gi', pods: '110' };
      await cluster.client.patchStatus(Nodes, node, { ...status, allocatable, capacity: allocatable });
    });
  }

  function leasePod(name: string, nodeName: string, gpus: number): Manifest<Pod> {
    const resources = { limits: { 'nvidia.com/gpu': String(gpus) } };
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: LEASE, labels: leaseLabels },
      spec: { nodeName, containers: [{ name: 'trainer', image: 'trainer', resources }] },
    };
  }

  /** Nothing runs on the nodes: whoever is told to end there has ended. */
  async function endAsKubelet(node: string): Promise<void> {
    const { items } = await cluster.client.list(Pods, { namespace: 'default' });
    const ending = items.filter(
      ({ metadata, spec }) => metadata.deletionTimestamp !== undefined && spec.nodeName === node,
    );
    for (const { metadata } of ending) {
      await cluster.client.delete(Pods, metadata, { gracePeriodSeconds: 0 });
    }
  }

  async function has(expected: string): Promise<void> {
    await untilPasses(async () => {
      const { status } = await cluster.client.get(ComputeClusters, { name: 'local' });
      const { allocatable, leased, guests, freeForGuests } = status?.totals ?? {};
      const text = `${allocatable} allocatable, ${leased} leased, ${guests} of guests, ${freeForGuests} free for guests`;
      assert.equal(text, expected);
    }, 20_000);
  }

  it('offers what the inventory lists, less the leases, less the reserve', async () => {
    await has('16 allocatable, 3 leased, 0 of guests, 9 free for guests');
  });

  it('makes no more pods than that, on nodes of the inventory alone', async () => {
    await cluster.client.create(MinerPools, {
      apiVersion: 'headframe.dev/v1alpha1',
      kind: 'MinerPool',
      metadata: { name: 'miners', namespace: 'default' },
      spec: { replicas: 20, template: { spec: { containers: [{ name: 'miner', image: 'm' }] } } },
    } as unknown as Manifest<MinerPool>);
    await has('16 allocatable, 3 leased, 9 of guests, 0 free for guests');
    const { items } = await cluster.client.list(Pods, { namespace: 'default' });

    assert.equal(items.length, 9);
    assert.ok(items.every(({ spec }) => spec.nodeName?.startsWith('in-inventory')));
  });

  it('loses a node with its labels, as when it is cordoned', async () => {
    await cluster.client.mergePatch(
      Nodes,
      { name: 'in-inventory-b' },
      { metadata: { labels: { 'akash.network': null, [CAPABILITY]: null } } },
    );
    await untilPasses(async () => {
      const { status } = await cluster.client.get(ComputeClusters, { name: 'local' });
      assert.equal(status?.totals.allocatable, 8);
    }, 20_000);
  });

  it('makes room for a lease that waits', async () => {
    const { spec, ...rest } = leasePod('trainer-1', '', 5);
    const { nodeName: _none, ...unbound } = spec;
    const nodeSelector = { 'akash.network': 'true' };
    await cluster.client.create(Pods, { ...rest, spec: { ...unbound, nodeSelector } });
    await untilPasses(async () => {
      await endAsKubelet('in-inventory-a');
      const { spec: bound } = await cluster.client.get(Pods, { namespace: LEASE, name: 'trainer-1' });
      assert.equal(bound.nodeName, 'in-inventory-a');
    }, 30_000);
    await has('8 allocatable, 8 leased, 0 of guests, 0 free for guests');
  });

  it('has written nothing that belongs to Akash', () => {
    const writes = proxy.record.filter(({ method }) => method !== 'GET');
    const ofAkash = writes.filter(({ path }) => path.includes(LEASE) || /\/nodes(\/|$|\?)/.test(path));

    assert.ok(writes.length > 9, 'the writes of the operator are on record');
    assert.deepEqual(
      ofAkash.map(({ method, path }) => `${method} ${path}`),
      [],
    );
  });
});
