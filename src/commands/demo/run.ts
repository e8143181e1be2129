import { startNodeAgent } from '../../devcluster/node-agent/node-agent.ts';
import { createProcessGuard } from '../../devcluster/process/guard.ts';
import { type KubeClient, kubeClient } from '../../kube/client.ts';
import { createTransport, type Transport } from '../../kube/transport.ts';
import { createLogger } from '../../telemetry/winston-logger.ts';
import { systemClock } from '../../time/clock.ts';
import { connect } from '../connect.ts';
import { ExitError } from '../exit-error.ts';
import { stopSignal } from '../stop-signal.ts';
import { type DemoCluster, startDemoCluster } from './cluster.ts';
import { type DemoChain, startDemoChain, startRewards } from './chain.ts';
import { headingOf } from './heading.ts';
import { type Health, waitUntilHealthy } from './health.ts';
import { installCrds, installedCrds, removeCrds } from './install-crds.ts';
import { demoNodes, removeNodes } from './nodes.ts';
import { startOperator } from './operator-process.ts';
import { startPartner } from './partner.ts';
import { type Sample, SAMPLE_FILES, createSamples, deleteSamples, readSamples } from './samples.ts';
import { createKeySecret, deleteKeySecret, stakeSamples } from './stake-samples.ts';
import { showTable } from './table.ts';
import { type Teardown, createTeardown } from './teardown.ts';

