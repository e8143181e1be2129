import type { ChainTransaction } from '../../../src/api/chain-transaction.ts';
import { parseEth } from '../../../src/chain/amounts/decimal.ts';
import type { WantedIntent } from '../../../src/chain/engine/intent.ts';
import { NO_OP } from '../../../src/chain/engine/intent.ts';
import type { Anvil } from './anvil.ts';
import { countOf } from './counter.ts';
import type { EnginesConfig } from './engines.ts';

/** What came of a run. */
export interface Verdict {
  /** In words; empty when all is as it should be. */
  readonly problems: readonly string[];
  readonly intents: number;
  readonly entries: number;
  readonly replacements: number;
  readonly gapsFilled: number;
  readonly displaced: number;
}

interface Evidence {
  readonly anvil: Anvil;
  readonly contract: string;
  /** By account. */
  readonly wanted: readonly (readonly WantedIntent[])[];
  readonly entries: readonly ChainTransaction[];
  readonly config: EnginesConfig;
}

/** Holds what the contract counted against what was wanted, and the objects against the chain. */
export async function judge(evidence: Evidence): Promise<Verdict> {
  const { wanted, entries } = evidence;
  const perAccount = await Promise.all(
    wanted.map((intents, account) => problemsOf(evidence, intents, account)),
  );
  return {
    problems: perAccount.flat(),
    intents: wanted.flat().length,
    entries: entries.length,
    replacements: entries.reduce((sum, { spec }) => sum + spec.attempts.length - 1, 0),
    gapsFilled: entries.filter(({ spec }) => spec.intent.kind === NO_OP).length,
    displaced: entries.filter(({ status }) => status?.outcome === 'Displaced').length,
  };
}

async function problemsOf(
  { anvil, contract, entries, config }: Evidence,
  intents: readonly WantedIntent[],
  account: number,
): Promise<string[]> {
  const { address } = config.accounts[account]!;
  const own = entries.filter(({ spec }) => spec.address === address);
  const problems: string[] = [];
  for (const [index, { id }] of intents.entries()) {
    const count = await countOf(anvil, contract, id);
    if (count !== 1) {
      problems.push(`account ${account}: the effect of intent ${index} happened ${count} times`);
    }
  }
  const open = own.filter(({ status }) => status?.outcome === undefined);
  problems.push(...open.map(({ metadata }) => `${metadata.name} has not ended`));
  const nonce = Number(await anvil.rpc('eth_getTransactionCount', address, 'latest'));
  const beyond = own.filter(({ spec }) => spec.nonce >= nonce);
  problems.push(...beyond.map(({ metadata }) => `${metadata.name} waits behind a gap`));
  const used = new Set(own.map(({ spec }) => spec.nonce));
  if (used.size !== nonce) {
    problems.push(`account ${account}: ${nonce} nonces are used, and ${used.size} are recorded`);
  }
  const spent = own.reduce((sum, { status }) => sum + BigInt(status?.inclusion?.costWei ?? 0), 0n);
  if (spent > parseEth(config.capEth)) {
    problems.push(`account ${account}: ${spent} wei are spent, more than the cap`);
  }
  return problems;
}
