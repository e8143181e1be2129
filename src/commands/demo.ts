import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Command, InvalidArgumentError, Option } from 'commander';
import { ensureAssets } from '../devcluster/control-plane/assets.ts';
import { type ControlPlane, startControlPlane } from '../devcluster/control-plane/control-plane.ts';
import { startNodeAgent } from '../devcluster/node-agent/node-agent.ts';
import { createProcessGuard } from '../devcluster/process/guard.ts';
import { type KubeClient, kubeClient } from '../kube/client.ts';
import { createTransport } from '../kube/transport.ts';
import { createLogger } from '../telemetry/winston-logger.ts';
import { systemClock } from '../time/clock.ts';
import { connect } from './connect.ts';
import { type Health, waitUntilHealthy } from './demo/health.ts';
import { installCrds } from './demo/install-crds.ts';
import { demoNodes } from './demo/nodes.ts';
import { startOperator } from './demo/operator-process.ts';
import { packageRoot } from './demo/package-root.ts';
import { showTable } from './demo/table.ts';
import { type Teardown, createTeardown } from './demo/teardown.ts';
import { ExitError } from './exit-error.ts';
import { stopSignal } from './stop-signal.ts';

interface DemoSettings {
  readonly check: boolean;
  readonly timeoutSeconds: number;
}

const SAMPLES = ['compute-cluster.yaml', 'miner-pool.yaml', 'miner-pool-a100.yaml'];

/** `headframe demo`: the whole thing on this machine. */
export function demoCommand(): Command {
  return new Command('demo')
    .description(
      'run a control plane, nodes with simulated GPUs, the operator and the samples on this machine',
    )
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
    await (settings.check ? checkDemo(settings, teardown, stop) : watchDemo(teardown, stop));
  } finally {
    if (stop.aborted) {
      say('stopping');
    }
    for (const error of await teardown.run()) {
      say(`${error.message}: ${String(error.cause)}`);
    }
  }
}

async function watchDemo(teardown: Teardown, signal: AbortSignal): Promise<void> {
  const demo = await startDemo(teardown, signal);
  if (demo === undefined) {
    return;
  }
  const { kubeconfig, kubectl } = demo.controlPlane;
  const heading = [
    'Headframe demo. Ctrl-C stops everything. In another terminal:',
    `  export KUBECONFIG=${kubeconfig}`,
    `  ${kubectl} get minerpools`,
    `  ${kubectl} scale minerpool h100-miners --replicas=6`,
    '',
  ].join('\n');
  process.stdout.write(`${heading}\n`);
  await showTable({ kubectl, kubeconfig, clock: systemClock, signal, output: process.stdout, heading });
}

async function checkDemo(settings: DemoSettings, teardown: Teardown, signal: AbortSignal): Promise<void> {
  const demo = await startDemo(teardown, signal);
  if (demo === undefined) {
    throw new ExitError('stopped before all was healthy', 1);
  }
  const timeoutMs = settings.timeoutSeconds * 1000;
  const health = await waitUntilHealthy(demo.client, { clock: systemClock, timeoutMs, signal });
  const seconds = Number(((systemClock.monotonic() - demo.startedAt) / 1000).toFixed(1));
  process.stdout.write(`${JSON.stringify({ ...health, seconds })}\n`);
  if (!health.healthy) {
    throw new ExitError(unhealthy(health, settings), 1);
  }
}

function unhealthy({ pools, readyPools }: Health, { timeoutSeconds: seconds }: DemoSettings): string {
  return `${readyPools} of ${pools} pools were ready after ${seconds} seconds`;
}

/** A demo that runs. */
interface Demo {
  readonly controlPlane: ControlPlane;
  readonly client: KubeClient;
  /** When the programs were there and the start began, on the monotonic clock. */
  readonly startedAt: number;
}

/** Undefined when `signal` came in between. */
async function startDemo(teardown: Teardown, signal: AbortSignal): Promise<Demo | undefined> {
  const assets = await ensureAssets({ progress: say, signal });
  const startedAt = systemClock.monotonic();
  say('starting the control plane');
  const onFailure = (component: string, logTail: string): void => {
    say(`${component} has ended:\n${logTail}`);
  };
  const controlPlane = await startControlPlane({ assets, signal, onFailure });
  teardown.push('the control plane', () => controlPlane.stop());
  const connection = await connect({ kubeconfig: controlPlane.kubeconfig });
  const transport = createTransport(connection, { clock: systemClock });
  teardown.push('the connection', () => {
    transport.close();
    return Promise.resolve();
  });
  const client = kubeClient(transport);
  await installCrds(client, systemClock);
  if (signal.aborted) {
    return undefined;
  }
  say(`starting ${demoNodes.length} nodes and the operator`);
  const log = createLogger({ level: 'warn' });
  const agent = await startNodeAgent({
    connection,
    nodes: demoNodes,
    log,
    clock: systemClock,
    clientCertificate: controlPlane.kubeletClientCertificate,
  });
  teardown.push('the nodes', () => agent.stop());
  const guard = createProcessGuard();
  teardown.push('the process guard', () => guard.dispose());
  const folder = controlPlane.dataFolder;
  const operator = await startOperator({ kubeconfig: controlPlane.kubeconfig, folder, guard });
  teardown.push('the operator', () => operator.stop());
  void operator.exited.then((code) => {
    if (!signal.aborted && code !== 0) {
      say(`the operator has ended with code ${code ?? 'none'}; its log is ${folder}/operator.log`);
    }
  });
  await applySamples(controlPlane);
  say(`metrics of the operator: ${operator.metricsUrl}; of the simulated GPUs: ${agent.metricsUrl}`);
  return { controlPlane, client, startedAt };
}

/** By kubectl, as a user would: who applies an edited sample later is not warned about another tool. */
async function applySamples({ kubectl, kubeconfig }: ControlPlane): Promise<void> {
  const folder = join(packageRoot(), 'manifests', 'samples');
  const files = SAMPLES.flatMap((sample) => ['-f', join(folder, sample)]);
  await promisify(execFile)(kubectl, ['--kubeconfig', kubeconfig, 'apply', ...files]);
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
