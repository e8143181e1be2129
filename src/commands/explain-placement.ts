import { Command, Option } from 'commander';
import { ComputeClusters } from '../api/compute-cluster.ts';
import { type MinerPool, MinerPoolSpec, MinerPools } from '../api/miner-pool.ts';
import { isNotFound } from '../kube/errors.ts';
import { systemClock } from '../time/clock.ts';
import {
  type ClusterAccess,
  type NamespaceSettings,
  addClusterFlags,
  withCluster,
} from './cluster-access.ts';
import { placementReport } from './explain-placement/report.ts';
import { reportText } from './explain-placement/text.ts';

interface ExplainSettings extends NamespaceSettings {
  readonly output?: 'json';
}

/** `headframe explain-placement`: where the replicas of a pool belong, and why no more of them are there. */
export function explainPlacementCommand(): Command {
  const command = new Command('explain-placement')
    .description(
      'say where the replicas of a MinerPool belong, what each cluster would cost, and why it takes no more of them',
    )
    .argument('<pool>', 'name of the MinerPool')
    .option('-n, --namespace <name>', 'its namespace; default: that of the context')
    .addOption(new Option('-o, --output <format>', 'instead of text').choices(['json']));
  return addClusterFlags(command).action(async (pool: string, settings: ExplainSettings) => {
    process.stdout.write(`${await explain(pool, settings)}\n`);
  });
}

function explain(name: string, settings: ExplainSettings): Promise<string> {
  return withCluster(settings, async (access) => {
    const pool = withDefaults(await poolNamed(name, access));
    const { items } = await access.client.list(ComputeClusters);
    const report = placementReport(pool, items, systemClock.now());
    return settings.output === 'json' ? JSON.stringify(report, undefined, 2) : reportText(report);
  });
}

async function poolNamed(name: string, { client, namespace, missing }: ClusterAccess): Promise<MinerPool> {
  try {
    return await client.get(MinerPools, { namespace, name });
  } catch (error) {
    if (!isNotFound(error)) {
      throw error;
    }
    throw await missing(
      `there is no MinerPool '${name}' in namespace '${namespace}'; name another with --namespace, or see kubectl get minerpools --all-namespaces`,
    );
  }
}

/** A pool that was stored before a field existed lacks it until somebody writes it again. */
function withDefaults(pool: MinerPool): MinerPool {
  const spec = MinerPoolSpec.safeParse(pool.spec);
  return spec.success ? { ...pool, spec: spec.data } : pool;
}
