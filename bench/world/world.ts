import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Nodes } from '../../src/api/builtin.ts';
import { ComputeClusterSpec, ComputeClusters, LOCAL_CLUSTER } from '../../src/api/compute-cluster.ts';
import { API_VERSION } from '../../src/api/group.ts';
import { installCrds } from '../../src/commands/demo/install-crds.ts';
import { ensureAssets } from '../../src/devcluster/control-plane/assets.ts';
import { startControlPlane } from '../../src/devcluster/control-plane/control-plane.ts';
import { createProcessGuard } from '../../src/devcluster/process/guard.ts';
import { type KubeClient, kubeClient } from '../../src/kube/client.ts';
import type { Connection } from '../../src/kube/connection.ts';
import { loadConnection } from '../../src/kube/kubeconfig.ts';
import { createTransport, type Transport } from '../../src/kube/transport.ts';
import type { Logger } from '../../src/telemetry/logger.ts';
import { createLogger } from '../../src/telemetry/winston-logger.ts';
import { systemClock } from '../../src/time/clock.ts';
import { benchNodes } from '../generator/nodes.ts';
import { giveAccess, OPERATOR_USER } from './access.ts';
import { auditPolicy } from './audit.ts';
import { stubborn } from './autogroup.ts';
import { inParallel } from './in-parallel.ts';
import { startKwok } from './kwok.ts';
import { startOperator, type Operator } from './operator.ts';

/** The namespace in which the audit log follows pools and pods. */
export const WATCHED_NAMESPACE = 'bench-watched';
/** Where the audit log follows the small pools of the scenario `fairness`. */
export const SMALL_POOLS_NAMESPACE = 'bench-fairness-small';

/** A real control plane, nodes that KWOK plays, and the operator: each a process of its own on this machine. */
export interface World {
  readonly transport: Transport;
  readonly client: KubeClient;
  readonly connection: Connection;
  readonly log: Logger;
  /** The audit log. */
  readonly auditFile: string;
  readonly operator: Operator;
  /** Stops the operator and starts it again. */
  restartOperator(): Promise<Operator>;
  /** How many nodes there are. */
  readonly nodes: number;
  /** Event-loop lag of the operator, p99 in ms: one value per scrape, for the time since the scrape before. */
  readonly lags: readonly number[];
  /** Adds nodes until there are `count`; never removes one. */
  ensureNodes(count: number): Promise<void>;
  /** Rejects when a program that the world needs has ended. */
  readonly failed: Promise<never>;
  stop(): Promise<void>;
}

/** What `npm run build` makes. */
export const BUNDLE = fileURLToPath(new URL('../../dist/headframe.mjs', import.meta.url));

/**
 * How far the servers give way to the contenders (the operator, the controller manager) and to the measuring process. In a cluster
 * they have machines of their own; here they would keep a contender that has little to do from doing it for tens of milliseconds.
 */
const NICENESS = 19;

/** What a world is built with. */
export interface WorldOptions {
  /** The operator's program, in a folder with all its files. */
  readonly program: string;
  readonly say: (message: string) => void;
}

