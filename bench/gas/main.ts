/*
 * npm run bench:gas: what each call of the reference contracts costs in gas, on a local chain, next to what Horizon and Livepeer have
 * published. Gas is the same on every machine.
 */
import { minerCalls, rewardCalls, stakeCalls } from './calls.ts';
import { startGasNetwork } from './network.ts';
import { gasTable, sources } from './report.ts';

const network = await startGasNetwork();
try {
  await stakeCalls(network);
  await minerCalls(network);
  await rewardCalls(network);
} finally {
  await network.stop();
}
process.stdout.write(`${gasTable(network.uses)}

Published, of calls that play the same part but do not do the same work (Livepeer's reward mints and sorts, a check-in pays nothing):
${sources()}
`);
