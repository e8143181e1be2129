import { setMaxListeners } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pod } from '../../api/builtin.ts';
import { Pods } from '../../api/builtin.ts';
import { keyOf, type Immutable } from '../../api/kube-object.ts';
import { kubeClient, type KubeClient } from '../../kube/client.ts';
import type { Connection } from '../../kube/connection.ts';
import { createInformer } from '../../kube/informer.ts';
import { createTransport } from '../../kube/transport.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { systemClock, type Clock } from '../../time/clock.ts';
import { createProcessGuard } from '../process/guard.ts';
import { minerCommand } from '../worker-programs.ts';
import { createUsageMeter, startGpuExporter, type GpuInUse } from './gpu-usage.ts';
import { createHeartbeat, registerNode, type Heartbeat } from './heartbeat.ts';
import { shellImages, type ImageTable } from './images.ts';
import {
  startKubeletServer,
  type KubeletServer,
  type KubeletServices,
  type PodName,
} from './kubelet-server.ts';
import { nodePods, type NodePods } from './node-pods.ts';
import type { NodeSpec } from './node-object.ts';

export interface NodeAgentOptions {
  readonly connection: Connection;
  readonly nodes: readonly NodeSpec[];
  /** What images mean here, besides the reference miner and {@link shellImages}, which they may replace. Others are idle. */
  readonly images?: ImageTable;
  readonly log: Logger;
  readonly clock?: Clock;
  /** Waits between restarts of a crashing container, as a share of kubelet's. Default 1. */
  readonly backoffScale?: number;
  /** Between two heartbeats of a node. Default 10 s, as kubelet; tests lose nodes sooner. */
  readonly heartbeatMs?: number;
  /** PEM: the only client that may read logs (ControlPlane.kubeletClientCertificate). Default: whoever is on this machine. */
  readonly clientCertificate?: string;
  /** Under which the agent's folder is made. Default: the system's folder for temporary files. */
  readonly parentFolder?: string;
}

/** Nodes of any API server whose pods run as processes of this machine. For demo and tests. */
export interface NodeAgent {
  /** Where the simulated GPUs show themselves in the DCGM exporter's format. */
  readonly metricsUrl: string;
  /** Cuts the node off, as a pulled cable would: no heartbeats, no statuses, no logs, no word from the API server. Its pods run on. */
  failNode(name: string): void;
  /** Connects it again: pods deleted meanwhile end, the others are reported as they are. Resolves after the first heartbeat. */
  restoreNode(name: string): Promise<void>;
  /** Process groups of the containers that run on a node, but for those that only sleep. */
  processGroups(name: string): number[];
  /** Ends all pods' processes, and all heartbeats. Node and Pod objects stay. May be called twice. */
  stop(): Promise<void>;
}

/** How long pods have to end when the agent stops: what they did is thrown away. */
const STOP_GRACE_MS = 2_000;

/**
 * Registers the nodes and runs what is bound to them. Resolves when all nodes have said that they are Ready. No process of a
 * pod outlives this process, however that ends; a later agent for the same nodes starts the pods again.
 * @throws ApiError when a node cannot be registered
 */
