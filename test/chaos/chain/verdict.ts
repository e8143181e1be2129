import type { ChainTransaction } from '../../../src/api/chain-transaction.ts';
import { parseEth } from '../../../src/chain/amounts/decimal.ts';
import type { WantedIntent } from '../../../src/chain/engine/intent.ts';
import { NO_OP } from '../../../src/chain/engine/intent.ts';
import type { Anvil } from './anvil.ts';
import { balancesOf, countOf } from './counter.ts';
import type { ChaosAccount, EnginesConfig } from './engines.ts';

/** What came of a run. */
export interface Verdict {
  /** In words; empty when all is as it should be. */
  readonly problems: readonly string[];
  readonly intents: number;
  readonly entries: number;
  readonly replacements: number;
  readonly gapsFilled: number;
  readonly displaced: number;
  /** Of the account whose cap is too small, if there is one: what of its cap it has spent, and for how many effects. */
  readonly poor: { readonly effects: number; readonly spentPercent: number } | undefined;
}

export interface Evidence {
  readonly anvil: Anvil;
  /** By account. */
  readonly wanted: readonly (readonly WantedIntent[])[];
  readonly entries: readonly ChainTransaction[];
  readonly config: EnginesConfig;
  /** By account, in wei, before anything was sent. */
  readonly balances: readonly bigint[];
}

/** What the chain, and the objects, say of one account in the end. */
interface AccountEnd {
  readonly name: string;
  readonly account: ChaosAccount;
  readonly intents: readonly WantedIntent[];
  /** By intent: how often its effect happened. */
  readonly counts: readonly number[];
  readonly own: readonly ChainTransaction[];
  readonly nonce: number;
  /** What is gone from its balance, in wei. */
  readonly spent: bigint;
}

/** Holds what the contract counted against what was wanted, and the objects against the chain. */
export async function judge(evidence: Evidence): Promise<Verdict> {
  const { wanted, entries, config } = evidence;
  const ends = await Promise.all(config.accounts.map((_, index) => endOf(evidence, index)));
  const poor = ends.find(({ account }) => account.isPoor);
  return {
    problems: ends.flatMap(problemsOf),
    intents: wanted.flat().length,
    entries: entries.length,
    replacements: entries.reduce((sum, { spec }) => sum + spec.attempts.length - 1, 0),
    gapsFilled: entries.filter(({ spec }) => spec.intent.kind === NO_OP).length,
    displaced: entries.filter(({ status }) => status?.outcome === 'Displaced').length,
    poor: poor && {
      effects: poor.counts.filter((count) => count > 0).length,
      spentPercent: Number((100n * poor.spent) / parseEth(poor.account.capEth)),
    },
  };
}

async function endOf(
  { anvil, wanted, entries, config, balances }: Evidence,
  index: number,
): Promise<AccountEnd> {
  const account = config.accounts[index]!;
  const [balance] = await balancesOf(anvil, [account]);
  const counts: number[] = [];
  for (const { id } of wanted[index]!) {
    counts.push(await countOf(anvil, config.contract, id));
  }
  return {
    name: `account ${index}`,
    account,
    intents: wanted[index]!,
    counts,
    own: entries.filter(({ spec }) => spec.address === account.address),
    nonce: Number(await anvil.rpc('eth_getTransactionCount', account.address, 'latest')),
    spent: balances[index]! - balance!,
  };
}

function problemsOf(end: AccountEnd): string[] {
  const { name, account, counts, spent } = end;
  const cap = parseEth(account.capEth);
  const twice = counts.flatMap((count, intent) =>
    count > 1 ? [`${name}: the effect of intent ${intent} happened ${count} times`] : [],
  );
  return [
    ...twice,
    ...(spent > cap ? [`${name}: ${spent} wei are spent, more than the cap of ${cap}`] : []),
    ...(account.isPoor ? problemsOfPoor(end) : problemsOfRich(end)),
  ];
}

/** All that was wanted has happened, and is written down. */
function problemsOfRich(end: AccountEnd): string[] {
  const { name, counts, own, nonce, spent } = end;
  const problems = counts.flatMap((count, intent) =>
    count === 0 ? [`${name}: the effect of intent ${intent} happened 0 times, ${recordOf(end, intent)}`] : [],
  );
  const open = own.filter(({ status }) => status?.outcome === undefined);
  problems.push(...open.map(({ metadata }) => `${metadata.name} has not ended`));
  const beyond = own.filter(({ spec }) => spec.nonce >= nonce);
  problems.push(...beyond.map(({ metadata }) => `${metadata.name} waits behind a gap`));
  const used = new Set(own.map(({ spec }) => spec.nonce));
  if (used.size !== nonce) {
    problems.push(`${name}: ${nonce} nonces are used, and ${used.size} are recorded`);
  }
  const recorded = own.reduce((sum, { status }) => sum + BigInt(status?.inclusion?.costWei ?? 0), 0n);
  if (recorded !== spent) {
    problems.push(`${name}: ${spent} wei are spent, and ${recorded} are recorded`);
  }
  return problems;
}

/** What became of an intent, as the objects say. */
function recordOf({ own, intents }: AccountEnd, index: number): string {
  const entry = own.find(({ spec }) => spec.intent.id === intents[index]?.id);
  return entry === undefined
    ? 'and it was never entered'
    : `and ${entry.metadata.name} is ${entry.status?.outcome ?? 'open'}`;
}

/**
 * Its cap has held something back, and let something be sent: else it has shown nothing. Where a node overstates the nonce of its first
 * transaction, all of a small cap may be spent on the gap.
 */
function problemsOfPoor({ name, counts, spent }: AccountEnd): string[] {
  const done = counts.filter((count) => count > 0).length;
  return spent > 0n && done < counts.length
    ? []
    : [`${name}: ${done} of ${counts.length} have happened for ${spent} wei: choose another cap`];
}
