import { wei } from '../amounts/amount.ts';
import type { Wei } from '../amounts/amount.ts';
import { formatEth } from '../amounts/decimal.ts';
import { nextExpiry, reservedWei, spentWithin, withReservation } from './spend-ledger.ts';
import type { Reservation, SpendLedger } from './spend-ledger.ts';

/** What an account may spend on gas in any 24 hours. */
export interface SpendCap {
  readonly capWei: Wei;
  /** The part of the cap that only essential duties may use, in wei. More than the cap leaves nothing for the others. */
  readonly essentialReserveWei: Wei;
}

/** Money asked for. */
export interface SpendRequest extends Reservation {
  /** Of a duty that is lost when it is not done in time. */
  readonly essential: boolean;
}

/** Whether the money may be spent. */
export type SpendDecision =
  | {
      readonly granted: true;
      /** With the reservation. Save it before the transaction is signed. */
      readonly ledger: SpendLedger;
    }
  | {
      readonly granted: false;
      /** What is missing, with numbers. */
      readonly explanation: string;
      /** No earlier can this change by time alone, milliseconds since 1970; undefined when time changes nothing. */
      readonly notBeforeMs: number | undefined;
    };

/** What may still be reserved, in wei. */
export function remainingWei(ledger: SpendLedger, cap: SpendCap, essential: boolean, nowMs: number): Wei {
  const limit = cap.capWei - (essential ? 0n : cap.essentialReserveWei);
  const left = limit - spentWithin(ledger, nowMs) - reservedWei(ledger);
  return wei(left > 0n ? left : 0n);
}

/**
 * Reserves the worst case of a transaction, if spent and reserved stay within the cap. A second reservation of the same id is that of
 * a replacement: either may be mined, never both, so the larger of them counts.
 */
export function reserve(
  ledger: SpendLedger,
  request: SpendRequest,
  cap: SpendCap,
  nowMs: number,
): SpendDecision {
  const { id, worstCaseWei, essential } = request;
  const held = ledger.reservations.get(id)?.worstCaseWei ?? wei(0n);
  if (worstCaseWei <= held) {
    return { granted: true, ledger };
  }
  const more = worstCaseWei - held;
  const left = remainingWei(ledger, cap, essential, nowMs);
  if (more <= left) {
    return { granted: true, ledger: withReservation(ledger, { id, worstCaseWei }) };
  }
  return {
    granted: false,
    explanation: explain(ledger, { ...request, worstCaseWei: wei(more) }, cap, nowMs),
    notBeforeMs: nextExpiry(ledger, nowMs),
  };
}

function explain(ledger: SpendLedger, request: SpendRequest, cap: SpendCap, nowMs: number): string {
  const reserve = request.essential
    ? ''
    : ` and keeps ${formatEth(cap.essentialReserveWei)} for essential duties`;
  return (
    `it may cost ${formatEth(request.worstCaseWei)} of the coin; the cap allows ${formatEth(cap.capWei)} in 24 hours${reserve}, ` +
    `of which ${formatEth(spentWithin(ledger, nowMs))} is spent and ${formatEth(reservedWei(ledger))} reserved for transactions under way`
  );
}
