import { Command, Option } from 'commander';
import { type ChainTransaction, ChainTransactions } from '../api/chain-transaction.ts';
import { annotations, labels } from '../api/group.ts';
import { StakeAccounts } from '../api/stake-account.ts';
import { accountLabel } from '../chain/engine/entry-name.ts';
import type { KubeClient } from '../kube/client.ts';
import { isConflict, isForbidden, isNotFound } from '../kube/errors.ts';
import { systemClock } from '../time/clock.ts';
import {
  type ClusterAccess,
  type NamespaceSettings,
  addClusterFlags,
  withCluster,
} from './cluster-access.ts';
import { ExitError } from './exit-error.ts';
import { whyNothingIsSent } from './tx/idle-account.ts';
import { type Judgement, type Request, judge } from './tx/requests.ts';
import { transactionRows, transactionsText } from './tx/rows.ts';

interface ListSettings extends NamespaceSettings {
  readonly account?: string;
  readonly allNamespaces?: boolean;
  readonly output?: 'json';
}

/** `headframe tx`: the transactions of StakeAccounts. */
export function txCommand(): Command {
  return new Command('tx')
    .description('see the transactions of StakeAccounts, and cancel or retry one')
    .addCommand(listCommand())
    .addCommand(
      requestCommand('cancel', 'have a transaction that does nothing take the place of one that is stuck'),
    )
    .addCommand(requestCommand('retry', 'have tried again what the chain refused, or somebody cancelled'));
}

function listCommand(): Command {
  const command = new Command('list')
    .description('list ChainTransactions, the newest last')
    .option('--account <name>', 'only those of this StakeAccount')
    .option('-n, --namespace <name>', 'their namespace; default: that of the context')
    .addOption(new Option('-A, --all-namespaces', 'those of all namespaces').conflicts('namespace'))
    .addOption(new Option('-o, --output <format>', 'instead of a table').choices(['json']));
  return addClusterFlags(command).action(async (settings: ListSettings) => {
    process.stdout.write(`${await list(settings)}\n`);
  });
}

function requestCommand(request: Request, description: string): Command {
  const command = new Command(request)
    .description(description)
    .argument('<name>', 'name of the ChainTransaction')
    .option('-n, --namespace <name>', 'its namespace; default: that of the context');
  return addClusterFlags(command).action(async (name: string, settings: NamespaceSettings) => {
    const message = await withCluster(settings, (access) => ask(request, name, access));
    process.stdout.write(`${message}\n`);
  });
}

function list(settings: ListSettings): Promise<string> {
  const { account, output, allNamespaces = false } = settings;
  return withCluster(settings, async ({ client, namespace, missing }) => {
    const where = allNamespaces ? 'any namespace' : `namespace '${namespace}'`;
    const found = await transactionsIn(client, allNamespaces ? undefined : namespace, account).catch(
      async (error: unknown) => {
        throw isNotFound(error) ? await missing(`${where} has no ChainTransactions`) : error;
      },
    );
    const rows = transactionRows(found);
    if (output === 'json') {
      return JSON.stringify(rows, undefined, 2);
    }
    return rows.length === 0
      ? `There are no ChainTransactions${account === undefined ? '' : ` of StakeAccount '${account}'`} in ${where}.`
      : transactionsText(rows, { withNamespace: allNamespaces, now: systemClock.now() });
  });
}

/** Entries per page of a LIST. */
const PAGE = 500;

async function transactionsIn(
  client: KubeClient,
  namespace: string | undefined,
  account: string | undefined,
): Promise<readonly ChainTransaction[]> {
  const found: ChainTransaction[] = [];
  let continueToken: string | undefined;
  do {
    const page = await client.list(ChainTransactions, {
      limit: PAGE,
      ...(namespace === undefined ? {} : { namespace }),
      ...(account === undefined ? {} : { labelSelector: `${labels.stakeAccount}=${accountLabel(account)}` }),
      ...(continueToken === undefined ? {} : { continueToken }),
    });
    found.push(...page.items);
    continueToken = page.continueToken;
  } while (continueToken !== undefined);
  return found;
}

/** So often the operator may write while we look: each time it is judged anew. */
const MAX_LOOKS = 5;

/**
 * Sets the annotation, if that can help.
 * @returns what comes of it, for people
 * @throws ExitError of code 2 when it cannot help
 */
async function ask(request: Request, name: string, access: ClusterAccess): Promise<string> {
  const { client } = access;
  for (let looks = 1; ; looks++) {
    const transaction = await transactionNamed(name, access);
    const idle = request === 'cancel' ? await idleReason(transaction, access) : undefined;
    const judgement = judge(request, transaction, idle);
    if (judgement.kind !== 'possible') {
      return answered(judgement);
    }
    const { resourceVersion } = transaction.metadata;
    try {
      await client.mergePatch(ChainTransactions, transaction.metadata, {
        metadata: { resourceVersion, annotations: { [annotations[request]]: 'true' } },
      });
      return judgement.message;
    } catch (error) {
      if (!isConflict(error) || looks === MAX_LOOKS) {
        throw error;
      }
    }
  }
}

/** Undefined also for users who may not see the StakeAccount. */
async function idleReason(
  { metadata: { namespace }, spec }: ChainTransaction,
  { client }: ClusterAccess,
): Promise<string | undefined> {
  const { name } = spec.accountRef;
  try {
    return whyNothingIsSent(await client.get(StakeAccounts, { namespace, name }));
  } catch (error) {
    if (isNotFound(error)) {
      return `there is no StakeAccount '${name}': create it with the address ${spec.address}`;
    }
    if (isForbidden(error)) {
      return undefined;
    }
    throw error;
  }
}

function answered({ kind, message }: Judgement): string {
  if (kind === 'useless') {
    throw new ExitError(message, 2);
  }
  return message;
}

async function transactionNamed(
  name: string,
  { client, namespace, missing }: ClusterAccess,
): Promise<ChainTransaction> {
  try {
    return await client.get(ChainTransactions, { namespace, name });
  } catch (error) {
    if (!isNotFound(error)) {
      throw error;
    }
    throw await missing(
      `there is no ChainTransaction '${name}' in namespace '${namespace}'; name another with --namespace, or see headframe tx list --all-namespaces`,
    );
  }
}
