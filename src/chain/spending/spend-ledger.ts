import { wei } from '../amounts/amount.ts';
import type { Wei } from '../amounts/amount.ts';

const HOUR_MS = 3_600_000;

/** The cap counts what was spent within this time. */
export const WINDOW_MS = 24 * HOUR_MS;

/** What a transaction that is not final yet may cost in the worst case. */
export interface Reservation {
  /** Names the transaction whatever becomes of it: all its replacements share the reservation, as they share the nonce. */
  readonly id: string;
  /** Gas limit x the highest fee that was offered, and what a rollup charges for its L1 data; in wei. */
  readonly worstCaseWei: Wei;
}

/**
 * What an account spends on transactions: what final receipts say, by the hour of their block, and what is reserved for those that
 * are not final. An hour counts until its last moment is 24 hours ago, so the window is up to an hour longer than a day, never shorter.
 * Immutable, and bounded: what is over is dropped with every change.
 */
export interface SpendLedger {
  /** By the hour since 1970. */
  readonly spentByHour: ReadonlyMap<number, Wei>;
  readonly reservations: ReadonlyMap<string, Reservation>;
}

export const emptyLedger: SpendLedger = { spentByHour: new Map(), reservations: new Map() };

/**
 * The ledger of what is reserved and what was spent: the same as reserving and settling one after the other, in one go.
 * @param nowMs what was spent before the window that ends now is left out
 */
export function ledgerFrom(
  reserved: readonly Reservation[],
  spent: readonly Omit<Spending, 'id'>[],
  nowMs: number,
): SpendLedger {
  const spentByHour = new Map<number, Wei>();
  for (const { costWei, minedAtMs } of spent) {
    const hour = hourOf(minedAtMs);
    if (counts(hour, nowMs)) {
      spentByHour.set(hour, wei((spentByHour.get(hour) ?? 0n) + costWei));
    }
  }
  return { spentByHour, reservations: new Map(reserved.map((each) => [each.id, each])) };
}

/** Spent within the window that ends now, in wei. What lies in the future counts too: some clock is wrong, and no money must come of it. */
export function spentWithin({ spentByHour }: SpendLedger, nowMs: number): Wei {
  let sum = 0n;
  for (const [hour, spent] of spentByHour) {
    sum += counts(hour, nowMs) ? spent : 0n;
  }
  return wei(sum);
}

/** Reserved in all, in wei. */
export function reservedWei({ reservations }: SpendLedger): Wei {
  let sum = 0n;
  for (const { worstCaseWei } of reservations.values()) {
    sum += worstCaseWei;
  }
  return wei(sum);
}

/** With a reservation in the place of one of the same id. Asks for no permission: see {@link reserve} in spend-cap.ts. */
export function withReservation(ledger: SpendLedger, reservation: Reservation): SpendLedger {
  return { ...ledger, reservations: new Map(ledger.reservations).set(reservation.id, reservation) };
}

/** What the receipt of a transaction says of its cost. */
export interface Spending {
  readonly id: string;
  /** See {@link receiptCost}. */
  readonly costWei: Wei;
  /** Time of the block, milliseconds since 1970. */
  readonly minedAtMs: number;
}

/**
 * Puts the real cost in the place of the reservation. Call it when the block is final: one that is not may vanish, and the same
 * transaction be mined again at another price. Without a reservation of that id nothing is changed, so it may be said twice.
 */
export function settle(
  ledger: SpendLedger,
  { id, costWei, minedAtMs }: Spending,
  nowMs: number,
): SpendLedger {
  if (!ledger.reservations.has(id)) {
    return ledger;
  }
  const hour = hourOf(minedAtMs);
  const spentByHour = new Map([...ledger.spentByHour].filter(([each]) => counts(each, nowMs)));
  spentByHour.set(hour, wei((spentByHour.get(hour) ?? 0n) + costWei));
  return { spentByHour, reservations: without(ledger.reservations, id) };
}

/** Frees what was reserved: the transaction can never be mined any more, because its nonce was used by another that is final. */
export function release(ledger: SpendLedger, id: string): SpendLedger {
  return { ...ledger, reservations: without(ledger.reservations, id) };
}

/** When the next hour leaves the window, milliseconds since 1970: earlier than that no spending is forgotten. Undefined when none is left. */
export function nextExpiry({ spentByHour }: SpendLedger, nowMs: number): number | undefined {
  const hours = [...spentByHour.keys()].filter((hour) => counts(hour, nowMs));
  return hours.length === 0 ? undefined : expiry(Math.min(...hours));
}

/** The part of a receipt that money depends on. */
export interface ReceiptCost {
  readonly gasUsed: bigint;
  /** In wei. Arbitrum's contains what L1 costs. */
  readonly effectiveGasPrice: Wei;
  /** In wei, of OP-stack chains, where it is charged on top. */
  readonly l1Fee?: Wei | undefined;
}

/** What the transaction cost besides its value, in wei; also when it was reverted. */
export function receiptCost({ gasUsed, effectiveGasPrice, l1Fee = wei(0n) }: ReceiptCost): Wei {
  return wei(gasUsed * effectiveGasPrice + l1Fee);
}

function hourOf(ms: number): number {
  return Math.floor(ms / HOUR_MS);
}

function counts(hour: number, nowMs: number): boolean {
  return expiry(hour) > nowMs;
}

function expiry(hour: number): number {
  return (hour + 1) * HOUR_MS + WINDOW_MS;
}

function without<T>(map: ReadonlyMap<string, T>, id: string): ReadonlyMap<string, T> {
  return new Map([...map].filter(([each]) => each !== id));
}
