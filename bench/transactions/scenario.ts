/** What is measured: numbers only. */
export interface TransactionScenario {
  readonly throughput: {
    readonly accounts: number;
    /** Payments that each account is to send: all are wanted from the start. */
    readonly paymentsPerAccount: number;
  };
  readonly reading: {
    /** How many StakeAccounts are on the network, one size after the other; they only grow. */
    readonly accounts: readonly number[];
    /** Over so many blocks calls are counted, while nothing changes. */
    readonly blocks: number;
  };
}

const whole: TransactionScenario = {
  throughput: { accounts: 20, paymentsPerAccount: 100 },
  reading: { accounts: [1, 500, 1000], blocks: 10 },
};

/** Fewer payments and accounts on the network; the accounts that send stay 20. @param scale above 0, at most 1 */
export function scenarioAt(scale: number): TransactionScenario {
  const part = (count: number): number => Math.max(1, Math.round(count * scale));
  return {
    throughput: { ...whole.throughput, paymentsPerAccount: part(whole.throughput.paymentsPerAccount) },
    reading: {
      accounts: [...new Set(whole.reading.accounts.map(part))],
      blocks: Math.max(1, part(whole.reading.blocks)),
    },
  };
}
