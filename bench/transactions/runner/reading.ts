import { StakeAccounts } from '../../../src/api/stake-account.ts';
import { sleep, systemClock } from '../../../src/time/clock.ts';
import type { ReadingResult } from '../report/result.ts';
import type { TransactionScenario } from '../scenario.ts';
import { type BenchChain, startBenchChain } from '../world/chain.ts';
import { NAMESPACE, createNetwork, createObserved } from '../world/cluster.ts';
import { type BenchOperator, startBenchOperator } from '../world/operator.ts';
import { rpcCalls } from './figures.ts';
import type { RunParts } from './throughput.ts';

/** Longer than the second between two looks: so that no block goes by without one, also on a busy machine. */
const BLOCK_SECONDS = 3;

const LOOK_EVERY_MS = 1000;
const LIMIT_MS = 300_000;

/** Counts what accounts that are at rest cost in calls to the node, with more and more of them on one network. */
export async function runReading(
  { accounts, blocks }: TransactionScenario['reading'],
  parts: RunParts,
): Promise<readonly ReadingResult[]> {
  const { cluster, program, say } = parts;
  const world = await startBenchChain({
    accounts: 0,
    paymentsPerAccount: 0,
    blockTimeSeconds: BLOCK_SECONDS,
  });
  const operator = startBenchOperator(program, {
    kubeconfig: cluster.kubeconfig,
    payments: 0,
    since: systemClock.now(),
  });
  try {
    await createNetwork(cluster, world);
    const results: ReadingResult[] = [];
    let there = 0;
    for (const count of accounts) {
      say(`${count} accounts at rest, for ${blocks} blocks`);
      await createObserved(cluster, there, count);
      there = count;
      await untilSeen(count, parts);
      results.push({ accounts: count, ...(await callsPerBlock(world, operator, blocks)) });
    }
    return results;
  } finally {
    await operator.stop();
    await world.stop();
  }
}

/** Every account has a status that says what the chain has of it. */
async function untilSeen(count: number, { cluster }: RunParts): Promise<void> {
  const until = systemClock.monotonic() + LIMIT_MS;
  for (;;) {
    const { items } = await cluster.client.list(StakeAccounts, { namespace: NAMESPACE });
    const seen = items.filter(({ status }) => status?.wallet !== undefined).length;
    if (seen === count) {
      return;
    }
    if (systemClock.monotonic() > until) {
      throw new Error(`after ${LIMIT_MS / 1000} s ${seen} of ${count} accounts were seen`);
    }
    await sleep(systemClock, LOOK_EVERY_MS);
  }
}

async function callsPerBlock(
  { chain }: BenchChain,
  operator: BenchOperator,
  blocks: number,
): Promise<Pick<ReadingResult, 'blocks' | 'callsPerBlock'>> {
  const height = async (): Promise<number> => Number(await chain.rpc.call<string>('eth_blockNumber'));
  const from = await height();
  const before = await operator.read();
  while ((await height()) < from + blocks) {
    await sleep(systemClock, LOOK_EVERY_MS / 10);
  }
  const after = await operator.read();
  return { blocks, callsPerBlock: (rpcCalls(after.metrics) - rpcCalls(before.metrics)) / blocks };
}
