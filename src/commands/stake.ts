import { Command, Option } from 'commander';
import { createProofSource } from '../controllers/rewards/proof-source.ts';
import { systemClock } from '../time/clock.ts';
import { type NamespaceSettings, addClusterFlags, withCluster } from './cluster-access.ts';
import { lookAt } from './stake/look.ts';
import { withNetwork } from './stake/with-network.ts';
import { readAccount } from './stake/read-account.ts';
import { planText } from './stake/text.ts';

interface PlanSettings extends NamespaceSettings {
  readonly operatorNamespace: string;
  readonly output?: 'json';
}

/** `headframe stake`: what becomes of the stake of StakeAccounts. */
export function stakeCommand(): Command {
  return new Command('stake').description('see what becomes of stake').addCommand(planCommand());
}

/** `headframe stake plan`: what would be sent now. */
function planCommand(): Command {
  const command = new Command('plan')
    .description(
      'say what would be sent for a StakeAccount now, what it would cost, and what it would make of its stake; reads no key, and sends and writes nothing',
    )
    .argument('<account>', 'name of the StakeAccount')
    .option('-n, --namespace <name>', 'its namespace; default: that of the context')
    .addOption(
      new Option(
        '--operator-namespace <name>',
        'where Headframe runs, and Secrets with URLs and tokens of endpoints are',
      )
        .env('HEADFRAME_OPERATOR_NAMESPACE')
        .default('headframe-system'),
    )
    .addOption(new Option('-o, --output <format>', 'instead of text').choices(['json']));
  return addClusterFlags(command).action(async (account: string, settings: PlanSettings) => {
    process.stdout.write(`${await plan(account, settings)}\n`);
  });
}

function plan(name: string, settings: PlanSettings): Promise<string> {
  const { operatorNamespace, output } = settings;
  return withCluster(settings, async (access) => {
    const objects = await readAccount(name, access);
    const secrets = { client: access.client, namespace: operatorNamespace };
    const proofs = createProofSource({ ...secrets, clock: systemClock });
    const found = await withNetwork(objects.network, secrets, (network) =>
      lookAt(objects, network, { now: systemClock.now(), proofs }),
    );
    return output === 'json' ? JSON.stringify(found, undefined, 2) : planText(found);
  });
}
