import { wei } from '../amounts/amount.ts';
import type { Wei } from '../amounts/amount.ts';
import { parseWei } from '../amounts/decimal.ts';
import { type SpendLedger, WINDOW_MS, ledgerFrom } from '../spending/spend-ledger.ts';
import { type Entry, isLive } from './entry.ts';

/** Entries that ended longer ago than this count for no cap any more: the ledger counts whole hours, and clocks differ. */
export const SPEND_MEMORY_MS = WINDOW_MS + 2 * 3_600_000;

/**
 * What an account spends, worked out from its ChainTransactions alone: the cost of those that ended, and for every other the most that
 * it may ever cost. That is fixed when the nonce is reserved, and reservations are in a row, each seeing the ones before: so two
 * operators at once cannot spend the same money.
 */
export function ledgerOf(entries: readonly Entry[], now: number): SpendLedger {
  const [open, ended] = [entries.filter(isOpen), entries.filter((entry) => !isOpen(entry))];
  return ledgerFrom(
    open.map((entry) => ({ id: entry.metadata.name, worstCaseWei: gasBudget(entry) })),
    ended.map(({ status }) => ({
      // Displaced: what was paid was not ours.
      costWei: parseWei(status?.inclusion?.costWei ?? '0'),
      minedAtMs: Date.parse(status?.outcomeTime ?? ''),
    })),
    now,
  );
}

function isOpen(entry: Entry): boolean {
  return isLive(entry) || entry.status?.outcomeTime === undefined;
}

/** The most that its gas may ever cost, in wei. */
export function gasBudget({ spec }: Entry): Wei {
  return wei(parseWei(spec.maxCostWei) - parseWei(spec.intent.valueWei));
}
