import assert from 'node:assert/strict';
import { Registry } from 'prom-client';
import { ConfigMaps } from '../../src/api/builtin.ts';
import type { ConfigMap } from '../../src/api/builtin.ts';
import { fixedConnection } from '../../src/kube/connection.ts';
import { createInformer } from '../../src/kube/informer.ts';
import type { Informer, InformerOptions } from '../../src/kube/informer.ts';
import { kubeMetrics } from '../../src/kube/metrics.ts';
import { createTransport } from '../../src/kube/transport.ts';
import type { Transport } from '../../src/kube/transport.ts';
import type { LogFields } from '../../src/telemetry/logger.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { configMap } from '../support/config-maps.ts';
import { eventually } from '../support/eventually.ts';
import { manualClock } from '../support/manual-clock.ts';
import type { ManualClock } from '../support/manual-clock.ts';
import { openWatch, startScriptedApiServer } from '../support/scripted-api-server.ts';
import type { ScriptedApiServer, ScriptedWatch } from '../support/scripted-api-server.ts';

describe('createInformer', () => {
  let server: ScriptedApiServer;
  let clock: ManualClock;
  let transport: Transport;
  let stop: AbortController;
  let watch: ScriptedWatch;
  let errors: (LogFields | undefined)[];
  const running: Promise<void>[] = [];

  beforeEach(async () => {
    clock = manualClock();
    stop = new AbortController();
    errors = [];
    server = await startScriptedApiServer((_request, response) => {
      watch = openWatch(response);
      watch.event('ADDED', configMap('a', '1', { data: { pool: 'p' } }));
      watch.initialEventsEnd('ConfigMap', '10');
    });
    transport = createTransport(fixedConnection(server.url), { clock });
  });
  afterEach(async () => {
    stop.abort();
    await Promise.all(running.splice(0));
    transport.close();
    await server.close();
  });

  function informer(options: Partial<InformerOptions<ConfigMap>> = {}): Informer<ConfigMap> {
    const log = {
      ...silentLogger,
      error: (_message: string, fields?: LogFields) => void errors.push(fields),
    };
    return createInformer<ConfigMap>({ transport, type: ConfigMaps, clock, log, ...options });
  }
  function start(started: Informer<ConfigMap>): void {
    running.push(started.start(stop.signal));
  }

  it('changes the store before it tells anybody', async () => {
    const configMaps = informer({ indexes: { pool: ({ data }) => [data?.['pool'] ?? ''] } });
    const seen: unknown[] = [];
    configMaps.onChange(({ type, object }) => {
      seen.push([
        type,
        configMaps.store.get('lab/a') === object,
        configMaps.store.byIndex('pool', 'p').length,
      ]);
    });
    start(configMaps);
    await configMaps.whenSynced();
    watch.event('MODIFIED', configMap('a', '2', { data: { pool: 'q' } }));
    await eventually(() => seen.length === 2);
    assert.deepEqual(seen, [
      ['added', true, 1],
      ['updated', true, 0],
    ]);
  });

  it('is synced once and for all', async () => {
    const configMaps = informer();
    assert.equal(configMaps.synced, false);
    const early = configMaps.whenSynced();
    start(configMaps);
    await early;
    await configMaps.whenSynced();
    watch.cut();
    await eventually(() => configMaps.lastError !== undefined);
    assert.equal(configMaps.synced, true);
    assert.equal(configMaps.store.size, 1);
  });

  it('tells when it begins to fail and when it works again, and counts no objects once it has stopped', async () => {
    const registry = new Registry();
    const told: boolean[] = [];
    const configMaps = informer({
      metrics: kubeMetrics(registry),
      onHealth: () => told.push(configMaps.lastError === undefined),
    });
    start(configMaps);
    await configMaps.whenSynced();
    assert.match(await registry.metrics(), /headframe_cache_objects\{kind="ConfigMap"\} 1/);
    assert.deepEqual(told, []);
    watch.cut();
    await eventually(() => told.length === 1);
    await clock.advance(60_000);
    await eventually(() => told.length === 2);
    assert.deepEqual(told, [false, true]);

    stop.abort();
    await Promise.all(running);
    assert.match(await registry.metrics(), /headframe_cache_objects\{kind="ConfigMap"\} 0/);
  });

  it('logs and counts a handler that throws; the other handlers and the next events are not lost', async () => {
    const registry = new Registry();
    const configMaps = informer({ metrics: kubeMetrics(registry) });
    const seen: string[] = [];
    configMaps.onChange(({ object }) => {
      throw new Error(`handler of ${object.metadata.name}`);
    });
    configMaps.onChange(({ type, object }) => seen.push(`${type} ${object.metadata.name}`));
    start(configMaps);
    await configMaps.whenSynced();
    watch.event('ADDED', configMap('b', '11'));
    watch.event('DELETED', configMap('b', '12'));
    await eventually(() => seen.length === 3);
    assert.deepEqual(seen, ['added a', 'added b', 'deleted b']);
    assert.deepEqual(
      errors.map((fields) => (fields?.['error'] as Error).message),
      ['handler of a', 'handler of b', 'handler of b'],
    );
    assert.match(await registry.metrics(), /headframe_watch_handler_errors_total\{kind="ConfigMap"\} 3/);
    assert.equal(configMaps.lastError, undefined);
    assert.equal(server.requests.length, 1);
  });

  it('logs an index function that throws, and goes on', async () => {
    const configMaps = informer({
      indexes: {
        broken: () => {
          throw new Error('broken index');
        },
      },
    });
    start(configMaps);
    await configMaps.whenSynced();
    assert.deepEqual(
      errors.map((fields) => (fields?.['error'] as Error).message),
      ['broken index'],
    );
    assert.equal(configMaps.store.size, 1);
  });

  it('refuses handlers that come too late, and a second start', async () => {
    const configMaps = informer();
    start(configMaps);
    assert.throws(() => configMaps.onChange(() => undefined), /ConfigMap informer has started/);
    await assert.rejects(configMaps.start(stop.signal), /started twice/);
  });

  it('runs beside many others under one signal without a warning', async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error): void => void warnings.push(warning);
    process.on('warning', onWarning);
    const many = Array.from({ length: 25 }, () => informer());
    many.forEach(start);
    await Promise.all(many.map((one) => one.whenSynced()));
    process.off('warning', onWarning);
    assert.deepEqual(warnings, []);
    assert.equal(server.connections, 25);
  });
});
