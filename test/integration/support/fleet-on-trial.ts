import { Pods, Secrets, type Pod } from '../../../src/api/builtin.ts';
import { type ComputeCluster, ComputeClusters } from '../../../src/api/compute-cluster.ts';
import type { Manifest } from '../../../src/api/kube-object.ts';
import { type MinerPool, MinerPools } from '../../../src/api/miner-pool.ts';
import { createOperator } from '../../../src/commands/operator-parts.ts';
import type { Manager } from '../../../src/controller/manager.ts';
import { type FaultProxy, startFaultProxy } from '../../../src/devcluster/fault-proxy/fault-proxy.ts';
import type { NodeSpec } from '../../../src/devcluster/node-agent/node-object.ts';
import { createInformer } from '../../../src/kube/informer.ts';
import { kubeMetrics } from '../../../src/kube/metrics.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { createRegistry } from '../../../src/telemetry/metrics-registry.ts';
import { systemClock } from '../../../src/time/clock.ts';
import { h100Node, startTestCluster, type TestCluster } from '../../support/test-cluster.ts';

/** A node of so many V100s. */
export function v100Node(name: string, gpus: number): NodeSpec {
  return { ...h100Node(name), product: 'Tesla-V100-SXM2-32GB', gpus, memoryMiB: 32_768 };
}

/** A cluster that a fleet has besides home, reached through a proxy that can take it away. */
export interface Member {
  readonly cluster: TestCluster;
  readonly proxy: FaultProxy;
}

/** How many pods of a pool there have been at once, in all clusters together. */
export interface Census {
  /** The most at any moment since the start, or since the last call; pods on their way out do not count. */
  most(): number;
  /** Ordinals that had more than one pod at some moment, pods on their way out included. */
  doubled(): readonly string[];
  /** How many pods there were in all, in each of the clusters that had any, home first. */
  made(): readonly number[];
  stop(): Promise<void>;
}

/** Several clusters, and an operator in the first. */
export interface FleetOnTrial {
  readonly home: TestCluster;
  readonly members: ReadonlyMap<string, Member>;
  /** Ends the operator as if it had been killed, and starts another. */
  restart(): Promise<void>;
  /** Writes the Secret and the ComputeCluster of a member. */
  join(name: string, spec?: Partial<ComputeCluster['spec']>): Promise<void>;
  putKubeconfig(name: string, text: string): Promise<void>;
  applyCluster(name: string, spec: object): Promise<void>;
  applyPool(name: string, spec: object): Promise<void>;
  pool(name: string): Promise<MinerPool>;
  /** Counts the pods of a pool over all clusters, past every proxy, from now on. */
  census(pool: string): Promise<Census>;
  /** Pods of the pool that live in a cluster (`local` or a member), by name, sorted. */
  pods(cluster: string, pool: string): Promise<readonly Pod[]>;
  stop(): Promise<void>;
}

/**
 * @param nodes of home (`local`) and of each member, by name
 * @param isRunning false: the operator is somebody else's business
 */
