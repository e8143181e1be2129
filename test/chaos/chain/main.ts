import { installCrds } from '../../../src/commands/demo/install-crds.ts';
import { startEmbeddedControlPlane } from '../../../src/devcluster/embedded-control-plane.ts';
import { kubeClient } from '../../../src/kube/client.ts';
import { loadConnection } from '../../../src/kube/kubeconfig.ts';
import { createTransport } from '../../../src/kube/transport.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { systemClock } from '../../../src/time/clock.ts';
import { operatorProcesses } from './operator-processes.ts';
import { runChaos } from './run.ts';

/*
 * npm run chaos:chain [seed]: five accounts, 300 intents, a hundred operators killed with SIGKILL, reorganisations, forgotten
 * transactions, dear gas. Prints what happened, and ends with 1 when anything is not as it should be.
 */
const seed = Number(process.argv[2] ?? 20_261_128);
const plane = await startEmbeddedControlPlane({ log: silentLogger });
const transport = createTransport(await loadConnection({ kubeconfig: plane.kubeconfig }), {
  clock: systemClock,
});
const client = kubeClient(transport);
try {
  await installCrds(client, systemClock);
  const { verdict, figures } = await runChaos({
    accounts: 5,
    intentsPerAccount: 60,
    kills: 100,
    operators: 2,
    window: 4,
    seed,
    limitMs: 1_200_000,
    capEth: '5',
    client,
    maker: await operatorProcesses(plane.kubeconfig),
    progress: (text) => process.stderr.write(`${text}\n`),
  });
  process.stdout.write(`${JSON.stringify({ seed, ...figures, ...verdict }, undefined, 2)}\n`);
  process.exitCode = verdict.problems.length === 0 ? 0 : 1;
} finally {
  transport.close();
  await plane.stop();
}
