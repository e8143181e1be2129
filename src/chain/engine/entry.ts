import type { ChainTransaction } from '../../api/chain-transaction.ts';
import type { Attempt, AttemptCause } from '../../api/chain-transaction/spec.ts';
import type { Outcome } from '../../api/chain-transaction/status.ts';
import { annotations } from '../../api/group.ts';
import type { Immutable } from '../../api/kube-object.ts';
import { wei } from '../amounts/amount.ts';
import { parseWei } from '../amounts/decimal.ts';
import type { Fees } from '../fees/fees.ts';

/** A ChainTransaction as it was last read. */
export type Entry = Immutable<ChainTransaction>;

/** Causes of attempts that do what is intended. All others only use the nonce up. */
const intended: readonly AttemptCause[] = ['First', 'Fees'];

/** Outcomes after which the same intent may be entered again: it did not happen, and nobody said that it should not. */
const reopened: readonly Outcome[] = ['Displaced', 'Expired'];

/** Outcomes after which it may be tried again when somebody asks for it. */
const retriable: readonly Outcome[] = ['Reverted', 'Cancelled', 'Rejected'];

export function nonceOf({ spec }: Entry): number {
  return spec.nonce;
}

/** Whether it is not known yet how the transaction ends. */
export function isLive({ status }: Entry): boolean {
  return status?.outcome === undefined;
}

/** Whether its intent may not be entered once more while this entry is there. */
export function holdsIntent(entry: Entry): boolean {
  const outcome = entry.status?.outcome;
  return outcome === undefined || !(reopened.includes(outcome) || (canBeRetried(entry) && wantsRetry(entry)));
}

/** Whether it ended without its effect in a way after which only a person may say that it is to be tried again. */
export function canBeRetried({ status }: Entry): boolean {
  return status?.outcome !== undefined && retriable.includes(status.outcome);
}

function wantsRetry({ metadata }: Entry): boolean {
  return metadata.annotations?.[annotations.retry] === 'true';
}

/** What was signed last: what the nodes should have. */
export function lastAttempt({ spec }: Entry): Immutable<Attempt> {
  const last = spec.attempts.at(-1);
  if (last === undefined) {
    throw new TypeError('a ChainTransaction has at least one attempt');
  }
  return last;
}

/** Whether the attempt does what is intended; else it does nothing. */
export function isIntended({ cause }: Immutable<Attempt>): boolean {
  return intended.includes(cause);
}

/** Whether a transaction that does nothing was asked for in its place. */
export function wantsCancel({ metadata }: Entry): boolean {
  return metadata.annotations?.[annotations.cancel] === 'true';
}

/** What an attempt offers. */
export function feesOf(attempt: Immutable<Attempt>): Fees {
  return {
    maxFeePerGas: parseWei(attempt.maxFeePerGasWei),
    maxPriorityFeePerGas: parseWei(attempt.maxPriorityFeePerGasWei),
  };
}

/** The highest fees that any node may know for the nonce. */
export function highestFees({ spec }: Entry): Fees {
  return spec.attempts.map(feesOf).reduce((highest, fees) => ({
    maxFeePerGas: wei(max(highest.maxFeePerGas, fees.maxFeePerGas)),
    maxPriorityFeePerGas: wei(max(highest.maxPriorityFeePerGas, fees.maxPriorityFeePerGas)),
  }));
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
