import { createOperator } from '../../../src/commands/operator-parts.ts';
import { VERSION } from '../../../src/commands/version.ts';
import { protocolFor } from '../../../src/controllers/networks/protocol-for.ts';
import { loadConnection } from '../../../src/kube/kubeconfig.ts';
import { kubeMetrics } from '../../../src/kube/metrics.ts';
import { createTransport } from '../../../src/kube/transport.ts';
import { createRegistry } from '../../../src/telemetry/metrics-registry.ts';
import { createLogger } from '../../../src/telemetry/winston-logger.ts';
import { systemClock } from '../../../src/time/clock.ts';
import { countingTransport } from './counting-transport.ts';
import type { OperatorConfig, OperatorReading } from './operator.ts';
import { withPayments } from './payments.ts';

/*
 * The operator as `headframe operator` builds it, with payments among what its accounts have to send, and with its writes counted. A
 * process of its own: it answers every message with a reading, and ends with SIGTERM or with who started it.
 */
const { kubeconfig, payments, since } = JSON.parse(process.env['BENCH_CONFIG'] ?? '{}') as OperatorConfig;
const registry = createRegistry({ version: VERSION });
const metrics = kubeMetrics(registry);
const { transport, writes } = countingTransport(
  createTransport(await loadConnection({ kubeconfig }), { clock: systemClock, metrics }),
);
const manager = createOperator({
  transport,
  kubeMetrics: metrics,
  registry,
  log: createLogger({ level: 'warn' }),
  lease: undefined,
  drainTimeoutSeconds: 5,
  protocolFor: (spec) => withPayments(protocolFor(spec), payments, since),
});

process.on('message', () => void read().then((reading) => process.send?.(reading)));

async function read(): Promise<OperatorReading> {
  const { user, system } = process.cpuUsage();
  return {
    writes: Object.fromEntries(writes),
    cpuMs: (user + system) / 1000,
    metrics: await registry.metrics(),
  };
}

const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
// Who measures is gone: nothing of it stays behind.
process.once('disconnect', () => stop.abort());
await manager.run(stop.signal);
transport.close();
if (process.connected) {
  process.disconnect();
}
