import { parseArgs } from 'node:util';
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
 * Five accounts, 300 intents, two operators at once on each account, a hundred operators killed with SIGKILL, reorganisations, forgotten
 * transactions, dear gas, dear tips, two endpoints that fail and one of which lies, a strict mempool; and a sixth account, whose cap is
 * too small. Prints what happened, and ends with 1 when anything is not as it should be.
 *
 *   npm run chaos:chain -- --seed 7
 *
 * With --write-ahead-off the operators send before they write down: then effects must happen twice, and it ends with 1 when none does.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '20261128' },
    kills: { type: 'string', default: '100' },
    'write-ahead-off': { type: 'boolean', default: false },
  },
});
const writeAheadOff = values['write-ahead-off'];
const seed = Number(values.seed);
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
    kills: Number(values.kills),
    operators: 2,
    window: 4,
    seed,
    limitMs: 3_600_000,
    capEth: '5',
    poorCapEth: '0.003',
    writeAheadOff,
    client,
    maker: await operatorProcesses(plane.kubeconfig),
    progress: (text) => process.stderr.write(`${text}\n`),
  });
  process.stdout.write(`${JSON.stringify({ seed, writeAheadOff, ...figures, ...verdict }, undefined, 2)}\n`);
  const isRight = writeAheadOff
    ? verdict.problems.some((problem) => /happened [2-9] times/.test(problem))
    : verdict.problems.length === 0;
  process.exitCode = isRight ? 0 : 1;
} finally {
  transport.close();
  await plane.stop();
}
