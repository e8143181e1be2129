import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Leases, Nodes, Pods, type Container, type Pod, type PodSpec } from '../../src/api/builtin.ts';
import { isForbidden, isNotFound } from '../../src/kube/errors.ts';
import { kubeClient } from '../../src/kube/client.ts';
import { loadConnection } from '../../src/kube/kubeconfig.ts';
import { createTransport } from '../../src/kube/transport.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { systemClock } from '../../src/time/clock.ts';
import type { ControlPlane } from '../../src/devcluster/control-plane/control-plane.ts';
import { startNodeAgent } from '../../src/devcluster/node-agent/node-agent.ts';
import type { NodeSpec } from '../../src/devcluster/node-agent/node-object.ts';
import { isRunning } from '../devcluster/process/process-state.ts';
import { untilPasses } from '../support/until-passes.ts';
import { startRealTestCluster, type TestCluster } from '../support/test-cluster.ts';

const namespace = 'default';
const shell = (script: string): Pick<Container, 'image' | 'command'> => ({
  image: 'headframe/shell',
  command: ['sh', '-c', script],
});

describe('the control plane and its nodes', () => {
  let cluster: TestCluster<ControlPlane>;

  before(async function () {
    this.timeout(20 * 60_000); // the first run on a machine builds the programs
    cluster = await startRealTestCluster();
  });
  after(() => cluster.stop());

  async function createPod(
    name: string,
    container: Partial<Container>,
    spec: Partial<PodSpec> = {},
  ): Promise<Pod> {
    return cluster.client.create(Pods, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace },
      spec: { terminationGracePeriodSeconds: 5, containers: [{ name: 'main', ...container }], ...spec },
    });
  }

  function podWhen(name: string, accept: (pod: Pod) => boolean): Promise<Pod> {
    return untilPasses(async () => {
      const pod = await cluster.client.get(Pods, { namespace, name });
      assert.ok(accept(pod), JSON.stringify(pod.status));
      return pod;
    });
  }

  const isReady = (pod: Pod): boolean =>
    pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true;

  async function kubectl(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await cluster.kubectl(args);
    assert.equal(code, 0, `kubectl ${args.join(' ')}: ${stderr}`);
    return stdout;
  }

  async function isGone(name: string): Promise<void> {
    await untilPasses(() =>
      assert.rejects(cluster.client.get(Pods, { namespace, name }), (error) => isNotFound(error)),
    );
  }

  it('answers a stock kubectl', async () => {
    assert.equal(await kubectl('get', '--raw', '/readyz'), 'ok');
    assert.match(await kubectl('version'), /Server Version: v1\.37\./);
  });

  it('has nodes that the node lifecycle controller holds Ready, and their leases', async () => {
    await untilPasses(async () => {
      const { items } = await cluster.client.list(Nodes);
      assert.deepEqual(items.map(({ metadata }) => metadata.name).sort(), ['node-a', 'node-b', 'node-c']);
      for (const node of items) {
        const ready = node.status?.conditions?.find(({ type }) => type === 'Ready');
        assert.equal(ready?.status, 'True');
        assert.equal(node.status?.allocatable?.['nvidia.com/gpu'], '8');
        assert.deepEqual(node.spec?.taints ?? [], []);
      }
    });
    const lease = await cluster.client.get(Leases, { namespace: 'kube-node-lease', name: 'node-a' });
    assert.equal(lease.spec?.holderIdentity, 'node-a');
  });

  it('refuses a user without rights', async () => {
    const connection = await loadConnection({ kubeconfig: cluster.controlPlane.kubeconfigFor('powerless') });
    const transport = createTransport(connection, { clock: systemClock });

    await assert.rejects(kubeClient(transport).list(Pods), (error) => isForbidden(error));
    transport.close();
  });

  it('runs an image that nobody knows idle, without a process, until the pod ends', async () => {
    await createPod('idle', { image: 'nvidia/cuda:12' });
    const pod = await podWhen('idle', isReady);
    assert.deepEqual(cluster.agent.processGroups(pod.spec.nodeName ?? ''), []);

    await kubectl('delete', 'pod', 'idle');

    await isGone('idle');
  });

  it('runs a shell without a command as a process that sleeps, and ends it with the pod', async () => {
    await createPod('idle', { image: 'headframe/shell' });
    const pod = await podWhen('idle', isReady);
    const groups = cluster.agent.processGroups(pod.spec.nodeName ?? '');
    assert.equal(groups.length, 1);
    assert.ok(groups.every(isRunning));

    await kubectl('delete', 'pod', 'idle');

    await isGone('idle');
    assert.ok(!groups.some(isRunning));
  });

  it('gives the log of a container, also while it is written, and that of the run before', async () => {
    await createPod('chatty', shell('echo hello; sleep 0.3; echo world; sleep 1000'));
    await podWhen('chatty', isReady);
    await untilPasses(async () => assert.equal(await kubectl('logs', 'chatty'), 'hello\nworld\n'));
    assert.match(await kubectl('logs', 'chatty', '--tail=1', '--timestamps'), /^\d{4}-\S+Z world\n$/);

    const follower = spawn(
      cluster.controlPlane.kubectl,
      ['--kubeconfig', cluster.kubeconfig, 'logs', '-f', 'chatty'],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    let followed = '';
    follower.stdout.on('data', (chunk: Buffer) => (followed += chunk.toString()));
    await untilPasses(() => assert.equal(followed, 'hello\nworld\n'));
    const finished = once(follower, 'close');
    await kubectl('delete', 'pod', 'chatty');
    await finished;
    assert.equal(followed, 'hello\nworld\n');

    await createPod('crashing', shell('echo "run of $HOSTNAME"; exit 3'));
    await podWhen('crashing', (pod) => (pod.status?.containerStatuses?.[0]?.restartCount ?? 0) >= 1);
    assert.equal(await kubectl('logs', 'crashing', '--previous'), 'run of crashing\n');
    const pod = await podWhen(
      'crashing',
      ({ status }) => status?.containerStatuses?.[0]?.state?.waiting?.reason === 'CrashLoopBackOff',
    );
    assert.equal(pod.status?.containerStatuses?.[0]?.lastState?.terminated?.exitCode, 3);
    assert.equal(pod.status.phase, 'Running');
    await kubectl('delete', 'pod', 'crashing');
  });

  it('gives containers their environment, their mounts and what init containers left', async () => {
    await kubectl('create', 'configmap', 'settings', '--from-literal=level=high');
    await kubectl('create', 'secret', 'generic', 'keys', '--from-literal=token=s3cret');
    await createPod(
      'configured',
      {
        ...shell('echo $NAME $LEVEL $TOKEN; cat /etc/settings/level /data/left'),
        env: [
          { name: 'NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
          { name: 'LEVEL', valueFrom: { configMapKeyRef: { name: 'settings', key: 'level' } } },
          { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'keys', key: 'token' } } },
        ],
        volumeMounts: [
          { name: 'settings', mountPath: '/etc/settings' },
          { name: 'data', mountPath: '/data' },
        ],
      },
      {
        restartPolicy: 'Never',
        initContainers: [
          {
            name: 'first',
            ...shell('echo " by init" >/data/left'),
            volumeMounts: [{ name: 'data', mountPath: '/data' }],
          },
        ],
        volumes: [
          { name: 'settings', configMap: { name: 'settings' } },
          { name: 'data', emptyDir: {} },
        ],
      },
    );
    await podWhen('configured', ({ status }) => status?.phase === 'Succeeded');

    assert.equal(await kubectl('logs', 'configured'), 'configured high s3cret\nhigh by init\n');
    await kubectl('delete', 'pod', 'configured');
  });

  it('waits with a reason for a Secret that is not there yet', async () => {
    await createPod('early', {
      ...shell('sleep 1000'),
      env: [{ name: 'X', valueFrom: { secretKeyRef: { name: 'late', key: 'x' } } }],
    });
    const pod = await podWhen(
      'early',
      ({ status }) => status?.containerStatuses?.[0]?.state?.waiting?.reason === 'CreateContainerConfigError',
    );
    assert.match(
      pod.status?.containerStatuses?.[0]?.state?.waiting?.message ?? '',
      /secret "late" not found/,
    );

    await kubectl('create', 'secret', 'generic', 'late', '--from-literal=x=1');
    await podWhen('early', isReady);
    await kubectl('delete', 'pod', 'early');
  });

  it('runs the reference miner: ready by its probe, metrics at the announced port, use shown as GPU use', async () => {
    await createPod('miner', {
      image: 'headframe/reference-miner:0.1.0',
      env: [{ name: 'TARGET_UTILISATION', value: '0.05' }],
      ports: [{ name: 'metrics', containerPort: 8080 }],
      readinessProbe: { httpGet: { path: '/healthz', port: 'metrics' }, periodSeconds: 1 },
      resources: { limits: { 'nvidia.com/gpu': '2' } },
    });
    const pod = await podWhen('miner', isReady);

    const ports = JSON.parse(pod.metadata.annotations?.['devcluster.headframe.dev/ports'] ?? '{}') as Record<
      string,
      number
    >;
    const metrics = await (await fetch(`http://127.0.0.1:${ports['8080'] ?? 0}/metrics`)).text();
    assert.match(metrics, /^miner_hashes_total \d+$/m);
    // Its start is not what is looked for: it may take as much of a core as the work.
    await new Promise((resolve) => setTimeout(resolve, 5000));
    await untilPasses(async () => {
      const text = await (await fetch(cluster.agent.metricsUrl)).text();
      const shares = [...text.matchAll(/^DCGM_FI_PROF_GR_ENGINE_ACTIVE\{.*pod="miner".*\} (\S+)$/gm)];
      assert.equal(shares.length, 2);
      assert.ok(
        shares.every(([, share]) => Number(share) > 0.25),
        text,
      );
    });
    await kubectl('delete', 'pod', 'miner');
  });

  it('kills what does not end within its grace', async () => {
    await createPod('stubborn', shell('trap "" TERM; while :; do sleep 0.1; done'), {
      terminationGracePeriodSeconds: 1,
    });
    const { spec } = await podWhen('stubborn', isReady);
    const groups = cluster.agent.processGroups(spec.nodeName ?? '');

    await kubectl('delete', 'pod', 'stubborn');

    await isGone('stubborn');
    assert.ok(!groups.some(isRunning));
  });

  it('loses a node and finds it again: what was deleted meanwhile ends, the rest runs on', async () => {
    const onNodeB = { nodeSelector: { 'kubernetes.io/hostname': 'node-b' } };
    await createPod('stays', { image: 'headframe/shell' }, onNodeB);
    await createPod('goes', { image: 'headframe/shell' }, onNodeB);
    await podWhen('stays', isReady);
    await podWhen('goes', isReady);
    const before = cluster.agent.processGroups('node-b');
    assert.equal(before.length, 2);

    cluster.agent.failNode('node-b');
    await kubectl('delete', 'pod', 'goes', '--wait=false');
    const failed = await cluster.kubectl(['logs', 'stays']);
    assert.notEqual(failed.code, 0);
    await kubectl('delete', 'pod', 'goes', '--force', '--grace-period=0');
    await isGone('goes');
    assert.ok(before.every(isRunning), 'a node that is cut off hears nothing');

    await cluster.agent.restoreNode('node-b');
    await untilPasses(() => assert.equal(before.filter(isRunning).length, 1));
    await podWhen('stays', isReady);
    await kubectl('delete', 'pod', 'stays');
  });

  it('starts bound pods again after the agent was restarted, and counts on', async () => {
    const node: NodeSpec = {
      name: 'workshop',
      vendor: 'AMD',
      product: 'AMD_Instinct_MI300X_OAM',
      gpus: 1,
      memoryMiB: 196_608,
      cpu: '8',
      memory: '32Gi',
    };
    const connection = await loadConnection({ kubeconfig: cluster.kubeconfig });
    const options = { connection, nodes: [node], log: silentLogger, clock: systemClock };
    const first = await startNodeAgent(options);
    const onWorkshop = { nodeSelector: { 'kubernetes.io/hostname': 'workshop' } };
    await createPod('again', { image: 'headframe/shell' }, onWorkshop);
    await podWhen('again', isReady);
    const groups = first.processGroups('workshop');
    await first.stop();
    assert.ok(!groups.some(isRunning));

    const second = await startNodeAgent(options);

    const pod = await podWhen(
      'again',
      (one) => one.status?.containerStatuses?.[0]?.restartCount === 1 && isReady(one),
    );
    assert.equal(pod.status?.containerStatuses?.[0]?.lastState?.terminated?.exitCode, 137);
    assert.equal(second.processGroups('workshop').length, 1);
    await kubectl('delete', 'pod', 'again');
    await second.stop();
    await kubectl('delete', 'node', 'workshop');
  });

  it('writes nothing when nothing changes', async () => {
    await createPod('quiet', { image: 'idle' });
    const { metadata } = await podWhen('quiet', isReady);
    // A label of somebody else wakes the agent; its own status must not be written for it.
    await kubectl('label', 'pod', 'quiet', 'touched=yes');
    const touched = await podWhen('quiet', (pod) => pod.metadata.labels?.['touched'] === 'yes');
    assert.notEqual(touched.metadata.resourceVersion, metadata.resourceVersion);

    // Events are handled in order: when this pod runs, the label's event has been handled long ago.
    await createPod(
      'later',
      { image: 'idle' },
      { nodeSelector: { 'kubernetes.io/hostname': touched.spec.nodeName ?? '' } },
    );
    await podWhen('later', isReady);

    const { metadata: after } = await cluster.client.get(Pods, { namespace, name: 'quiet' });
    assert.equal(after.resourceVersion, touched.metadata.resourceVersion);
    await kubectl('delete', 'pod', 'quiet', 'later');
  });

  it('survives a restart of the API server', async () => {
    await createPod('survivor', { image: 'idle' });
    await podWhen('survivor', isReady);

    await cluster.controlPlane.restartApiServer();

    await createPod('newcomer', { image: 'idle' });
    await podWhen('newcomer', isReady);
    await podWhen(
      'survivor',
      (pod) => isReady(pod) && pod.status?.containerStatuses?.[0]?.restartCount === 0,
    );
    await kubectl('delete', 'pod', 'survivor', 'newcomer');
  });
});

describe('a parent that is killed', () => {
  it('leaves no process of the control plane or of a pod behind, and no folder', async () => {
    const program = fileURLToPath(new URL('support/doomed-cluster.ts', import.meta.url));
    const parent = spawn(process.execPath, ['--import', 'tsx', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const { pids, folder } = JSON.parse(line.toString()) as { pids: number[]; folder: string };
    assert.equal(pids.length, 5);
    assert.ok(pids.every(isRunning));

    parent.kill('SIGKILL');

    await untilPasses(() => {
      assert.deepEqual(pids.filter(isRunning), []);
      assert.ok(!existsSync(folder));
    });
  });
});
