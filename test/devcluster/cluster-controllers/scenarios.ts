import assert from 'node:assert/strict';
import {
  ConfigMaps,
  Events,
  Nodes,
  Pods,
  type Node,
  type Pod,
  type PodSpec,
} from '../../../src/api/builtin.ts';
import { Namespaces } from '../../../src/api/namespace.ts';
import type { KubeObject, ObjectMeta, ResourceType } from '../../../src/api/kube-object.ts';
import {
  CustomResourceDefinitions,
  type CustomResourceDefinition,
} from '../../../src/devcluster/cluster-controllers/served-kinds.ts';
import { kubeClient, type KubeClient } from '../../../src/kube/client.ts';
import type { Connection } from '../../../src/kube/connection.ts';
import { isNotFound } from '../../../src/kube/errors.ts';
import { createTransport, type Transport } from '../../../src/kube/transport.ts';
import { systemClock } from '../../../src/time/clock.ts';
import { untilPasses } from '../../support/until-passes.ts';

/** An API server whose cluster controllers run: ours, or Kubernetes' own. */
export interface ControlledCluster {
  readonly connection: Connection;
  /** Kubernetes' own controllers look for new kinds and for pods without a node only now and then: too slow for a test. */
  readonly polls: boolean;
  restartApiServer(): Promise<void>;
  stop(): Promise<void>;
}

const namespace = 'default';
/** Only decides when a broken controller fails its test. */
const PATIENCE_MS = 20_000;

function soon<T>(look: () => T | Promise<T>): Promise<T> {
  return untilPasses(look, PATIENCE_MS);
}

const gpu = 'nvidia.com/gpu';