/** What the flags of `headframe demo` say. */
export interface DemoSettings {
  readonly check: boolean;
  readonly timeoutSeconds: number;
  readonly controlPlane: 'embedded' | 'real';
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** Runs the demo until it is stopped or, with `check`, until it is healthy. @throws ExitError */
export async function runDemo(settings: DemoSettings): Promise<void> {
  const teardown = createTeardown();
  const stop = stopSignal();
  try {
    await (settings.check ? checkDemo(settings, teardown, stop) : watchDemo(settings, teardown, stop));
  } finally {
    if (stop.aborted) {
      say('stopping');
    }
    for (const error of await teardown.run()) {
      say(`${error.message}: ${String(error.cause)}`);
    }
  }
}

async function watchDemo(settings: DemoSettings, teardown: Teardown, signal: AbortSignal): Promise<void> {
  const demo = await startDemo(settings, teardown, signal);
  if (demo === undefined) {
    return;
  }
  const { kubeconfig, kubectl } = demo.cluster;
  const heading = headingOf({ kubeconfig, kubectl });
  process.stdout.write(`${heading}\n`);
  const { transport } = demo;
  await showTable({ transport, clock: systemClock, signal, output: process.stdout, heading });
}

async function checkDemo(settings: DemoSettings, teardown: Teardown, signal: AbortSignal): Promise<void> {
  const demo = await startDemo(settings, teardown, signal);
  if (demo === undefined) {
    throw new ExitError('stopped before all was healthy', 1);
  }
  const sinceStart = (): number =>
    Number(((systemClock.monotonic() - demo.cluster.startedAt) / 1000).toFixed(1));
  let readySeconds: number | undefined;
  const health = await waitUntilHealthy(demo, {
    clock: systemClock,
    timeoutMs: settings.timeoutSeconds * 1000,
    signal,
    onPoolsReady: () => (readySeconds ??= sinceStart()),
  });
  process.stdout.write(`${JSON.stringify({ ...health, readySeconds, seconds: sinceStart() })}\n`);
  if (!health.healthy) {
    throw new ExitError(unhealthy(health, settings), 1);
  }
}

function unhealthy(health: Health, { timeoutSeconds: seconds }: DemoSettings): string {
  const { pools, readyPools, notReady, cheapestFirst, stake } = health;
  return [
    `${readyPools} of ${pools} pools were ready after ${seconds} seconds`,
    ...notReady,
    ...(cheapestFirst ? [] : ['a replica is at a place that costs more than another with room']),
    ...stake.missing,
  ].join('; ');
}

/** A demo that runs. */
interface Demo {
  readonly cluster: DemoCluster;
  readonly transport: Transport;
  readonly client: KubeClient;
  readonly chain: DemoChain;
  readonly metricsUrl: string;
}

/** Undefined when `signal` came in between. */
async function startDemo(
  settings: DemoSettings,
  teardown: Teardown,
  signal: AbortSignal,
): Promise<Demo | undefined> {
  const isStopping = (): boolean => signal.aborted;
  const guard = createProcessGuard();
  teardown.push('the process guard', () => guard.dispose());
  const chainStart = startDemoChain({ teardown, say });
  const cluster = await startDemoCluster(settings, { teardown, guard, signal, say });
  const { kubeconfig, context, folder, kubeletClientCertificate, borrowed } = cluster;
  const connection = await connect({ kubeconfig, ...(context !== undefined && { context }) });
  const transport = createTransport(connection, { clock: systemClock });
  teardown.push('the connection', () => {
    transport.close();
    return Promise.resolve();
  });
  const client = kubeClient(transport);
  if (borrowed) {
    await refuseOccupied(client);
    teardown.push('the custom resource definitions', () => removeCrds(client));
    teardown.push('the nodes’ objects', () => removeNodes(client));
  }
  await installCrds(client, systemClock);
  if (isStopping()) {
    return undefined;
  }
  say(`starting ${demoNodes.length} nodes, a second cluster, a chain and the operator`);
  const agent = await startNodeAgent({
    connection,
    nodes: demoNodes,
    log: createLogger({ level: 'warn' }),
    clock: systemClock,
    clientCertificate: kubeletClientCertificate,
  });
  teardown.push('the nodes', () => agent.stop());
  await startPartner({ client, namespace: connection.namespace, borrowed, teardown, guard });
  const operator = await startOperator({ kubeconfig, context, folder, guard });
  teardown.push('the operator', () => operator.stop());
  void operator.exited.then((code) => {
    if (!signal.aborted && code !== 0) {
      say(`the operator has ended with code ${code ?? 'none'}; its log is ${folder}/operator.log`);
    }
  });
  const brought: Sample[] = [];
  if (borrowed) {
    teardown.push('the samples', () => deleteSamples(client, systemClock, brought));
  }
  const bring = async (samples: readonly Sample[]): Promise<void> => {
    brought.push(...samples);
    await createSamples(kubeClient(transport, { fieldManager: 'kubectl-client-side-apply' }), samples);
  };
  await bring(await readSamples(SAMPLE_FILES));
  const chain = await chainStart;
  if (isStopping()) {
    return undefined;
  }
  const { proofsUrl } = await startRewards(chain, { teardown, say });
  if (borrowed) {
    teardown.push('the key of the account', () => deleteKeySecret(client));
  }
  await createKeySecret(client, chain);
  await bring(await stakeSamples(chain, proofsUrl));
  say(`metrics of the operator: ${operator.metricsUrl}; of the simulated GPUs: ${agent.metricsUrl}`);
  say(
    `the chain: ${chain.chain.url}; proofs of rewards: ${proofsUrl}/${chain.provider.address.toLowerCase()}.json`,
  );
  return { cluster, transport, client, chain, metricsUrl: operator.metricsUrl };
}

/** Two operators, or the removal of someone's definitions, would be the end of more than a demo. */
async function refuseOccupied(client: KubeClient): Promise<void> {
  const found = await installedCrds(client);
  if (found.length > 0) {
    throw new ExitError(
      `this cluster has Headframe already (${found.join(', ')}): the demo needs one without it. If a demo that was killed left them, ` +
        `delete them: kubectl delete crd ${found.join(' ')}; kubectl delete nodes -l devcluster.headframe.dev/simulated`,
      2,
    );
  }
}

/** Progress is for people: standard output belongs to the table and to the JSON of --check. */
function say(message: string): void {
  process.stderr.write(`${message}\n`);
}
