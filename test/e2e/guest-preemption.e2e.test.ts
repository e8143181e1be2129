import assert from 'node:assert/strict';
import { type Pod, Pods } from '../../src/api/builtin.ts';
import { annotations } from '../../src/api/group.ts';
import type { Manifest } from '../../src/api/kube-object.ts';
import { MinerPools, type MinerPool } from '../../src/api/miner-pool.ts';
import { only, release } from '../support/chart.ts';
import { type RunningProgram, startOperator } from '../support/operator.ts';
import { h100Node, startRealTestCluster, type TestCluster } from '../support/test-cluster.ts';
import { untilPasses } from '../support/until-passes.ts';

const container = { name: 'c', image: 'example/idle:1' };
const KEY = { namespace: 'default', name: 'pool-0' };

/* The embedded scheduler preempts nobody: that a guest makes room for kube-scheduler, too, shows only here. */
describe('a guest that kube-scheduler preempts', function () {
  this.timeout(120_000);
  let cluster: TestCluster;
  let operator: RunningProgram;

  before(async () => {
    cluster = await startRealTestCluster({ nodes: [{ ...h100Node('node-a'), gpus: 1 }] });
    operator = startOperator(cluster.kubeconfig);
  });
  after(async () => {
    await operator.end();
    await cluster.stop();
  });

  const look = (): Promise<Pod> => cluster.client.get(Pods, KEY);

  it('makes room for a pod of the default priority, is made anew, and has not failed', async () => {
    const priorityClass = only(await release({}), 'PriorityClass');
    const { code, stderr } = await cluster.kubectl(['apply', '-f', '-'], priorityClass);
    assert.equal(code, 0, stderr);
    const spec = {
      priorityClassName: 'headframe-guest',
      terminationGracePeriodSeconds: 1,
      containers: [container],
    };
    const pool = {
      apiVersion: 'headframe.dev/v1alpha1',
      kind: 'MinerPool',
      metadata: { name: 'pool', namespace: 'default' },
      spec: { replicas: 1, template: { spec } },
    };
    await cluster.client.create(MinerPools, pool as unknown as Manifest<MinerPool>);
    const guest = await untilPasses(async () => {
      const pod = await look();
      assert.equal(pod.status?.phase, 'Running');
      return pod;
    });

    await cluster.client.create(Pods, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'train', namespace: 'default' },
      spec: { containers: [{ ...container, resources: { limits: { 'nvidia.com/gpu': '1' } } }] },
    });
    await untilPasses(async () => {
      const train = await cluster.client.get(Pods, { namespace: 'default', name: 'train' });
      assert.equal(train.status?.phase, 'Running');
    });

    const successor = await untilPasses(async () => {
      const pod = await look();
      assert.notEqual(pod.metadata.uid, guest.metadata.uid);
      return pod;
    });
    assert.equal(successor.metadata.annotations?.[annotations.restartAttempt], undefined);
    const events = (await cluster.kubectl(['get', 'events', '-o', 'json'])).stdout;
    assert.match(events, /"reason": "Preempted"/);
    assert.doesNotMatch(events, /"reason": "PodReplaced"/);
    const { status } = await cluster.client.get(MinerPools, { namespace: 'default', name: 'pool' });
    assert.ok(status?.conditions.every(({ reason }) => reason !== 'PodsFailing'));
  });
});
