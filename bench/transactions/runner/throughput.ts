import { type ChainTransaction, ChainTransactions } from '../../../src/api/chain-transaction.ts';
import { StakeAccounts } from '../../../src/api/stake-account.ts';
import { sleep, systemClock } from '../../../src/time/clock.ts';
import { readEvidence } from '../checker/evidence.ts';
import { problemsOf } from '../checker/judge.ts';
import type { ThroughputResult } from '../report/result.ts';
import type { TransactionScenario } from '../scenario.ts';
import { type BenchChain, startBenchChain } from '../world/chain.ts';
import { type BenchCluster, NAMESPACE, createNetwork, createPayers } from '../world/cluster.ts';
import { startBenchOperator } from '../world/operator.ts';
import { throughputOf } from './figures.ts';

/** What a run needs besides its scenario. */
export interface RunParts {
  readonly cluster: BenchCluster;
  /** The bundled operator. */
  readonly program: string;
  readonly say: (text: string) => void;
}

const LOOK_EVERY_MS = 500;

/** A transaction a second and account is what we expect at least; then it is given up. */
const LIMIT_MS_PER_PAYMENT = 3000;
const LIMIT_MS = 60_000;

/** Lets the accounts send all their payments, and waits until each has its outcome. */
export async function runThroughput(
  { accounts, paymentsPerAccount }: TransactionScenario['throughput'],
  parts: RunParts,
): Promise<ThroughputResult> {
  const { cluster, program, say } = parts;
  const world = await startBenchChain({ accounts, paymentsPerAccount, blockTimeSeconds: 1 });
  const operator = startBenchOperator(program, {
    kubeconfig: cluster.kubeconfig,
    payments: paymentsPerAccount,
    since: systemClock.now(),
  });
  try {
    await createNetwork(cluster, world);
    const before = await operator.read();
    const sinceBlock = Number(await world.chain.rpc.call<string>('eth_blockNumber'));
    await createPayers(cluster, world);
    say(`${accounts} accounts send ${accounts * paymentsPerAccount} payments`);
    const inTime = await untilDone(world, paymentsPerAccount, parts);
    const after = await operator.read();
    const evidence = await readEvidence(world, paymentsPerAccount, sinceBlock);
    const entries = await entriesOf(cluster);
    const problems = [
      ...(inTime ? [] : ['not all payments have ended in time']),
      ...problemsOf(world.payers, evidence, entries),
    ];
    return { accounts, ...throughputOf({ evidence, entries, before, after }), problems };
  } finally {
    await operator.stop();
    await world.stop();
  }
}

async function untilDone(
  { chain, payers }: BenchChain,
  payments: number,
  { cluster }: RunParts,
): Promise<boolean> {
  const until = systemClock.monotonic() + LIMIT_MS + LIMIT_MS_PER_PAYMENT * payments;
  while (systemClock.monotonic() < until) {
    const nonces = await Promise.all(
      payers.map(({ address }) => chain.rpc.call<string>('eth_getTransactionCount', address, 'latest')),
    );
    if (nonces.every((nonce) => Number(nonce) >= payments) && (await isQuiet(cluster))) {
      return true;
    }
    await sleep(systemClock, LOOK_EVERY_MS);
  }
  return false;
}

async function isQuiet({ client }: BenchCluster): Promise<boolean> {
  const { items } = await client.list(StakeAccounts, { namespace: NAMESPACE });
  return items.every(({ status }) => status?.openTransactions === 0);
}

const PAGE = 500;

async function entriesOf({ client }: BenchCluster): Promise<readonly ChainTransaction[]> {
  const found: ChainTransaction[] = [];
  let continueToken: string | undefined;
  do {
    const page = await client.list(ChainTransactions, {
      namespace: NAMESPACE,
      limit: PAGE,
      ...(continueToken === undefined ? {} : { continueToken }),
    });
    found.push(...page.items);
    continueToken = page.continueToken;
  } while (continueToken !== undefined);
  return found;
}
