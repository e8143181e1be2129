import { Command, InvalidArgumentError, Option } from 'commander';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { BLOCKS_PER_HOUR, NoBidError, pricePerBlock } from '../compute/akash/price-script.ts';
import { readPriceTable } from './akash/price-table-file.ts';
import { ExitError } from './exit-error.ts';

interface PriceScriptSettings {
  readonly prices: string;
  readonly blocksPerHour: string;
}

/** `headframe akash`: what an Akash provider calls. */
export function akashCommand(): Command {
  return new Command('akash').description('help an Akash provider').addCommand(priceScriptCommand());
}

/** `headframe akash price-script`: the pricing hook of Akash's provider. */
function priceScriptCommand(): Command {
  return new Command('price-script')
    .description(
      'price an order for GPUs: reads it as JSON from standard input, as Akash’s provider writes it, and prints the price per block in uact. ' +
        'Ends with 1, and says why on standard error, when there is to be no bid',
    )
    .requiredOption('--prices <file>', 'YAML or JSON: a ComputeCluster, or the spec.pricing of one')
    .addOption(
      new Option('--blocks-per-hour <n>', 'blocks of the chain in an hour')
        .argParser(positiveDecimal)
        .default(BLOCKS_PER_HOUR),
    )
    .action(async (settings: PriceScriptSettings) => {
      process.stdout.write(`${await priceOrder(settings)}\n`);
    });
}

async function priceOrder({ prices, blocksPerHour }: PriceScriptSettings): Promise<string> {
  const table = readPriceTable(await read(prices), prices);
  try {
    return pricePerBlock(await text(process.stdin), { ...table, blocksPerHour });
  } catch (error) {
    throw error instanceof NoBidError
      ? new ExitError(`no bid: ${error.message}`, 1, { cause: error })
      : error;
  }
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ExitError(`--prices: '${file}' cannot be read: ${reason}`, 2, { cause: error });
  }
}

function positiveDecimal(value: string): string {
  if (!/^\d{1,6}(\.\d{1,6})?$/.test(value) || !/[1-9]/.test(value)) {
    throw new InvalidArgumentError(
      `'${value}' must be a number above 0 with at most 6 digits before and after the point, such as '${BLOCKS_PER_HOUR}'.`,
    );
  }
  return value;
}
