import { Command, Option } from 'commander';
import { type ComputeCluster, ComputeClusters } from '../api/compute-cluster.ts';
import { type MinerPool, MinerPoolSpec, MinerPools } from '../api/miner-pool.ts';
import { type KubeClient, kubeClient } from '../kube/client.ts';
import { ApiError, isNotFound } from '../kube/errors.ts';
import { type Transport, createTransport } from '../kube/transport.ts';
import { systemClock } from '../time/clock.ts';
import { connect } from './connect.ts';
import { ExitError } from './exit-error.ts';
import { placementReport } from './explain-placement/report.ts';
import { reportText } from './explain-placement/text.ts';

interface ExplainSettings {
  readonly namespace?: string;
  readonly output?: 'json';
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** `headframe explain-placement`: where the replicas of a pool belong, and why no more of them are there. */
export function explainPlacementCommand(): Command {
  return new Command('explain-placement')
    .description(
      'say where the replicas of a MinerPool belong, what each cluster would cost, and why it takes no more of them',
    )
    .argument('<pool>', 'name of the MinerPool')
    .option('-n, --namespace <name>', 'its namespace; default: that of the context')
    .addOption(new Option('-o, --output <format>', 'instead of text').choices(['json']))
    .addOption(
      new Option(
        '--kubeconfig <file>',
        'kubeconfig of the cluster in which Headframe runs; default: $KUBECONFIG, else the cluster this runs in, else ~/.kube/config',
      ).env('HEADFRAME_KUBECONFIG'),
    )
    .addOption(
      new Option('--context <name>', 'context of the kubeconfig; default: its current-context').env(
        'HEADFRAME_CONTEXT',
      ),
    )
    .action(async (pool: string, settings: ExplainSettings) => {
      process.stdout.write(`${await explain(pool, settings)}\n`);
    });
}

async function explain(name: string, settings: ExplainSettings): Promise<string> {
  const connection = await connect(settings);
  const transport = createTransport(connection, { clock: systemClock });
  try {
    const namespace = settings.namespace ?? connection.namespace;
    const { pool, clusters } = await read(transport, { namespace, name });
    const report = placementReport(pool, clusters, systemClock.now());
    return settings.output === 'json' ? JSON.stringify(report, undefined, 2) : reportText(report);
  } finally {
    transport.close();
  }
}

/** @throws ExitError of code 2 for whatever the server has against it */
async function read(
  transport: Transport,
  key: { namespace: string; name: string },
): Promise<{ pool: MinerPool; clusters: readonly ComputeCluster[] }> {
  const client = kubeClient(transport);
  try {
    const pool = await poolNamed(client, transport, key);
    const { items } = await client.list(ComputeClusters);
    return { pool: withDefaults(pool), clusters: items };
  } catch (error) {
    if (error instanceof ApiError) {
      const { description } = transport.connection;
      throw new ExitError(`cannot use ${description}: ${error.message}`, 2, { cause: error });
    }
    throw error;
  }
}

async function poolNamed(
  client: KubeClient,
  transport: Transport,
  key: { namespace: string; name: string },
): Promise<MinerPool> {
  try {
    return await client.get(MinerPools, key);
  } catch (error) {
    if (!isNotFound(error)) {
      throw error;
    }
    const { status } = await transport.request({
      method: 'GET',
      path: `/apis/${MinerPools.group}/${MinerPools.version}`,
    });
    throw new ExitError(
      status === 404
        ? 'the CustomResourceDefinitions are missing: headframe crds | kubectl apply -f -'
        : `there is no MinerPool '${key.name}' in namespace '${key.namespace}'; name another with --namespace, or see kubectl get minerpools --all-namespaces`,
      2,
      { cause: error },
    );
  }
}

/** A pool that was stored before a field existed lacks it until somebody writes it again. */
function withDefaults(pool: MinerPool): MinerPool {
  const spec = MinerPoolSpec.safeParse(pool.spec);
  return spec.success ? { ...pool, spec: spec.data } : pool;
}
