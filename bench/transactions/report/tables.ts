import { LIMITS, PRUNING_WRITES, writesPerTransaction } from '../checker/limits.ts';
import type { TransactionResult } from './result.ts';

/** A table for a terminal or a page. */
export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** All that a run has to say, in the order in which it is read. */
export function tablesOf(result: TransactionResult): readonly Table[] {
  return [throughputTable(result), writesTable(result), readingTable(result)];
}

function throughputTable({ throughput }: TransactionResult): Table {
  const { accounts, transactions, perSecond, seconds, blocks, perBlockMedian, perBlockMost } = throughput;
  const { waitBlocksP50, waitBlocksP99, rounds, rpcCalls, cpuMs, problems } = throughput;
  return {
    title: `Sending: ${accounts} accounts, ${transactions} transactions, a block each second`,
    head: ['figure', 'value', 'limit'],
    rows: [
      ['transactions per second in blocks', perSecond.toFixed(1), `at least ${LIMITS.perSecond}`],
      ['over', `${seconds} s, ${blocks} blocks`, ''],
      ['transactions in a block: median, most', `${perBlockMedian}, ${perBlockMost}`, ''],
      [
        'writes to the API server per transaction',
        writesPerTransaction(throughput).toFixed(2),
        `at most ${LIMITS.writes}`,
      ],
      [
        'the same where a block becomes final later than `confirmations`: one more',
        (writesPerTransaction(throughput) + 1).toFixed(2),
        '',
      ],
      [
        'blocks from the head it was signed at to its own: p50, p99',
        `${waitBlocksP50}, ${waitBlocksP99}`,
        '',
      ],
      ['reconciles per transaction', (rounds / transactions).toFixed(2), ''],
      ['JSON-RPC calls per transaction', rpcCalls.toFixed(1), ''],
      ['CPU time of the operator per transaction', `${cpuMs.toFixed(1)} ms`, ''],
      ['transactions per second for which one core is enough', (1000 / cpuMs).toFixed(1), ''],
      ['payments not made exactly once, nonces left out, and other faults', String(problems.length), 'none'],
    ],
  };
}

function writesTable({ throughput }: TransactionResult): Table {
  const counted = Object.entries(throughput.writes).sort(([, a], [, b]) => b - a);
  return {
    title: 'Writes to the API server per transaction',
    head: ['write', 'per transaction'],
    rows: [
      ...counted.map(([what, count]) => [what, count.toFixed(3)]),
      ['delete chaintransactions, a day later (not in the run)', PRUNING_WRITES.toFixed(3)],
    ],
  };
}

function readingTable({ reading }: TransactionResult): Table {
  return {
    title: 'Reading: JSON-RPC calls per block with all StakeAccounts of one network at rest',
    head: ['StakeAccounts', 'calls per block', 'limit'],
    rows: reading.map(({ accounts, callsPerBlock }) => [
      String(accounts),
      callsPerBlock.toFixed(1),
      `at most ${LIMITS.callsPerBlock}`,
    ]),
  };
}