/** Builds the world. What it started is ended when it fails half-way. */
export async function startWorld(options: WorldOptions): Promise<World> {
  const undo: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) {
      await step();
    }
  };
  try {
    return await build(options, undo, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A program has its parts in files beside it. */
async function copyProgram(program: string, to: string): Promise<void> {
  await mkdir(to);
  for (const file of (await readdir(dirname(program))).filter((name) => /\.(mjs|json)$/.test(name))) {
    await copyFile(join(dirname(program), file), join(to, file));
  }
}

async function build(
  { program: original, say }: WorldOptions,
  undo: (() => Promise<unknown>)[],
  stop: () => Promise<void>,
): Promise<World> {
  const assets = await ensureAssets({ kwok: true, progress: say });
  if (assets.kwok === undefined) {
    throw new Error('there is no kwok');
  }
  const guard = createProcessGuard();
  undo.push(() => guard.dispose());
  const folder = await mkdtemp(join(tmpdir(), 'headframe-bench-'));
  guard.ownFolder(folder);
  undo.push(() => rm(folder, { recursive: true, force: true }));
  // A copy: a build meanwhile must not change what is measured.
  const program = join(folder, 'program', basename(original));
  await copyProgram(original, dirname(program));
  const auditFile = join(folder, 'audit.log');
  const policyFile = join(folder, 'audit-policy.yaml');
  await writeFile(policyFile, auditPolicy(OPERATOR_USER, [WATCHED_NAMESPACE, SMALL_POOLS_NAMESPACE]));

  const failure = failureSwitch();
  const controlPlane = await startControlPlane({
    assets,
    onFailure: (name, tail) => failure.fail(`${name} has ended:\n${tail}`),
    // A heartbeat that comes late because the machine is busy must not end what is measured: lost nodes are not.
    nodeMonitorGraceSeconds: 3600,
    niceness: { etcd: NICENESS, 'kube-apiserver': NICENESS, 'kube-scheduler': NICENESS },
    apiServerFlags: [
      `--audit-policy-file=${policyFile}`,
      `--audit-log-path=${auditFile}`,
      // Only clearing up between rounds uses it.
      '--delete-collection-workers=8',
    ],
  });
  undo.push(() => controlPlane.stop());
  const connection = await loadConnection({ kubeconfig: controlPlane.kubeconfig });
  const transport = createTransport(connection, { clock: systemClock, requestTimeoutMs: 120_000 });
  undo.push(() => {
    transport.close();
    return Promise.resolve();
  });
  const client = kubeClient(transport);
  await installCrds(client, systemClock);
  // The inventory of the cluster is kept up to date meanwhile, as it is wherever the operator is installed.
  await client.create(ComputeClusters, {
    apiVersion: API_VERSION,
    kind: ComputeClusters.kind,
    metadata: { name: LOCAL_CLUSTER },
    spec: ComputeClusterSpec.parse({}),
  });
  const kubeconfig = join(folder, 'operator.kubeconfig');
  await giveAccess({ client, transport, adminKubeconfig: controlPlane.kubeconfig, file: kubeconfig });
  const kwok = startKwok({
    path: assets.kwok,
    kubeconfig: controlPlane.kubeconfig,
    folder,
    guard,
    niceness: NICENESS,
    onEnd: failure.fail,
  });
  undo.push(() => kwok.stop(3000));
  const lags: number[] = [];
  const start = (): Promise<Operator> =>
    startOperator({ program, kubeconfig, folder, guard, onEnd: failure.fail, onLag: (ms) => lags.push(ms) });
  let operator = await start();
  undo.push(() => operator.stop());
  const { etcd = 0, 'kube-apiserver': apiServer = 0, 'kube-scheduler': scheduler = 0 } = controlPlane.pids;
  const servers = { etcd, 'kube-apiserver': apiServer, 'kube-scheduler': scheduler, kwok: kwok.pid };
  const equals = await stubborn(servers, NICENESS);
  if (equals.length > 0) {
    say(
      `warning: ${equals.join(', ')} cannot be made to give way to the operator (/proc/PID/autogroup): times will be longer than elsewhere`,
    );
  }
  let nodes = 0;
  return {
    transport,
    client,
    connection,
    log: createLogger({ level: 'warn' }),
    auditFile,
    lags,
    get nodes() {
      return nodes;
    },
    get operator() {
      return operator;
    },
    async restartOperator() {
      await operator.stop();
      operator = await start();
      return operator;
    },
    async ensureNodes(count) {
      const missing = benchNodes(nodes, Math.max(0, count - nodes));
      await inParallel(missing, 16, (node) => client.create(Nodes, node));
      nodes += missing.length;
    },
    failed: failure.failed,
    stop,
  };
}

function failureSwitch(): { failed: Promise<never>; fail: (message: string) => void } {
  let fail: (message: string) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => {
    fail = (message) => reject(new Error(message));
  });
  // Whoever races against it hears of it; nobody listening must not end the process.
  failed.catch(() => undefined);
  return { failed, fail: (message) => fail(message) };
}
