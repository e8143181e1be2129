import assert from 'node:assert/strict';
import { type Node, Nodes, type Pod, Pods } from '../../src/api/builtin.ts';
import { type ComputeCluster, ComputeClusters } from '../../src/api/compute-cluster.ts';
import { annotations } from '../../src/api/group.ts';
import type { Manifest } from '../../src/api/kube-object.ts';
import { MinerPools, type MinerPool } from '../../src/api/miner-pool.ts';
import { type RunningProgram, startOperator } from '../support/operator.ts';
import { gpuNode } from '../support/pool-objects.ts';
import { clusterKind, h100Node, startTestCluster, type TestCluster } from '../support/test-cluster.ts';
import { untilPasses } from '../support/until-passes.ts';

const NODE = 'node-a';
const container = { name: 'c', image: 'example/idle:1' };
/** Long enough to be seen, and to kill an operator in. */
const NOTICE_SECONDS = 4;

describe(`guests give GPUs back, on the ${clusterKind} control plane`, function () {
  this.timeout(120_000);
  let cluster: TestCluster;
  let operator: RunningProgram;

  before(async () => {
    // Only the node with an agent sends heartbeats.
    cluster = await startTestCluster({
      nodes: [{ ...h100Node(NODE), gpus: 4 }],
      nodeMonitorGraceSeconds: 3600,
    });
    operator = startOperator(cluster.kubeconfig);
    await putCluster({});
    await putPool('low', -1);
    await putPool('high', 5);
    for (const name of ['low-0', 'low-1', 'high-0', 'high-1']) {
      await bind(name);
    }
    await untilPasses(async () =>
      assert.deepEqual(running(await pods()), ['high-0', 'high-1', 'low-0', 'low-1']),
    );
  });
  after(async () => {
    await operator.end();
    await cluster.stop();
  });

  async function putCluster(spec: object): Promise<void> {
    const givingBack = { noticeSeconds: NOTICE_SECONDS };
    const quarantine = { firstSeconds: 3 };
    const manifest = {
      apiVersion: 'headframe.dev/v1alpha1',
      kind: 'ComputeCluster',
      metadata: { name: 'local' },
      spec: { givingBack, quarantine, ...spec },
    };
    await cluster.client.apply(ComputeClusters, manifest as unknown as Manifest<ComputeCluster>, {
      force: true,
    });
  }

  /** The pods go where the test binds them: else those that a pool makes anew would compete for what guests have just left. */
  async function putPool(name: string, priority: number): Promise<void> {
    const template = {
      spec: { schedulerName: 'none', terminationGracePeriodSeconds: 1, containers: [container] },
    };
    const manifest = {
      apiVersion: 'headframe.dev/v1alpha1',
      kind: 'MinerPool',
      metadata: { name, namespace: 'default' },
      spec: { replicas: 2, priority, template },
    };
    await cluster.client.apply(MinerPools, manifest as unknown as Manifest<MinerPool>, { force: true });
  }

  async function bind(name: string): Promise<void> {
    await untilPasses(async () => {
      const binding = {
        apiVersion: 'v1',
        kind: 'Binding',
        metadata: { name },
        target: { apiVersion: 'v1', kind: 'Node', name: NODE },
      };
      const path = `/api/v1/namespaces/default/pods/${name}/binding`;
      const { code, stderr } = await cluster.kubectl(['create', '--raw', path, '-f', '-'], binding);
      assert.equal(code, 0, stderr);
    });
  }

  const pods = async (): Promise<Pod[]> => (await cluster.client.list(Pods, { namespace: 'default' })).items;

  const names = (some: readonly Pod[]): string[] => some.map(({ metadata }) => metadata.name).sort();

  const running = (some: readonly Pod[]): string[] =>
    names(some.filter(({ metadata, status }) => status?.phase === 'Running' && !metadata.deletionTimestamp));

  const leaveAt = ({ metadata }: Pod): string | undefined => metadata.annotations?.[annotations.leaveAt];

  /** Waits until exactly these have notice; gives them as they are then. */
  function haveNotice(...expected: readonly string[]): Promise<Pod[]> {
    return untilPasses(async () => {
      const told = (await pods()).filter((pod) => leaveAt(pod) !== undefined);
      assert.deepEqual(names(told), expected);
      return told;
    });
  }

  /** Waits until each of these is being deleted or gone, and sees to it that none was before its time. */
  async function leave(told: readonly Pod[]): Promise<void> {
    const left = new Set<string>();
    await untilPasses(async () => {
      const there = (await pods()).filter(({ metadata }) => metadata.deletionTimestamp === undefined);
      const staying = new Set(there.map(({ metadata }) => metadata.uid));
      for (const pod of told) {
        if (!staying.has(pod.metadata.uid) && !left.has(pod.metadata.uid)) {
          left.add(pod.metadata.uid);
          assert.ok(
            Date.now() >= Date.parse(leaveAt(pod) ?? ''),
            `${pod.metadata.name} left before its time`,
          );
        }
      }
      assert.equal(left.size, told.length);
    });
  }

  const see = (name = 'local'): Promise<ComputeCluster> => cluster.client.get(ComputeClusters, { name });

  it('the owner’s pod gets its GPUs after the notice, from the guests of the least priority', async () => {
    const before = await pods();
    await cluster.client.create(Pods, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'train', namespace: 'default' },
      spec: { containers: [{ ...container, resources: { limits: { 'nvidia.com/gpu': '2' } } }] },
    });

    const told = await haveNotice('low-0', 'low-1');
    assert.deepEqual(running(told), ['low-0', 'low-1'], 'they work on while they have notice');
    const { leaving, waitingForGPUs } = (await see()).status!.givingBack;
    assert.deepEqual([leaving, waitingForGPUs], [2, 2]);
    await leave(told);
    await untilPasses(async () => assert.deepEqual(running(await pods()), ['high-0', 'high-1', 'train']));

    const uids = (some: readonly Pod[]): string[] =>
      some.filter(({ metadata }) => metadata.name.startsWith('high')).map(({ metadata }) => metadata.uid);
    assert.deepEqual(uids(await pods()), uids(before));
    await untilPasses(async () => assert.equal((await see()).status?.givingBack.leaving, 0));
    const low = (await pods()).filter(({ metadata }) => metadata.name.startsWith('low'));
    assert.deepEqual(
      low.map(({ metadata }) => metadata.annotations?.[annotations.restartAttempt]),
      low.map(() => undefined),
      'to be sent away is no failure',
    );
  });

  it('all leave when the schedule closes, though the operator is killed meanwhile; the owner’s pod stays', async () => {
    const tomorrow = new Date(Date.now() + 86_400_000).toUTCString().slice(0, 3);
    await putCluster({
      schedule: { timeZone: 'UTC', windows: [{ days: [tomorrow], start: '23:58', end: '23:59' }] },
    });
    const told = await untilPasses(async () => {
      const guests = (await pods()).filter(({ metadata }) => metadata.name.startsWith('high'));
      assert.ok(guests.every((pod) => leaveAt(pod) !== undefined));
      return guests;
    });
    await operator.end('SIGKILL');
    assert.deepEqual(running(await pods()), ['high-0', 'high-1', 'train']);

    operator = startOperator(cluster.kubeconfig);
    await leave(told);
    await untilPasses(async () => assert.deepEqual(running(await pods()), ['train']));
    const events = await cluster.kubectl(['get', 'events', '--all-namespaces', '-o', 'json']);
    assert.match(events.stdout, /told to leave: the cluster is closed to guests/);
  });

  it('leaves out a node on which GPU pods fail at admission, and tries it again', async () => {
    const { metadata, status, ...rest } = gpuNode('node-b', { gpus: 2 });
    await cluster.client.create(Nodes, { ...rest, metadata: { name: 'node-b', labels: metadata.labels! } });
    await untilPasses(async () => {
      const node: Node = await cluster.client.get(Nodes, { name: 'node-b' });
      await cluster.client.patchStatus(Nodes, node, status ?? {});
    });
    for (const name of ['refused-0', 'refused-1', 'refused-2']) {
      const pod = await cluster.client.create(Pods, {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, namespace: 'default' },
        spec: {
          nodeName: 'node-b',
          containers: [{ ...container, resources: { limits: { 'nvidia.com/gpu': '1' } } }],
        },
      });
      await cluster.client.patchStatus(Pods, pod, {
        phase: 'Failed',
        reason: 'UnexpectedAdmissionError',
        message: 'Allocate failed due to no healthy devices present, which is unexpected',
        startTime: new Date().toISOString().replace(/\.\d+/, ''),
      });
    }
    await untilPasses(async () => {
      const { quarantine = [], totals } = (await see()).status ?? {};
      assert.deepEqual(
        quarantine.map(({ node, state }) => `${node} ${state}`),
        ['node-b LeftOut'],
      );
      assert.equal(totals?.free, 2, 'node-a has two, of which nobody has any');
    });
    await untilPasses(async () => {
      const { quarantine = [], totals } = (await see()).status ?? {};
      assert.deepEqual(
        quarantine.map(({ node, state }) => `${node} ${state}`),
        ['node-b OnTrial'],
      );
      assert.equal(totals?.free, 4);
    });
    await untilPasses(async () => {
      const events = await cluster.kubectl(['get', 'events', '--all-namespaces', '-o', 'json']);
      assert.match(events.stdout, /NodeQuarantined/);
      assert.match(events.stdout, /NodeReleased/);
    });
  });
});