export async function startNodeAgent(options: NodeAgentOptions): Promise<NodeAgent> {
  const { connection, log, clock = systemClock } = options;
  const guard = createProcessGuard();
  const folder = await mkdtemp(join(options.parentFolder ?? tmpdir(), 'headframe-pods-'));
  guard.ownFolder(folder);
  const stopping = new AbortController();
  // The heart of every node waits on it: from the eleventh on, Node would take that for a leak.
  setMaxListeners(0, stopping.signal);
  const transport = createTransport(connection, { clock });
  const client = kubeClient(transport, { fieldManager: 'headframe-node-agent', clock });
  const images: ImageTable = {
    'headframe/reference-miner': { kind: 'program', command: await minerCommand() },
    ...shellImages,
    ...options.images,
  };
  const services = { client, guard, clock, images, log, folder, backoffScale: options.backoffScale ?? 1 };
  const nodes = new Map(options.nodes.map((spec) => [spec.name, nodePods(spec, services)]));
  const gpus = (): GpuInUse[] => [...nodes.values()].flatMap((node) => node.gpus());
  const meter = createUsageMeter({
    clock,
    isNeeded: () => [...nodes.values()].some((node) => node.processGroups().length > 0),
  });
  const background: Promise<void>[] = [meter.run(stopping.signal)];
  const kubelet = await startKubeletServer(logService(nodes), {
    clock,
    clientCertificate: options.clientCertificate,
  });
  const exporter = await startGpuExporter(gpus, meter);
  const heartbeats = new Map<string, Heartbeat>();

  const stop = once(async () => {
    stopping.abort();
    await Promise.all([...nodes.values()].map((node) => node.stop(STOP_GRACE_MS)));
    await Promise.all([kubelet.close(), exporter.close()]);
    transport.close();
    await Promise.all(background);
    await guard.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  try {
    for (const [name, heartbeat] of await register({ options, clock, client, nodes, kubelet, stopping })) {
      heartbeats.set(name, heartbeat);
      background.push(heartbeat.run());
    }
    background.push(watchPods({ nodes, signal: stopping.signal, transport, clock, log }));
  } catch (error) {
    await stop();
    throw error;
  }

  return {
    metricsUrl: exporter.url,
    failNode: (name) => find(nodes, name).cutOff(),
    async restoreNode(name) {
      find(nodes, name).reconnect();
      await heartbeats.get(name)?.beat();
    },
    processGroups: (name) => find(nodes, name).processGroups(),
    stop,
  };
}

interface Registration {
  readonly options: NodeAgentOptions;
  readonly clock: Clock;
  readonly client: KubeClient;
  readonly nodes: ReadonlyMap<string, NodePods>;
  readonly kubelet: KubeletServer;
  readonly stopping: AbortController;
}

/** Makes every Node and says that it is Ready. */
function register({
  options,
  clock,
  client,
  nodes,
  kubelet,
  stopping,
}: Registration): Promise<[string, Heartbeat][]> {
  const { connection, log } = options;
  const leaseTransport = createTransport(connection, { clock });
  stopping.signal.addEventListener('abort', () => leaseTransport.close(), { once: true });
  const leaseClient = kubeClient(leaseTransport, { lane: 'leases', clock });
  return Promise.all(
    [...nodes.values()].map(async ({ spec, isReachable }): Promise<[string, Heartbeat]> => {
      const heartbeat = createHeartbeat({
        node: spec,
        client,
        leaseClient,
        clock,
        log,
        port: kubelet.port,
        signal: stopping.signal,
        intervalMs: options.heartbeatMs,
        isReachable,
      });
      await registerNode(client, spec);
      await heartbeat.beat();
      return [spec.name, heartbeat];
    }),
  );
}

interface PodWatch {
  readonly nodes: ReadonlyMap<string, NodePods>;
  readonly signal: AbortSignal;
  readonly transport: Parameters<typeof createInformer>[0]['transport'];
  readonly clock: Clock;
  readonly log: Logger;
}

/** One watch for all nodes: for one node the server filters, for several it leaves out what is not bound yet. */
async function watchPods({ nodes, signal, transport, clock, log }: PodWatch): Promise<void> {
  const names = [...nodes.keys()];
  const fieldSelector = names.length === 1 ? `spec.nodeName=${names[0] ?? ''}` : 'spec.nodeName!=';
  const informer = createInformer<Pod>({ transport, type: Pods, fieldSelector, clock, log });
  const nodeOf = (pod: Immutable<Pod>): NodePods | undefined => nodes.get(pod.spec.nodeName ?? '');
  informer.onChange((change) => {
    if (change.type === 'deleted') {
      nodeOf(change.object)?.gone(change.object);
      return;
    }
    if (change.type === 'updated' && change.previous.metadata.uid !== change.object.metadata.uid) {
      // Deleted and created again between two looks.
      nodeOf(change.previous)?.gone(change.previous);
    }
    nodeOf(change.object)?.present(change.object);
  });
  await informer.start(signal);
}

function logService(nodes: ReadonlyMap<string, NodePods>): KubeletServices {
  const nodeOf = (pod: PodName): NodePods | undefined =>
    [...nodes.values()].find((node) => node.find(keyOf({ metadata: pod })) !== undefined);
  return {
    isReachable: (pod) => nodeOf(pod)?.isReachable() ?? true,
    containerLog: (pod, container, previous) =>
      nodeOf(pod)
        ?.find(keyOf({ metadata: pod }))
        ?.containerLog(container, previous),
  };
}

function find(nodes: ReadonlyMap<string, NodePods>, name: string): NodePods {
  const node = nodes.get(name);
  if (node === undefined) {
    throw new RangeError(`this agent has no node ${name}`);
  }
  return node;
}

/** Runs `work` at the first call; later calls get the same promise. */
function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= work());
}
