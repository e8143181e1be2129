import type { ChainTransaction } from '../../api/chain-transaction.ts';
import { type Immutable, keyOf } from '../../api/kube-object.ts';
import { parseWei } from '../../chain/amounts/decimal.ts';
import { CLAIM } from '../../chain/protocols/protocol.ts';
import type { Change } from '../../kube/informer.ts';
import { type StakeCaches, accountKeyOf } from '../caches.ts';

/** Ended transactions of one account, since this process began. */
export interface TransactionCounts {
  /** By kind, then by outcome. */
  readonly outcomes: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** What their gas cost, in wei. */
  readonly spentWei: bigint;
}

/** Counts transactions of accounts as they end. Objects of those that have ended are deleted after a while, so they cannot be counted. */
export interface TransactionCounter {
  of(accountKey: string): TransactionCounts;
}

/** There from the beginning, at 0, so that the first of them is an increase. */
const kinds = ['CheckIn', CLAIM, 'RegisterMiners', 'DeregisterMiners'] as const;
const outcomes = ['Confirmed', 'Reverted'] as const;

interface Count {
  readonly outcomes: Map<string, Map<string, number>>;
  spentWei: bigint;
}

/** Call before the informers start. What had ended before is counted by whoever ran then. */
export function createTransactionCounts({
  transactions,
  accounts,
}: Pick<StakeCaches, 'transactions' | 'accounts'>): TransactionCounter {
  const counts = new Map<string, Count>();
  accounts.onChange(({ type, object }) => {
    if (type === 'deleted') {
      counts.delete(keyOf(object));
    }
  });
  transactions.onChange((change) => {
    if (hasEnded(change)) {
      const key = accountKeyOf(change.object);
      const count = counts.get(key) ?? noneYet();
      counts.set(key, count);
      add(count, change.object);
    }
  });
  return { of: (key) => counts.get(key) ?? noneYet() };
}

function noneYet(): Count {
  const zeros = (): [string, number][] => outcomes.map((outcome) => [outcome, 0]);
  return { outcomes: new Map(kinds.map((kind) => [kind, new Map(zeros())])), spentWei: 0n };
}

/** An outcome stays once it is known. */
function hasEnded(change: Change<ChainTransaction>): boolean {
  return (
    change.type === 'updated' &&
    change.previous.status?.outcome === undefined &&
    change.object.status?.outcome !== undefined
  );
}

function add(count: Count, { spec, status }: Immutable<ChainTransaction>): void {
  const { outcome = '', inclusion } = status ?? {};
  const byOutcome = count.outcomes.get(spec.intent.kind) ?? new Map<string, number>();
  count.outcomes.set(spec.intent.kind, byOutcome);
  byOutcome.set(outcome, (byOutcome.get(outcome) ?? 0) + 1);
  count.spentWei += parseWei(inclusion?.costWei ?? '0');
}
