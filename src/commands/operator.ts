import { Command } from 'commander';
import { MinerPools } from '../api/miner-pool.ts';
import type { Manager } from '../controller/manager.ts';
import { ApiError } from '../kube/errors.ts';
import { kubeMetrics } from '../kube/metrics.ts';
import { createTransport, type Transport } from '../kube/transport.ts';
import type { Logger } from '../telemetry/logger.ts';
import { createRegistry } from '../telemetry/metrics-registry.ts';
import { createLogger } from '../telemetry/winston-logger.ts';
import { systemClock } from '../time/clock.ts';
import { connect } from './connect.ts';
import { ExitError } from './exit-error.ts';
import { createOperator } from './operator-parts.ts';
import { type OperatorSettings, addOperatorFlags } from './operator-settings.ts';
import { serve, type Served } from './serve.ts';
import { stopSignal } from './stop-signal.ts';
import { VERSION } from './version.ts';

/** `headframe operator`: reconciles until SIGTERM. */
export function operatorCommand(): Command {
  const command = new Command('operator').description(
    'run the operator: watch what users want of pools, clusters and stake, and make it so',
  );
  return addOperatorFlags(command).action((settings: OperatorSettings) => runOperator(settings));
}

async function runOperator(settings: OperatorSettings): Promise<void> {
  const log = createLogger({ level: settings.logLevel });
  const stop = stopSignal();
  const registry = createRegistry({ version: VERSION });
  const metrics = kubeMetrics(registry);
  const connection = await connect(settings);
  const transport = createTransport(connection, { clock: systemClock, metrics });
  const lease = settings.leaderElect
    ? {
        namespace: settings.leaderElectionNamespace ?? connection.namespace,
        name: settings.leaderElectionId,
      }
    : undefined;
  const { drainTimeoutSeconds, usageCheckpointSeconds, allowCredentialPlugins, dryRun } = settings;
  const manager = createOperator({
    transport,
    kubeMetrics: metrics,
    registry,
    log,
    lease,
    drainTimeoutSeconds,
    usageCheckpointSeconds,
    credentialPlugins: allowCredentialPlugins,
    dryRun,
  });
  let served: Served | undefined;
  try {
    await greet(transport, log);
    served = await serve({ settings, manager, registry, log });
    await run(manager, stop);
  } finally {
    await served?.close();
    transport.close();
  }
}

async function run(manager: Manager, stop: AbortSignal): Promise<void> {
  const end = await manager.run(stop);
  if (end === 'lostLease') {
    // Whoever leads now must not meet a process that once did: start afresh.
    throw new ExitError('another operator has the lease now; this one ends', 1);
  }
}

/**
 * Asks the server for its version and for our kinds, so that a wrong address, an expired credential or a missing CRD is said at once
 * and in plain words. A missing CRD or a refused LIST does not stop the operator: it waits for it to be mended.
 * @throws ExitError when the server cannot be reached or does not accept us
 */
async function greet(transport: Transport, log: Logger): Promise<void> {
  const server = transport.connection.description;
  const version = await ask(transport, '/version');
  if (version.status === 401) {
    throw new ExitError(
      `${server} does not accept the credentials (401 Unauthorized): they are expired or for another cluster; renew them, or name another kubeconfig with --kubeconfig`,
      2,
    );
  }
  const { gitVersion } = parse(version.body);
  log.info('connected', { server, serverVersion: gitVersion });
  const kinds = await ask(transport, `/apis/${MinerPools.group}/${MinerPools.version}`);
  if (kinds.status === 404) {
    log.warn('the CustomResourceDefinitions are missing: headframe crds | kubectl apply -f -');
  }
}

async function ask(transport: Transport, path: string): Promise<{ status: number; body: string }> {
  try {
    return await transport.request({ method: 'GET', path });
  } catch (error) {
    if (error instanceof ApiError) {
      throw new ExitError(`cannot use ${transport.connection.description}: ${error.message}`, 2, {
        cause: error,
      });
    }
    throw error;
  }
}

function parse(body: string): { gitVersion?: unknown } {
  try {
    return JSON.parse(body) as { gitVersion?: unknown };
  } catch {
    return {};
  }
}
