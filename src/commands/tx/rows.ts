import { findCondition } from '../../api/conditions.ts';
import { annotations } from '../../api/group.ts';
import { formatEth, parseWei } from '../../chain/amounts/decimal.ts';
import { type Entry, isLive, wantsCancel } from '../../chain/engine/entry.ts';
import { ageText } from '../age.ts';
import { columns } from '../columns.ts';

/** A ChainTransaction in one line: what `-o json` prints. */
export interface TransactionRow {
  readonly namespace: string;
  readonly name: string;
  /** Name of the StakeAccount. */
  readonly account: string;
  readonly address: string;
  readonly chainId: number;
  /** The place among all transactions of the account. */
  readonly sequence: number;
  readonly nonce: number;
  readonly kind: string;
  /** How it ended; of one that is under way the reason of its condition Ready. */
  readonly state: string;
  readonly isEnded: boolean;
  /** What somebody has asked for by an annotation. */
  readonly asked?: 'Cancel' | 'Retry';
  /** Transactions that were signed for the nonce. */
  readonly attempts: number;
  readonly createdTime: string;
  /** What it cost, in the coin of the chain; absent until a block includes it. */
  readonly cost?: string;
  /** Of the transaction that a block includes. */
  readonly hash?: string;
  /** Why the contract refused it, as far as a node said. */
  readonly revertReason?: string;
}

/** The newest last. Of those of one second those of an account are in their sequence. */
export function transactionRows(entries: readonly Entry[]): readonly TransactionRow[] {
  return entries.map(rowOf).sort(byTime);
}

function byTime(a: TransactionRow, b: TransactionRow): number {
  const [mine, other] = [placeOf(a), placeOf(b)];
  return (
    Date.parse(a.createdTime) - Date.parse(b.createdTime) ||
    (mine === other ? a.sequence - b.sequence : mine < other ? -1 : 1)
  );
}

function placeOf({ namespace, account, chainId, address }: TransactionRow): string {
  return [namespace, account, chainId, address].join('/');
}

function rowOf(entry: Entry): TransactionRow {
  const { metadata, spec, status } = entry;
  const { inclusion, revertReason } = status ?? {};
  const asked = askedOf(entry);
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    account: spec.accountRef.name,
    address: spec.address,
    chainId: spec.chainId,
    sequence: spec.sequence,
    nonce: spec.nonce,
    kind: spec.intent.kind,
    state: stateOf(entry),
    isEnded: !isLive(entry),
    ...(asked === undefined ? {} : { asked }),
    attempts: spec.attempts.length,
    createdTime: metadata.creationTimestamp,
    ...(inclusion === undefined
      ? {}
      : { cost: formatEth(parseWei(inclusion.costWei)), hash: inclusion.hash }),
    ...(revertReason === undefined ? {} : { revertReason }),
  };
}

/** Before there is anything to say of its place on chain an entry has no conditions. */
function stateOf({ status }: Entry): string {
  return status?.outcome ?? findCondition(status?.conditions, 'Ready')?.reason ?? 'Broadcasting';
}

function askedOf(entry: Entry): TransactionRow['asked'] {
  if (isLive(entry)) {
    return wantsCancel(entry) ? 'Cancel' : undefined;
  }
  return entry.metadata.annotations?.[annotations.retry] === 'true' ? 'Retry' : undefined;
}

/**
 * The rows for people. Pure.
 * @param options.withNamespace whether they are of several namespaces
 * @param options.now milliseconds since 1970
 */
export function transactionsText(
  rows: readonly TransactionRow[],
  { withNamespace, now }: { readonly withNamespace: boolean; readonly now: number },
): string {
  const head = ['NAME', 'ACCOUNT', 'SEQUENCE', 'NONCE', 'KIND', 'STATE', 'ATTEMPTS', 'AGE', 'COST'];
  return columns(
    withNamespace ? ['NAMESPACE', ...head] : head,
    rows.map((row) => [
      ...(withNamespace ? [row.namespace] : []),
      row.name,
      row.account,
      String(row.sequence),
      String(row.nonce),
      row.kind,
      row.asked === undefined ? row.state : `${row.state}, ${asWords[row.asked]}`,
      String(row.attempts),
      ageText(row.createdTime, now),
      row.cost ?? '-',
    ]),
  );
}

const asWords = { Cancel: 'to be cancelled', Retry: 'to be retried' } as const;
