import { Command, InvalidArgumentError, Option } from 'commander';
import { startNodeAgent } from '../devcluster/node-agent/node-agent.ts';
import { createProcessGuard } from '../devcluster/process/guard.ts';
import { type KubeClient, kubeClient } from '../kube/client.ts';
import { createTransport, type Transport } from '../kube/transport.ts';
import { createLogger } from '../telemetry/winston-logger.ts';
import { systemClock } from '../time/clock.ts';
import { connect } from './connect.ts';
import { type DemoCluster, startDemoCluster } from './demo/cluster.ts';
import { type Health, waitUntilHealthy } from './demo/health.ts';
import { installCrds, installedCrds, removeCrds } from './demo/install-crds.ts';
import { demoNodes, removeNodes } from './demo/nodes.ts';
import { startOperator } from './demo/operator-process.ts';
import { startPartner } from './demo/partner.ts';
import { createSamples, deleteSamples } from './demo/samples.ts';
import { showTable } from './demo/table.ts';
import { type Teardown, createTeardown } from './demo/teardown.ts';
import { ExitError } from './exit-error.ts';
import { stopSignal } from './stop-signal.ts';

interface DemoSettings {
  readonly check: boolean;
  readonly timeoutSeconds: number;
  readonly controlPlane: 'embedded' | 'real';
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** `headframe demo`: the whole thing on this machine. */
export function demoCommand(): Command {
  return new Command('demo')
    .description('run a cluster with simulated GPUs, the operator and the samples on this machine')
    .addOption(
      new Option(
        '--control-plane <kind>',
        'embedded: an API server inside this program; real: kube-apiserver and its friends, built once with Go',
      )
        .choices(['embedded', 'real'])
        .default('embedded'),
    )
    .addOption(
      new Option(
        '--kubeconfig <file>',
        'use the cluster of this file, which must not have Headframe; what the demo brings is removed at the end',
      ).conflicts('controlPlane'),
    )
    .option('--context <name>', 'with --kubeconfig: the context; default: its current-context')
    .option('--check', 'wait until all is healthy, print one line of JSON, stop everything', false)
    .addOption(
      new Option(
        '--timeout-seconds <n>',
        'with --check: how long to wait, from when the control plane is built',
      )
        .argParser(timeoutSeconds)
        .default(120),
    )
    .action((settings: DemoSettings) => runDemo(settings));
}

async function runDemo(settings: DemoSettings): Promise<void> {
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
  const heading = [
    'Headframe demo. Ctrl-C stops everything. In another terminal:',
    `  export KUBECONFIG=${kubeconfig}`,
    `  ${kubectl} get minerpools`,
    `  ${kubectl} scale minerpool h100-miners --replicas=6`,
    `  ${kubectl} describe minerpool anywhere`,
    '',
  ].join('\n');
  process.stdout.write(`${heading}\n`);
  const { transport } = demo;
  await showTable({ transport, clock: systemClock, signal, output: process.stdout, heading });
}

async function checkDemo(settings: DemoSettings, teardown: Teardown, signal: AbortSignal): Promise<void> {
  const demo = await startDemo(settings, teardown, signal);
  if (demo === undefined) {
    throw new ExitError('stopped before all was healthy', 1);
  }
  const timeoutMs = settings.timeoutSeconds * 1000;
  const health = await waitUntilHealthy(demo.client, { clock: systemClock, timeoutMs, signal });
  const seconds = Number(((systemClock.monotonic() - demo.cluster.startedAt) / 1000).toFixed(1));
  process.stdout.write(`${JSON.stringify({ ...health, seconds })}\n`);
  if (!health.healthy) {
    throw new ExitError(unhealthy(health, settings), 1);
  }
}

function unhealthy(health: Health, { timeoutSeconds: seconds }: DemoSettings): string {
  const { pools, readyPools, cheapestFirst } = health;
  const pooled = `${readyPools} of ${pools} pools were ready after ${seconds} seconds`;
  return cheapestFirst
    ? pooled
    : `${pooled}, and a replica is at a place that costs more than another with room`;
}

/** A demo that runs. */
interface Demo {
  readonly cluster: DemoCluster;
  readonly transport: Transport;
  readonly client: KubeClient;
}

/** Undefined when `signal` came in between. */
async function startDemo(
  settings: DemoSettings,
  teardown: Teardown,
  signal: AbortSignal,
): Promise<Demo | undefined> {
  const guard = createProcessGuard();
  teardown.push('the process guard', () => guard.dispose());
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
  if (signal.aborted) {
    return undefined;
  }
  say(`starting ${demoNodes.length} nodes, a second cluster and the operator`);
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
  if (borrowed) {
    teardown.push('the samples', () => deleteSamples(client, systemClock));
  }
  await createSamples(kubeClient(transport, { fieldManager: 'kubectl-client-side-apply' }));
  say(`metrics of the operator: ${operator.metricsUrl}; of the simulated GPUs: ${agent.metricsUrl}`);
  return { cluster, transport, client };
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

function timeoutSeconds(text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text)) {
    throw new InvalidArgumentError(`'${text}' must be a whole number of seconds from 1 to 99999.`);
  }
  return Number(text);
}