/** What the controllers of a cluster must do, whoever wrote them and whichever API server they speak to. */
export function describeClusterControllers(title: string, start: () => Promise<ControlledCluster>): void {
  describe(title, () => {
    let cluster: ControlledCluster;
    let transport: Transport;
    let client: KubeClient;

    before(async function () {
      this.timeout(20 * 60_000); // the first run on a machine builds the programs
      cluster = await start();
      transport = createTransport(cluster.connection, { clock: systemClock });
      client = kubeClient(transport);
    });
    after(async () => {
      transport.close();
      await cluster.stop();
    });
    afterEach(async () => {
      await Promise.all((await client.list(Pods)).items.map(forceDelete));
      await Promise.all(
        (await client.list(Nodes)).items.map(({ metadata }) => client.delete(Nodes, metadata)),
      );
    });

    async function forceDelete({ metadata }: Pod): Promise<void> {
      await client.delete(Pods, metadata, { gracePeriodSeconds: 0 }).catch(ignoreNotFound);
    }

    async function createNode(name: string, content: Partial<NodeContent> = {}): Promise<Node> {
      const { gpus = 8, labels = {}, spec = {} } = content;
      const resources = { cpu: '8', memory: '32Gi', pods: '110', [gpu]: String(gpus) };
      await client.create(Nodes, {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels } },
        spec,
      });
      await beat(name, { capacity: resources, allocatable: resources });
      return soon(async () => {
        const node = await client.get(Nodes, { name });
        assert.ok(!taintKeys(node).includes('node.kubernetes.io/not-ready'));
        return node;
      });
    }

    /** As a kubelet reports that all is well. */
    function beat(name: string, status: Partial<NonNullable<Node['status']>> = {}): Promise<Node> {
      return soon(async () => {
        const current = await client.get(Nodes, { name });
        const now = new Date().toISOString().replace(/\.\d+/, '');
        const times = { lastHeartbeatTime: now, lastTransitionTime: now };
        const ready = { type: 'Ready', status: 'True', reason: 'KubeletReady', ...times } as const;
        return client.patchStatus(Nodes, current, { ...status, conditions: [ready] });
      });
    }

    function createPod(name: string, content: Partial<PodContent> = {}): Promise<Pod> {
      const { requests = {}, spec = {}, ...metadata } = content;
      // Extended resources are requested by their limits.
      const container = { name: 'main', image: 'idle', resources: { requests, limits: requests } };
      return client.create(Pods, {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, namespace, ...metadata },
        spec: { terminationGracePeriodSeconds: 0, containers: [container], ...spec },
      });
    }

    function podWhen(name: string, accept: (pod: Pod) => boolean): Promise<Pod> {
      return soon(async () => {
        const pod = await client.get(Pods, { namespace, name });
        assert.ok(accept(pod), JSON.stringify([pod.spec.nodeName, pod.status]));
        return pod;
      });
    }

    async function nodeOf(name: string): Promise<string> {
      const pod = await podWhen(name, ({ spec }) => spec.nodeName !== undefined);
      return pod.spec.nodeName ?? '';
    }

    async function whyPending(name: string): Promise<string> {
      const condition = (
        pod: Pod,
      ): NonNullable<NonNullable<Pod['status']>['conditions']>[number] | undefined =>
        pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
      const pod = await podWhen(name, (candidate) => condition(candidate)?.status === 'False');
      assert.equal(condition(pod)?.reason, 'Unschedulable');
      return condition(pod)?.message ?? '';
    }

    function isGone<T extends KubeObject>(type: ResourceType<T>, name: string): Promise<void> {
      return soon(() =>
        assert.rejects(client.get(type, { ...(type.namespaced && { namespace }), name }), isNotFound),
      );
    }

    function configMap(name: string, metadata: Partial<ObjectMeta> = {}): Promise<KubeObject> {
      const manifest = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, ...metadata } };
      return client.create(ConfigMaps, manifest);
    }

    function ownedBy({ apiVersion, kind, metadata }: KubeObject, more: object = {}): Partial<ObjectMeta> {
      const { name, uid } = metadata;
      return { ownerReferences: [{ apiVersion, kind, name, uid, ...more }] };
    }

    describe('the scheduler', () => {
      it('says that there are no nodes', async () => {
        await createPod('lonely');

        assert.equal(await whyPending('lonely'), 'no nodes available to schedule pods');
      });

      it('binds pods, and never more than a node has GPUs', async () => {
        await createNode('node-a', { gpus: 2 });
        await createNode('node-b', { gpus: 1 });
        const names = ['p1', 'p2', 'p3', 'p4'];
        await Promise.all(names.map((name) => createPod(name, { requests: { [gpu]: '1' } })));

        const pods = await soon(async () => {
          const { items } = await client.list(Pods, { namespace });
          assert.equal(items.filter(({ spec }) => spec.nodeName !== undefined).length, 3);
          return items;
        });

        const nodes = pods.flatMap(({ spec }) => spec.nodeName ?? []).sort();
        assert.deepEqual(nodes, ['node-a', 'node-a', 'node-b']);
        const [left] = pods.filter(({ spec }) => spec.nodeName === undefined);
        assert.match(await whyPending(left?.metadata.name ?? ''), new RegExp(`2 Insufficient ${gpu}`));
      });

      it('says why no node will do, in the words of kube-scheduler, and in one event', async () => {
        await createNode('full', { gpus: 1 });
        await createPod('first', { requests: { [gpu]: '1' } });
        await nodeOf('first');
        await createNode('small', { gpus: 0 });
        await createNode('tainted', { spec: { taints: [{ key: 'reserved', effect: 'NoSchedule' }] } });
        await createNode('other', { labels: { 'kubernetes.io/os': 'plan9' } });

        await createPod('second', {
          requests: { [gpu]: '1', cpu: '100m' },
          spec: { affinity: requiredNodeLabel('kubernetes.io/os', 'DoesNotExist') },
        });

        const message = [
          "0/4 nodes are available: 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had untolerated taint(s),",
          '2 Insufficient nvidia.com/gpu.',
          'preemption: 0/4 nodes are available: 1 No preemption victims found for incoming pod,',
          '3 Preemption is not helpful for scheduling.',
        ].join(' ');
        assert.equal(await whyPending('second'), message);
        const told = await soon(async () => {
          const { items } = await client.list(Events, { namespace });
          const events = items.filter(
            ({ reason, regarding }) => reason === 'FailedScheduling' && regarding.name === 'second',
          );
          assert.ok(events.length > 0);
          return events;
        });
        assert.deepEqual(
          told.map(({ note }) => note),
          [message],
        );
      });

      it('tries again when a node comes, is uncordoned, or a pod goes', async () => {
        await createPod('early', { requests: { [gpu]: '1' } });
        await whyPending('early');
        await createNode('late', { gpus: 1, spec: { unschedulable: true } });
        await podWhen('early', ({ status }) => JSON.stringify(status).includes('unschedulable'));
        await client.mergePatch(Nodes, { name: 'late' }, { spec: { unschedulable: false } });
        assert.equal(await nodeOf('early'), 'late');
        await createPod('next', { requests: { [gpu]: '1' } });
        await whyPending('next');

        await client.delete(Pods, { namespace, name: 'early' }, { gracePeriodSeconds: 0 });

        assert.equal(await nodeOf('next'), 'late');
      });

      it('places the more important pod first, and gated ones and those of other schedulers not at all', async () => {
        await Promise.all([
          createPod('gated', { spec: { schedulingGates: [{ name: 'example.com/wait' }] } }),
          createPod('foreign', { spec: { schedulerName: 'another' } }),
        ]);
        await createNode('node-a');
        await createPod('ordinary');

        await nodeOf('ordinary');

        const { items } = await client.list(Pods, { namespace });
        const bound = items
          .filter(({ spec }) => spec.nodeName !== undefined)
          .map(({ metadata }) => metadata.name);
        assert.deepEqual(bound, ['ordinary']);
        await client.mergePatch(Pods, { namespace, name: 'gated' }, { spec: { schedulingGates: null } });
        assert.equal(await nodeOf('gated'), 'node-a');
      });

      it('keeps pods together and apart as they ask, and spreads them', async () => {
        await Promise.all(
          ['a', 'b'].flatMap((zone) =>
            [1, 2].map((number) => createNode(`${zone}${number}`, { labels: { zone } })),
          ),
        );
        const apart = podAffinity('podAntiAffinity', 'kubernetes.io/hostname', 'miner');
        const near = podAffinity('podAffinity', 'zone', 'leader');
        await createPod('leader', { labels: { app: 'leader' } });
        const zone = (await nodeOf('leader')).charAt(0);

        for (const name of ['m1', 'm2', 'm3', 'm4']) {
          await createPod(name, { labels: { app: 'miner' }, spec: { affinity: apart } });
        }
        await createPod('follower', { spec: { affinity: near } });
        const labelSelector = { matchLabels: { app: 'spread' } };
        const spread = { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector };
        for (const name of ['s1', 's2']) {
          await createPod(name, { labels: { app: 'spread' }, spec: { topologySpreadConstraints: [spread] } });
        }

        const miners = await Promise.all(['m1', 'm2', 'm3', 'm4'].map(nodeOf));
        assert.deepEqual(miners.sort(), ['a1', 'a2', 'b1', 'b2']);
        assert.equal((await nodeOf('follower')).charAt(0), zone);
        const zones = (await Promise.all(['s1', 's2'].map(nodeOf))).map((node) => node.charAt(0));
        assert.deepEqual(zones.sort(), ['a', 'b']);
      });
    });

    describe('the garbage collector', () => {
      it('deletes what is left of an owner, down to the grandchildren', async () => {
        const owner = await configMap('owner');
        const child = await configMap('child', ownedBy(owner));
        await configMap('grandchild', ownedBy(child));

        await client.delete(ConfigMaps, owner.metadata, { propagationPolicy: 'Background' });

        await isGone(ConfigMaps, 'child');
        await isGone(ConfigMaps, 'grandchild');
      });

      it('deletes an object whose owner never existed, or lives in another namespace', async () => {
        const elsewhere = await client.create(ConfigMaps, {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'elsewhere', namespace: 'kube-public' },
        });
        const nobody = {
          ...elsewhere,
          metadata: { ...elsewhere.metadata, name: 'nobody', uid: 'no-such-uid' },
        };

        await configMap('of-nobody', ownedBy(nobody));
        await configMap('of-elsewhere', ownedBy(elsewhere));

        await isGone(ConfigMaps, 'of-nobody');
        await isGone(ConfigMaps, 'of-elsewhere');
        await client.delete(ConfigMaps, elsewhere.metadata);
      });

      it('keeps an object that has another owner, without the reference to the one that is gone', async () => {
        const first = await configMap('first');
        const second = await configMap('second');
        const references = [first, second].flatMap((owner) => ownedBy(owner).ownerReferences ?? []);
        await configMap('shared', { ownerReferences: references });

        await client.delete(ConfigMaps, first.metadata);

        await soon(async () => {
          const { metadata } = await client.get(ConfigMaps, { namespace, name: 'shared' });
          assert.deepEqual(
            metadata.ownerReferences?.map(({ name }) => name),
            ['second'],
          );
        });
        await client.delete(ConfigMaps, second.metadata);
        await isGone(ConfigMaps, 'shared');
      });

      it('deletes in the foreground: the owner goes when what blocks it is gone', async () => {
        const owner = await configMap('owner');
        const held = { finalizers: ['example.com/hold'] };
        await configMap('blocking', { ...ownedBy(owner, { blockOwnerDeletion: true }), ...held });
        await configMap('free', ownedBy(owner));

        await client.delete(ConfigMaps, owner.metadata, { propagationPolicy: 'Foreground' });

        await isGone(ConfigMaps, 'free').catch(() => undefined);
        const blocking = await soon(async () => {
          const object = await client.get(ConfigMaps, { namespace, name: 'blocking' });
          assert.ok(object.metadata.deletionTimestamp !== undefined);
          return object;
        });
        const waiting = await client.get(ConfigMaps, owner.metadata);
        assert.deepEqual(waiting.metadata.finalizers, ['foregroundDeletion']);
        await client.mergePatch(ConfigMaps, blocking.metadata, { metadata: { finalizers: null } });
        await isGone(ConfigMaps, 'owner');
        await isGone(ConfigMaps, 'blocking');
      });

      it('lets dependents go when they are to be orphaned', async () => {
        const owner = await configMap('owner');
        await configMap('orphan', ownedBy(owner));

        await client.delete(ConfigMaps, owner.metadata, { propagationPolicy: 'Orphan' });

        await isGone(ConfigMaps, 'owner');
        const orphan = await client.get(ConfigMaps, { namespace, name: 'orphan' });
        assert.equal(orphan.metadata.ownerReferences, undefined);
        assert.equal(orphan.metadata.deletionTimestamp, undefined);
        await client.delete(ConfigMaps, orphan.metadata);
      });
    });

    describe('the life of nodes', () => {
      let heart: NodeJS.Timeout | undefined;
      afterEach(() => clearInterval(heart));

      const conditionOf = (
        object: Node | Pod,
        type: string,
      ): { status: string; reason?: string } | undefined =>
        object.status?.conditions?.find((condition) => condition.type === type);

      it('calls a silent node lost, marks and evicts its pods, and takes it back', async () => {
        await createNode('silent');
        // Where all nodes are lost, Kubernetes takes itself to be the one that is cut off, and evicts nobody.
        await createNode('healthy');
        heart = setInterval(() => void beat('healthy').catch(() => undefined), 500);
        const untaintedFor = (tolerationSeconds: number): Partial<PodSpec> => ({
          nodeSelector: { 'kubernetes.io/hostname': 'silent' },
          tolerations: [{ operator: 'Exists', effect: 'NoExecute', tolerationSeconds }],
        });
        await createPod('patient', { spec: untaintedFor(3600) });
        await createPod('impatient', { spec: untaintedFor(0) });
        await nodeOf('impatient');
        await nodeOf('patient');
        const running = await client.get(Pods, { namespace, name: 'patient' });
        const ready = {
          type: 'Ready',
          status: 'True',
          lastTransitionTime: running.metadata.creationTimestamp,
        };
        await client.patchStatus(Pods, running, { phase: 'Running', conditions: [ready] });

        const lost = await soon(async () => {
          const node = await client.get(Nodes, { name: 'silent' });
          assert.ok(taintKeys(node).length >= 2, JSON.stringify(node.spec));
          return node;
        });

        assert.equal(conditionOf(lost, 'Ready')?.status, 'Unknown');
        assert.equal(conditionOf(lost, 'Ready')?.reason, 'NodeStatusUnknown');
        assert.equal(conditionOf(lost, 'MemoryPressure')?.reason, 'NodeStatusNeverUpdated');
        const taints = lost.spec?.taints?.map(({ key, effect }) => `${key}:${effect}`).sort();
        const key = 'node.kubernetes.io/unreachable';
        assert.deepEqual(taints, [`${key}:NoExecute`, `${key}:NoSchedule`]);
        await podWhen('patient', (pod) => conditionOf(pod, 'Ready')?.status === 'False');
        await soon(async () => {
          const evicted = await client.get(Pods, { namespace, name: 'impatient' }).catch(() => undefined);
          assert.ok(evicted === undefined || evicted.metadata.deletionTimestamp !== undefined);
        });

        await beat('silent');

        await soon(async () => {
          const node = await client.get(Nodes, { name: 'silent' });
          assert.deepEqual(taintKeys(node), []);
        });
      });

      it('deletes pods whose node is gone', async function () {
        if (cluster.polls) {
          this.skip();
        }
        await createNode('doomed');
        await createPod('left-behind', { spec: { terminationGracePeriodSeconds: 600 } });
        await nodeOf('left-behind');

        await client.delete(Nodes, { name: 'doomed' });

        await isGone(Pods, 'left-behind');
      });
    });

    describe('what changes under way', () => {
      const gadgets = {
        group: 'example.com',
        version: 'v1',
        kind: 'Gadget',
        plural: 'gadgets',
        namespaced: true,
      } as const;

      it('collects objects of kinds that came later, and empties namespaces of them', async function () {
        if (cluster.polls) {
          this.skip();
        }
        await client.create(CustomResourceDefinitions, {
          apiVersion: 'apiextensions.k8s.io/v1',
          kind: 'CustomResourceDefinition',
          metadata: { name: 'gadgets.example.com' },
          spec: gadgetDefinition(),
        });
        await client.create(Namespaces, {
          apiVersion: 'v1',
          kind: 'Namespace',
          metadata: { name: 'doomed' },
        });
        const gadget = (name: string, metadata: Partial<ObjectMeta> = {}): Promise<KubeObject> =>
          client.create<KubeObject>(gadgets, {
            apiVersion: 'example.com/v1',
            kind: 'Gadget',
            metadata: { name, namespace: 'doomed', ...metadata },
          });
        const owner = await soon(() => gadget('owner'));
        const child = await gadget('child', ownedBy(owner));
        const held = await gadget('held', { finalizers: ['example.com/hold'] });

        await client.delete(gadgets, owner.metadata);
        await soon(() => assert.rejects(client.get(gadgets, child.metadata), isNotFound));
        await client.delete(Namespaces, { name: 'doomed' });

        await soon(async () => {
          const { status } = await client.get(Namespaces, { name: 'doomed' });
          const condition = status?.conditions?.find(({ type }) => type === 'NamespaceFinalizersRemaining');
          assert.equal(
            condition?.message,
            'Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances',
          );
        });
        await client.mergePatch(gadgets, held.metadata, { metadata: { finalizers: null } });
        await isGone(Namespaces, 'doomed');
        await client.delete(CustomResourceDefinitions, { name: 'gadgets.example.com' });
      });

      it('goes on after a restart of the API server', async () => {
        await createNode('node-a');
        const owner = await configMap('owner');
        await configMap('child', ownedBy(owner));

        await cluster.restartApiServer();

        await soon(() => beat('node-a'));
        await soon(() => createPod('late'));
        await soon(() => client.delete(ConfigMaps, owner.metadata));
        assert.equal(await nodeOf('late'), 'node-a');
        await isGone(ConfigMaps, 'child');
      });
    });
  });
}

