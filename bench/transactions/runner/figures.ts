import type { ChainTransaction } from '../../../src/api/chain-transaction.ts';
import { median, percentile } from '../../statistics.ts';
import type { Scrape } from '../../world/metrics.ts';
import type { ChainEvidence } from '../checker/judge.ts';
import type { ThroughputFigures } from '../report/result.ts';
import type { Reading } from '../world/operator.ts';

/** What figures are worked out from. */
export interface Measured {
  readonly evidence: Pick<ChainEvidence, 'mined' | 'blockTimes'>;
  readonly entries: readonly Pick<ChainTransaction, 'spec'>[];
  readonly before: Reading;
  readonly after: Reading;
}

/** The figures of a run. Pure: transactions and their blocks are the chain's, the rest is the operator's reading. */
export function throughputOf({ evidence, entries, before, after }: Measured): ThroughputFigures {
  const { mined, blockTimes } = evidence;
  const blocks = mined.map(({ blockNumber }) => blockNumber);
  const [first, last] = [Math.min(...blocks), Math.max(...blocks)];
  // From the block before the first, in which the transactions of the first were sent.
  const seconds = (blockTimes.get(last) ?? NaN) - (blockTimes.get(first - 1) ?? blockTimes.get(first) ?? NaN);
  const perBlock = Array.from(
    { length: last - first + 1 },
    (_, index) => blocks.filter((block) => block === first + index).length,
  );
  const waits = waitsOf(evidence, entries);
  const transactions = mined.length;
  const written = difference(before.writes, after.writes);
  return {
    transactions,
    seconds,
    blocks: perBlock.length,
    perSecond: transactions / seconds,
    perBlockMedian: median(perBlock),
    perBlockMost: Math.max(...perBlock),
    writes: Object.fromEntries(Object.entries(written).map(([what, count]) => [what, count / transactions])),
    waitBlocksP50: percentile(waits, 0.5),
    waitBlocksP99: percentile(waits, 0.99),
    rounds: rounds(after.metrics) - rounds(before.metrics),
    rpcCalls: (rpcCalls(after.metrics) - rpcCalls(before.metrics)) / transactions,
    cpuMs: (after.cpuMs - before.cpuMs) / transactions,
  };
}

/** Blocks from the head when a payment was entered to the block that includes it. */
function waitsOf({ mined }: Measured['evidence'], entries: Measured['entries']): number[] {
  const blockOf = new Map(mined.map(({ hash, blockNumber }) => [hash, blockNumber]));
  return entries.flatMap(({ spec: { attempts } }) => {
    const block = attempts.map(({ hash }) => blockOf.get(hash)).find((found) => found !== undefined);
    return block === undefined || attempts[0] === undefined ? [] : [block - attempts[0].signedBlock];
  });
}

function difference(before: Reading['writes'], after: Reading['writes']): Record<string, number> {
  return Object.fromEntries(
    Object.entries(after)
      .map(([what, count]) => [what, count - (before[what] ?? 0)] as const)
      .filter(([, count]) => count > 0),
  );
}

function rounds(metrics: Scrape): number {
  return sumOf(metrics, /^controller_runtime_reconcile_total\{.*controller="stakeaccount"/);
}

/** JSON-RPC calls; each of a batch counts. */
export function rpcCalls(metrics: Scrape): number {
  return sumOf(metrics, /^headframe_rpc_requests_total\{/);
}

function sumOf(metrics: Scrape, series: RegExp): number {
  return [...metrics].reduce((sum, [name, value]) => sum + (series.test(name) ? value : 0), 0);
}