export async function fleetOnTrial(
  nodes: Readonly<Record<string, readonly NodeSpec[]>>,
  { isRunning = true }: { readonly isRunning?: boolean } = {},
): Promise<FleetOnTrial> {
  const { local = [], ...others } = nodes;
  const home = await startTestCluster({ nodes: local });
  const members = new Map<string, Member>();
  for (const [name, ofMember] of Object.entries(others)) {
    const cluster = await startTestCluster({ nodes: ofMember });
    members.set(name, { cluster, proxy: await startFaultProxy({ target: cluster.connection }) });
  }
  let operator = isRunning ? startOperator(home) : undefined;

  const memberNamed = (name: string): Member => {
    const member = members.get(name);
    if (member === undefined) {
      throw new Error(`no member ${name}`);
    }
    return member;
  };
  const clientOf = (name: string): TestCluster['client'] =>
    name === 'local' ? home.client : memberNamed(name).cluster.client;

  async function applyCluster(name: string, spec: object): Promise<void> {
    const connection =
      name === 'local' ? { type: 'Local' } : { type: 'Kubeconfig', kubeconfig: { secretRef: { name } } };
    const manifest = {
      apiVersion: 'headframe.dev/v1alpha1',
      kind: 'ComputeCluster',
      metadata: { name },
      spec: { connection, ...spec },
    };
    await home.client.apply(ComputeClusters, manifest as unknown as Manifest<ComputeCluster>, {
      force: true,
    });
  }

  async function putKubeconfig(name: string, text: string): Promise<void> {
    const metadata = { name, namespace: 'default' };
    const data = { kubeconfig: Buffer.from(text).toString('base64') };
    await home.client.apply(Secrets, { apiVersion: 'v1', kind: 'Secret', metadata, data }, { force: true });
  }

  return {
    home,
    members,
    async restart() {
      await operator?.kill();
      operator = startOperator(home);
    },
    async join(name, spec = {}) {
      await putKubeconfig(name, memberNamed(name).proxy.kubeconfig);
      await applyCluster(name, spec);
    },
    putKubeconfig,
    applyCluster,
    async applyPool(name, spec) {
      const manifest = {
        apiVersion: 'headframe.dev/v1alpha1',
        kind: 'MinerPool',
        metadata: { name, namespace: 'default' },
        spec: { template: { spec: { containers: [{ name: 'miner', image: 'headframe/miner' }] } }, ...spec },
      };
      await home.client.apply(MinerPools, manifest as unknown as Manifest<MinerPool>, { force: true });
    },
    census: (pool) => takeCensus([home, ...[...members.values()].map(({ cluster }) => cluster)], pool),
    pool: (name) => home.client.get(MinerPools, { namespace: 'default', name }),
    async pods(cluster, pool) {
      const { items } = await clientOf(cluster).list(Pods, {
        namespace: 'default',
        labelSelector: `headframe.dev/pool=${pool}`,
      });
      return items.sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
    },
    async stop() {
      await operator?.kill();
      for (const { proxy, cluster } of members.values()) {
        await proxy.stop();
        await cluster.stop();
      }
      await home.stop();
    },
  };
}

function startOperator(home: TestCluster): { manager: Manager; kill: () => Promise<void> } {
  const registry = createRegistry({ version: 'test' });
  const stop = new AbortController();
  const manager = createOperator({
    transport: home.transport,
    kubeMetrics: kubeMetrics(registry),
    registry,
    log: silentLogger,
    lease: undefined,
    drainTimeoutSeconds: 0,
    secretPace: { rereadMs: 500, retryMs: 200 },
  });
  const running = manager.run(stop.signal);
  return {
    manager,
    async kill() {
      stop.abort();
      await running;
    },
  };
}

async function takeCensus(clusters: readonly TestCluster[], pool: string): Promise<Census> {
  const stopping = new AbortController();
  const doubled = new Set<string>();
  const uids = clusters.map(() => new Set<string>());
  let most = 0;
  const informers = clusters.map(({ transport }) =>
    createInformer({
      transport,
      type: Pods,
      namespace: 'default',
      labelSelector: `headframe.dev/pool=${pool}`,
      clock: systemClock,
      log: silentLogger,
    }),
  );
  const count = (): void => {
    const all = informers.flatMap(({ store }) => [...store.list()]);
    const names = all.map(({ metadata }) => metadata.name);
    names.filter((name, index) => names.indexOf(name) !== index).forEach((name) => doubled.add(name));
    most = Math.max(most, all.filter(({ metadata }) => metadata.deletionTimestamp === undefined).length);
  };
  informers.forEach((informer, index) => {
    informer.onChange(({ object }) => {
      uids[index]?.add(object.metadata.uid);
      count();
    });
  });
  const running = informers.map((informer) => informer.start(stopping.signal));
  await Promise.all(informers.map((informer) => informer.whenSynced()));
  return {
    most() {
      const last = most;
      most = 0;
      count();
      return last;
    },
    doubled: () => [...doubled],
    made: () => uids.map(({ size }) => size).filter((size) => size > 0),
    async stop() {
      stopping.abort();
      await Promise.all(running);
    },
  };
}