function taintKeys({ spec }: Node): string[] {
  return (spec?.taints ?? []).map(({ key }) => key);
}

function gadgetDefinition(): CustomResourceDefinition['spec'] {
  const spec = {
    group: 'example.com',
    scope: 'Namespaced',
    names: { kind: 'Gadget', listKind: 'GadgetList', plural: 'gadgets', singular: 'gadget' },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
  };
  return spec;
}

interface NodeContent {
  readonly gpus: number;
  readonly labels: Record<string, string>;
  readonly spec: NonNullable<Node['spec']>;
}

type PodContent = Partial<ObjectMeta> & {
  readonly requests: Record<string, string>;
  readonly spec: Partial<PodSpec> & Record<string, unknown>;
};

function requiredNodeLabel(
  key: string,
  operator: 'Exists' | 'DoesNotExist',
): NonNullable<PodSpec['affinity']> {
  const nodeSelectorTerms = [{ matchExpressions: [{ key, operator }] }];
  return { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } };
}

function podAffinity(
  kind: 'podAffinity' | 'podAntiAffinity',
  topologyKey: string,
  app: string,
): NonNullable<PodSpec['affinity']> {
  const term = { topologyKey, labelSelector: { matchLabels: { app } } };
  return { [kind]: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
}

function ignoreNotFound(error: unknown): void {
  if (!isNotFound(error)) {
    throw error;
  }
}
