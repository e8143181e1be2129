import assert from 'node:assert/strict';
import { chaosHere } from '../chaos/chain/chaos-here.ts';
import { clusterKind } from '../support/test-cluster.ts';

/** What it does under kills, and on a chain that misbehaves: test/chaos/chain/engine.chaos.test.ts. */
describe(`the transaction engine, on anvil and the ${clusterKind} API server`, function () {
  this.timeout(300_000);

  it('writes to the API server at most three times for a transaction that goes well', async () => {
    const { verdict, writes } = await chaosHere({
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
});
