import { kubeClient } from '../../../src/kube/client.ts';
import { loadConnection } from '../../../src/kube/kubeconfig.ts';
import { createTransport } from '../../../src/kube/transport.ts';
import { systemClock } from '../../../src/time/clock.ts';
import type { EnginesConfig } from './engines.ts';
import { operatorsHere } from './operators-here.ts';

/*
 * The operator of a chaos run as a process: it works until it is killed. Its configuration is in CHAOS_CONFIG.
 */
const config = JSON.parse(process.env['CHAOS_CONFIG'] ?? '{}') as EnginesConfig & { kubeconfig: string };
const connection = await loadConnection({ kubeconfig: config.kubeconfig });
await operatorsHere(kubeClient(createTransport(connection, { clock: systemClock }))).start(config);
// Nobody works on when the run is gone.
process.once('disconnect', () => process.exit(1));
process.send?.('ready');
