import { startTestCluster } from '../../support/test-cluster.ts';
import { countingClient } from './counting-client.ts';
import { operatorsHere } from './operators-here.ts';
import { type ChaosOptions, runChaos } from './run.ts';

/**
 * The short form of `npm run chaos:chain`: a real node behind endpoints that fail and lie and a strict mempool, and operators in this
 * process that are killed at their awaits. It goes on until everything that can go wrong has, so limits are far away. Tells how often
 * the operators wrote to the API server.
 */
export async function chaosHere(
  options: Partial<ChaosOptions>,
): Promise<Awaited<ReturnType<typeof runChaos>> & { writes: number }> {
  const cluster = await startTestCluster({ nodes: [] });
  const { client, writes } = countingClient(cluster.client);
  try {
    const result = await runChaos({
      accounts: 2,
      intentsPerAccount: 8,
      kills: 12,
      operators: 1,
      window: 3,
      seed: 20_261_128,
      limitMs: 240_000,
      // Those that come again and again; the others are a matter of luck in a short run.
      refusals: ['alreadyKnown', 'tipTooLow', 'nonceTooLow'],
      capEth: '1',
      client,
      maker: operatorsHere(client),
      ...options,
    });
    return { ...result, writes: writes() };
  } finally {
    await cluster.stop();
  }
}
