import { type Table, tablesOf } from './tables.ts';
import type { TransactionResult } from './result.ts';

/** The text of docs/transaction-performance.md. Every figure in it is one of the result's. Pure. */
export function transactionPage(result: TransactionResult): string {
  return [
    '# How many transactions',
    '',
    '<!-- Written by npm run bench:page from bench/transactions/result.json. Do not edit. -->',
    '',
    introduction(result),
    '',
    result.missed.length === 0
      ? 'Every limit is met, each payment was made exactly once, and no nonce was left out.'
      : result.missed.map((limit) => `- **Limit missed**: ${limit}`).join('\n'),
    '',
    ...tablesOf(result).flatMap(({ title, ...table }) => [`## ${title}`, '', markdown(table), '']),
    '## How it is measured',
    '',
    METHOD,
    '',
  ].join('\n');
}

/** Above it a machine counts as busy. */
const BUSY_LOAD_PER_CORE = 0.75;

function introduction({ date, headframe, node, hardware, controlPlane, scale }: TransactionResult): string {
  const { cpu, cores, memoryGiB, loadBefore } = hardware;
  const scaleNote =
    scale === 1 ? '' : ` Every count is multiplied by ${scale}: these are not the figures to quote.`;
  const busy =
    loadBefore > BUSY_LOAD_PER_CORE * cores
      ? ` The load average before the run was ${loadBefore}: other programs were running, and the operator had only a part of a core.`
      : '';
  const server =
    controlPlane === 'real'
      ? 'kube-apiserver and etcd'
      : 'the embedded API server, in the process that measures';
  return [
    `Measured by \`npm run bench:transactions\` on ${date.slice(0, 10)}: Headframe ${headframe.version} (commit \`${headframe.commit}\`${headframe.modified ? ' with changes' : ''}), Node.js ${node}, on ${cores} cores of ${cpu} with ${memoryGiB} GiB.`,
    `${server[0]?.toUpperCase() ?? ''}${server.slice(1)}, anvil and the operator share them.${scaleNote}${busy}`,
    'Rates and times say something about this machine first; writes, calls and CPU time per transaction hardly depend on it.',
  ].join('\n');
}

function markdown({ head, rows }: Pick<Table, 'head' | 'rows'>): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const METHOD = `- **The operator is the operator**: \`createOperator\`, bundled as the program is, as a process of its own, with its StakeAccount controller, its outbox of ChainTransactions, its look at the network each second. Only the planner is another: stake is moved a few times a day, so each account also has payments of a token to make, each to somebody else, all due from the start. They are planned as duties are: more than one may wait for its block. Of what can wait for cheap gas an account still has at most two there.
- **Transactions, blocks and receipts** are the chain's: anvil with a block each second and the reference contracts. The rate is that of all transactions in blocks, over the time from the block before the first to the last.
- **Checked**: the balance of every payee (each payment exactly once), the nonces of every account against its ChainTransactions (none left out, none unexplained, none behind a gap), and that all have the outcome Confirmed.
- **Writes** are counted where the operator's requests leave it, of every kind. A transaction without trouble is created, ended, and a day later pruned. anvil's blocks are final after two more, before an inclusion is written down (\`confirmations\`, by default 3): on chains where it takes longer each transaction costs that write as well, which is the row with one more. Status writes of StakeAccounts are one for each account and look, however many transactions it has under way.
- **The rate of a core** is what the CPU time of a transaction leaves room for: the operator is one thread. It is the figure to compare when other programs were running.
- **A day of it** would be some four million ChainTransactions, which are kept for 26 hours: more than etcd holds. The rate is one for bursts.
- **At rest** nothing changes but the blocks. A first look costs some calls more; a test counts them.
- Run it yourself: \`npm run bench:transactions\`, \`-- --scale 0.05\` for a look, \`--control-plane real\` for kube-apiserver and etcd, \`--json FILE\` to keep the result. It ends with 1 when a limit is missed; the rate and the writes are judged in the whole size only. \`HEADFRAME_BENCH_NODE_FLAGS="--cpu-prof --cpu-prof-dir=/tmp/profiles"\` profiles the operator.`;
