import type { Registry } from 'prom-client';
import type { Manager } from '../controller/manager.ts';
import type { Logger } from '../telemetry/logger.ts';
import { ListenError, type ListenOptions, type Listening, listen } from '../web/listen.ts';
import { metricsApp } from '../web/metrics-app.ts';
import { probeApp } from '../web/probe-app.ts';
import { ExitError } from './exit-error.ts';
import type { OperatorSettings } from './operator-settings.ts';

/** The operator's servers, listening. */
export interface Served {
  close(): Promise<void>;
}

/**
 * Starts the servers for metrics and probes.
 * @throws ExitError of code 2 when an address cannot be used
 */
export async function serve(parts: {
  settings: OperatorSettings;
  manager: Pick<Manager, 'liveness' | 'readiness'>;
  registry: Registry;
  log: Logger;
}): Promise<Served> {
  const { settings, manager, registry, log } = parts;
  const probes = probeApp({ live: () => manager.liveness(), ready: () => manager.readiness() });
  const wanted: ListenOptions[] = [
    { ...settings.metricsBindAddress, app: metricsApp(registry), flag: '--metrics-bind-address' },
    { ...settings.healthProbeBindAddress, app: probes, flag: '--health-probe-bind-address' },
  ];
  const open: Listening[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(open.map((server) => server.close()));
  };
  try {
    for (const options of wanted) {
      const server = await listen(options);
      open.push(server);
      log.info('listening', { address: `${options.host ?? ''}:${server.port}`, flag: options.flag });
    }
  } catch (error) {
    await close();
    throw error instanceof ListenError ? new ExitError(error.message, 2, { cause: error }) : error;
  }
  return { close };
}
