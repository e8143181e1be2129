import type { ChainTransaction } from '../../../src/api/chain-transaction.ts';
import type { Payer } from '../world/chain.ts';

/** A transaction as a block has it. */
export interface MinedTransaction {
  readonly hash: string;
  /** In lower case. */
  readonly from: string;
  readonly blockNumber: number;
  readonly succeeded: boolean;
}

/** What the chain says after a run. */
export interface ChainEvidence {
  /** Of the payers, in the order of their blocks. */
  readonly mined: readonly MinedTransaction[];
  /** Seconds since 1970, by the number of the block. */
  readonly blockTimes: ReadonlyMap<number, number>;
  /** By payer in lower case: the next nonce, also counting what waits in the pool of the node. */
  readonly nonces: ReadonlyMap<string, number>;
  /** By payer in lower case: how often each of its payments was made, by its number. */
  readonly paid: ReadonlyMap<string, readonly number[]>;
}

/** What is not as it must be, in words; empty when all is. Pure. */
export function problemsOf(
  payers: readonly Pick<Payer, 'name' | 'address'>[],
  evidence: ChainEvidence,
  entries: readonly ChainTransaction[],
): readonly string[] {
  return payers.flatMap(({ name, address }) => {
    const of = address.toLowerCase();
    const own = entries.filter(({ spec }) => spec.accountRef.name === name);
    return [
      ...unpaid(name, evidence.paid.get(of) ?? []),
      ...gaps(name, own, evidence.nonces.get(of) ?? 0),
      ...own
        .filter(({ status }) => status?.outcome !== 'Confirmed')
        .map(({ metadata, status }) => `${metadata.name} is ${status?.outcome ?? 'open'}, not Confirmed`),
      ...evidence.mined
        .filter(({ from, succeeded }) => from === of && !succeeded)
        .map(({ hash }) => `${name}: ${hash} was reverted`),
    ];
  });
}

function unpaid(name: string, paid: readonly number[]): readonly string[] {
  return paid.flatMap((times, number) =>
    times === 1 ? [] : [`${name}: payment ${number} was made ${times} times`],
  );
}

function gaps(name: string, entries: readonly ChainTransaction[], next: number): readonly string[] {
  const reserved = new Set(entries.map(({ spec }) => spec.nonce));
  const missing = Array.from({ length: next }, (_, nonce) => nonce).filter((nonce) => !reserved.has(nonce));
  const beyond = [...reserved].filter((nonce) => nonce >= next);
  return [
    ...missing.map((nonce) => `${name}: nonce ${nonce} is used, and no ChainTransaction says by what`),
    ...beyond.map((nonce) => `${name}: nonce ${nonce} is reserved behind a gap`),
  ];
}
