import type { AttemptCause } from '../../api/chain-transaction/spec.ts';
import type { ChainTransactionStatus, Inclusion, Outcome } from '../../api/chain-transaction/status.ts';
import { type Statement, condition, setConditions } from '../../api/conditions.ts';
import type { Reason } from '../../api/reasons.ts';
import { rfc3339 } from '../../time/clock.ts';
import { receiptCost } from '../spending/spend-ledger.ts';
import type { InclusionReceipt } from './chain-view.ts';
import type { Entry } from './entry.ts';
import type { Standing } from './standing.ts';

/** Statuses are written from a standing, and only when they would say something else than the one that is there. */
export interface StatusTerms {
  readonly finalNumber: number;
  readonly headNumber: number;
  readonly confirmations: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What the status of a live entry should say; undefined when it says so already, or when there is nothing to say yet. */
export function statusToRecord(
  entry: Entry,
  standing: Standing,
  terms: StatusTerms,
): ChainTransactionStatus | undefined {
  switch (standing.kind) {
    case 'included':
      return included(entry, standing, terms);
    case 'displaced':
      return ended(entry, 'Displaced', terms, {
        displacedBy: standing.user.hash,
        message: `the nonce ${entry.spec.nonce} was used by ${standing.user.hash} in block ${standing.user.blockNumber}, which Headframe did not sign`,
      });
    case 'disputed':
      return undefined;
    case 'waiting':
      return entry.status?.inclusion === undefined ? undefined : reorganised(entry, terms);
  }
}

function included(
  entry: Entry,
  { receipt, attempt }: Standing & { kind: 'included' },
  terms: StatusTerms,
): ChainTransactionStatus | undefined {
  const inclusion = inclusionOf(receipt);
  if (receipt.blockNumber <= terms.finalNumber) {
    return ended(entry, outcomeOf(attempt.cause, receipt.succeeded), terms, { inclusion });
  }
  const known = entry.status?.inclusion;
  const isDeep = receipt.blockNumber + terms.confirmations <= terms.headNumber + 1;
  if (known?.blockHash === receipt.blockHash || (!isDeep && known === undefined)) {
    return undefined;
  }
  const message = `block ${receipt.blockNumber} includes it; blocks up to ${terms.finalNumber} are final`;
  return statusOf(entry, terms, { inclusion, reason: 'Included', message });
}

/** What a final inclusion of an attempt means. */
function outcomeOf(cause: AttemptCause, succeeded: boolean): Outcome {
  switch (cause) {
    case 'Expired':
      return 'Expired';
    case 'Requested':
      return 'Cancelled';
    case 'Refused':
      return 'Rejected';
    case 'First':
    case 'Fees':
    case 'Gap':
      return succeeded ? 'Confirmed' : 'Reverted';
  }
}

function reorganised(entry: Entry, terms: StatusTerms): ChainTransactionStatus {
  const block = entry.status?.inclusion?.blockNumber ?? 0;
  return statusOf(entry, terms, {
    reason: 'Reorganised',
    message: `block ${block}, which included it, is not part of the chain any more; it is sent again`,
  });
}

interface Facts {
  readonly reason: Reason;
  readonly message: string;
  readonly inclusion?: Inclusion;
  readonly outcome?: Outcome;
  readonly displacedBy?: string;
}

function ended(
  entry: Entry,
  outcome: Outcome,
  terms: StatusTerms,
  facts: { readonly inclusion?: Inclusion; readonly displacedBy?: string; readonly message?: string },
): ChainTransactionStatus {
  const block = facts.inclusion?.blockNumber ?? 0;
  return statusOf(entry, terms, {
    message: `block ${block} is final`,
    ...facts,
    reason: outcome,
    outcome,
  });
}

function statusOf(entry: Entry, terms: StatusTerms, facts: Facts): ChainTransactionStatus {
  const { reason, message, inclusion, outcome, displacedBy } = facts;
  const { generation } = entry.metadata;
  return {
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    ...(inclusion === undefined ? {} : { inclusion }),
    ...(outcome === undefined ? {} : { outcome, outcomeTime: rfc3339(terms.now) }),
    ...(displacedBy === undefined ? {} : { displacedBy }),
    conditions: setConditions(entry.status?.conditions, statements(outcome, reason, message), {
      generation,
      now: terms.now,
    }),
  };
}

/** As kstatus reads them: Reconciling while it is open, Stalled when it ended without its effect. */
function statements(outcome: Outcome | undefined, reason: Reason, message: string): Statement[] {
  const ready = condition('Ready', outcome === 'Confirmed', reason, message);
  if (outcome === undefined) {
    return [ready, condition('Reconciling', true, reason, message)];
  }
  return outcome === 'Confirmed' ? [ready] : [ready, condition('Stalled', true, reason, message)];
}

function inclusionOf(receipt: InclusionReceipt): Inclusion {
  const { hash, blockNumber, blockHash, succeeded, gasUsed, effectiveGasPriceWei, l1FeeWei } = receipt;
  const cost = receiptCost({ gasUsed, effectiveGasPrice: effectiveGasPriceWei, l1Fee: l1FeeWei });
  return {
    hash,
    blockNumber,
    blockHash,
    execution: succeeded ? 'Succeeded' : 'Reverted',
    gasUsed: Number(gasUsed),
    effectiveGasPriceWei: String(effectiveGasPriceWei),
    ...(l1FeeWei === undefined ? {} : { l1FeeWei: String(l1FeeWei) }),
    costWei: String(cost),
  };
}
