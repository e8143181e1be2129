import { readFile } from 'node:fs/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { contributions, contributionsSince } from '../compute/usage/ledger-totals.ts';
import { shares, splitAmount } from '../compute/usage/reward-shares.ts';
import { ExitError } from './exit-error.ts';
import { readLedgers } from './rewards/ledgers-file.ts';

interface SplitSettings {
  readonly ledgers: string;
  readonly since?: string;
  readonly amount?: bigint;
}

/** `headframe rewards`: what clusters are owed. */
export function rewardsCommand(): Command {
  return new Command('rewards')
    .description('work out what clusters are owed; pays nobody')
    .addCommand(splitCommand());
}

/** `headframe rewards split`: by V100-equivalent hours. */
function splitCommand(): Command {
  return new Command('split')
    .description(
      'split an amount among clusters by the V100-equivalent hours that each has contributed, and print it as JSON',
    )
    .requiredOption(
      '--ledgers <file>',
      'what kubectl get configmaps -o json prints in the operator’s namespace',
    )
    .option('--since <file>', 'the same of an earlier time: only what was contributed after it counts')
    .addOption(
      new Option(
        '--amount <n>',
        'what is to be split, in the smallest unit of its token; the parts add up to it exactly',
      ).argParser(wholeAmount),
    )
    .action(async (settings: SplitSettings) => {
      process.stdout.write(`${JSON.stringify(await split(settings), undefined, 2)}\n`);
    });
}

async function split({ ledgers, since, amount }: SplitSettings): Promise<object[]> {
  const now = readLedgers(await read(ledgers, '--ledgers'), ledgers);
  const given =
    since === undefined
      ? contributions(now)
      : contributionsSince(now, readLedgers(await read(since, '--since'), since));
  const parts = amount === undefined ? undefined : splitAmount(amount, given);
  if (amount !== undefined && parts === undefined) {
    throw new ExitError('no cluster has contributed anything: there is nobody to split the amount among', 1);
  }
  return shares(given).map(({ cluster, v100eHours, share }) => ({
    cluster,
    v100EquivalentHours: v100eHours,
    share,
    ...(parts === undefined ? {} : { amount: String(parts.get(cluster) ?? 0n) }),
  }));
}

async function read(file: string, flag: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ExitError(`${flag}: '${file}' cannot be read: ${reason}`, 2, { cause: error });
  }
}

function wholeAmount(text: string): bigint {
  if (!/^\d{1,78}$/.test(text)) {
    throw new InvalidArgumentError(
      `'${text}' must be a whole number of at least 0, in the smallest unit of the token, such as '1000000'.`,
    );
  }
  return BigInt(text);
}
