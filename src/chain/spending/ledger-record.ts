import * as z from 'zod';
import { wei } from '../amounts/amount.ts';
import { parseWei } from '../amounts/decimal.ts';
import type { SpendLedger } from './spend-ledger.ts';

const amount = z.string().regex(/^\d{1,78}$/);

/** The ledger as it is stored: bounded, amounts as whole wei in decimal. */
const ledgerRecord = z.object({
  spent: z.array(z.object({ hour: z.int().min(0), wei: amount })).max(64),
  reserved: z.array(z.object({ id: z.string().min(1).max(256), worstCaseWei: amount })).max(1024),
});

/** What a ledger is stored as: plain JSON. */
export type LedgerRecord = z.infer<typeof ledgerRecord>;

/** Thrown when what was stored is no ledger. Nothing may be spent then: what was spent is unknown. */
export class LedgerRecordError extends Error {
  override readonly name = 'LedgerRecordError';
}

/** In one order, so that an unchanged ledger is an unchanged record. */
export function toRecord({ spentByHour, reservations }: SpendLedger): LedgerRecord {
  return {
    spent: [...spentByHour].sort(([a], [b]) => a - b).map(([hour, spent]) => ({ hour, wei: String(spent) })),
    reserved: [...reservations.values()]
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .map(({ id, worstCaseWei }) => ({ id, worstCaseWei: String(worstCaseWei) })),
  };
}

/** @throws LedgerRecordError */
export function fromRecord(record: unknown): SpendLedger {
  const parsed = ledgerRecord.safeParse(record);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new LedgerRecordError(
      `the record of what was spent cannot be read: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
    );
  }
  const { spent, reserved } = parsed.data;
  const spentByHour = new Map(spent.map(({ hour, wei: text }) => [hour, parseWei(text)]));
  const reservations = new Map(
    reserved.map(({ id, worstCaseWei }) => [id, { id, worstCaseWei: wei(BigInt(worstCaseWei)) }]),
  );
  if (spentByHour.size < spent.length || reservations.size < reserved.length) {
    throw new LedgerRecordError(
      'the record of what was spent cannot be read: an hour or an id is there twice',
    );
  }
  return { spentByHour, reservations };
}
