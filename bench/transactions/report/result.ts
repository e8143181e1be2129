import type { BenchResult } from '../../report/result.ts';
import type { ControlPlaneKind } from '../world/cluster.ts';

/** What sending many transactions came to. */
export interface ThroughputFigures {
  /** That blocks include. */
  readonly transactions: number;
  /** From the block before the first that includes one to the last, by the time of the blocks. */
  readonly seconds: number;
  readonly blocks: number;
  readonly perSecond: number;
  readonly perBlockMedian: number;
  readonly perBlockMost: number;
  /** Writes of the operator to the API server per transaction, by `verb resource`. Pruning is not among them: it comes a day later. */
  readonly writes: Readonly<Record<string, number>>;
  /** Blocks from the head at which a transaction was signed to the block that includes it; 1 is the next. */
  readonly waitBlocksP50: number;
  readonly waitBlocksP99: number;
  /** Reconciles of StakeAccounts. */
  readonly rounds: number;
  /** JSON-RPC calls per transaction. */
  readonly rpcCalls: number;
  /** CPU time of the operator per transaction. */
  readonly cpuMs: number;
}

export interface ThroughputResult extends ThroughputFigures {
  readonly accounts: number;
  /** What is not as it must be; empty when each payment was made once, and no nonce was left out. */
  readonly problems: readonly string[];
}

/** What it costs to watch so many accounts that are at rest. */
export interface ReadingResult {
  readonly accounts: number;
  readonly blocks: number;
  /** JSON-RPC calls of the operator per block. */
  readonly callsPerBlock: number;
}

/** One run, as `--json` writes it and docs/transaction-performance.md is made from. */
export interface TransactionResult extends Pick<BenchResult, 'headframe' | 'hardware'> {
  /** RFC 3339. */
  readonly date: string;
  /** By which counts were multiplied; 1 for the figures to quote. */
  readonly scale: number;
  readonly node: string;
  readonly controlPlane: ControlPlaneKind;
  readonly throughput: ThroughputResult;
  readonly reading: readonly ReadingResult[];
  /** What must hold and did not; see limits.ts. */
  readonly missed: readonly string[];
}
