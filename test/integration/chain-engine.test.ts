import assert from 'node:assert/strict';
import { startEmbeddedControlPlane } from '../../src/devcluster/embedded-control-plane.ts';
import { installCrds } from '../../src/commands/demo/install-crds.ts';
import { kubeClient } from '../../src/kube/client.ts';
import { loadConnection } from '../../src/kube/kubeconfig.ts';
import { createTransport } from '../../src/kube/transport.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { systemClock } from '../../src/time/clock.ts';
import { countingClient } from '../chaos/chain/counting-client.ts';
import { operatorsHere } from '../chaos/chain/operators-here.ts';
import { type ChaosOptions, runChaos } from '../chaos/chain/run.ts';
import { searchObjects } from '../support/search-objects.ts';

/**
 * The short form of `npm run chaos:chain`: a real node behind endpoints that fail and lie and a strict mempool, and operators that are
 * killed at their awaits. It goes on until everything that can go wrong has, so limits are far away.
 */
async function chaos(
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

describe('the transaction engine on anvil', function () {
  this.timeout(300_000);

  it('has every effect once, whatever is killed, reorganised, forgotten, dear, refused or untrue', async () => {
    const { verdict, figures } = await chaos({ poorCapEth: '0.0008' });
    assert.deepEqual(verdict.problems, [], JSON.stringify(figures));
  });

  it('so do two operators at once on the same accounts', async () => {
    const { verdict, figures } = await chaos({ operators: 2, kills: 6, seed: 7 });
    assert.deepEqual(verdict.problems, [], JSON.stringify(figures));
  });

  it('writes to the API server at most three times for a transaction that goes well', async () => {
    const { verdict, writes } = await chaos({
      badEndpoints: false,
      kills: 0,
      accounts: 1,
      intentsPerAccount: 8,
    });
    assert.deepEqual(verdict.problems, []);
    // The reservation with what is signed, the inclusion, the outcome. Deleting it a day later makes four. One that waits too long on a
    // busy machine is offered again with higher fees, which is written down before it is sent.
    const most = 3 * verdict.entries + verdict.replacements;
    assert.ok(
      writes <= most,
      `${writes} writes for ${verdict.entries} transactions: ${JSON.stringify(verdict)}`,
    );
  });

  it('can fail: sent before it is written down, effects happen twice', async () => {
    const { verdict } = await chaos({
      writeAheadOff: true,
      kills: 60,
      killPercent: 50,
      intentsPerAccount: 40,
    });
    assert.match(verdict.problems.join('\n'), /happened [2-9] times/);
  });
});
