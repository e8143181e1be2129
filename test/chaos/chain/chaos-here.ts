import { startEmbeddedControlPlane } from '../../../src/devcluster/embedded-control-plane.ts';
import { installCrds } from '../../../src/commands/demo/install-crds.ts';
import { kubeClient } from '../../../src/kube/client.ts';
import { loadConnection } from '../../../src/kube/kubeconfig.ts';
import { createTransport } from '../../../src/kube/transport.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { systemClock } from '../../../src/time/clock.ts';
import { countingClient } from './counting-client.ts';
import { operatorsHere } from './operators-here.ts';
import { type ChaosOptions, runChaos } from './run.ts';
import { searchObjects } from '../../support/search-objects.ts';

/**
 * The short form of `npm run chaos:chain`: a real node behind endpoints that fail and lie and a strict mempool, and operators in this
 * process that are killed at their awaits. It goes on until everything that can go wrong has, so limits are far away. Tells how often
 * the operators wrote to the API server.
 */
export async function chaosHere(
  options: Partial<ChaosOptions>,
): Promise<Awaited<ReturnType<typeof runChaos>> & { writes: number }> {
  const plane = await startEmbeddedControlPlane({ log: silentLogger });
  const transport = createTransport(await loadConnection({ kubeconfig: plane.kubeconfig }), {
    clock: systemClock,
  });
  const { client, writes } = countingClient(kubeClient(transport));
  try {
    await installCrds(client, systemClock);
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
    await searchObjects(transport);
    return { ...result, writes: writes() };
  } finally {
    transport.close();
    await plane.stop();
  }
}
