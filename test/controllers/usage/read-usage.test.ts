import assert from 'node:assert/strict';
import { type ComputeCluster, ComputeClusterSpec } from '../../../src/api/compute-cluster.ts';
import type { ExporterPod } from '../../../src/controllers/usage/exporter-pods.ts';
import { exporterPods } from '../../../src/controllers/usage/exporter-pods.ts';
import { readExporters } from '../../../src/controllers/usage/read-exporters.ts';
import { readUsage } from '../../../src/controllers/usage/read-usage.ts';
import type { UsageReading } from '../../../src/controllers/usage/reading.ts';
import { kubeClient } from '../../../src/kube/client.ts';
import { fixedConnection } from '../../../src/kube/connection.ts';
import type { ProxyLimits } from '../../../src/kube/pod-proxy.ts';
import { createTransport } from '../../../src/kube/transport.ts';
import { readMetricsText } from '../../../src/telemetry/read-metrics.ts';
import { systemClock } from '../../../src/time/clock.ts';
import { exporterText, startExporterServer, type ExporterServer } from '../../support/exporter-server.ts';
import { eventually } from '../../support/eventually.ts';
import { answerStatus, type Script } from '../../support/scripted-api-server.ts';
import { exporterPod, usageCluster } from '../../support/usage-world.ts';

const MIB = 1024 * 1024;
const GOOD = exporterText({ 'pool-0': [0.5] });
const forever = new AbortController().signal;

/** What a reading came to: `3 asked; 1 samples; a: Timeout ...`. */
function summary({ asked, samples, failures }: UsageReading): string {
  const failed = failures.map(({ source, kind, message }) => `${source}: ${kind}: ${message}`);
  return [`${asked} asked`, `${samples.length} samples`, ...failed].join('; ');
}

/** Writes for ever, without waiting for anybody. */
const endless: Script = (_request, response) => {
  const write = (): void => {
    if (!response.destroyed) {
      response.write('# '.repeat(MIB / 2));
      setImmediate(write);
    }
  };
  write();
};

/** As much as a busy machine needs, in milliseconds; what is to run out of time does so sooner. */
const PATIENT_MS = 10_000;

const answers: readonly { what: string; script: Script; reads: RegExp; timeoutMs?: number }[] = [
  {
    what: 'a good text',
    script: (_request, response) => void response.end(GOOD),
    reads: /^2 asked; 2 samples$/,
  },
  {
    what: 'an exporter without GPUs',
    script: (_request, response) => void response.end('# HELP x y\n'),
    reads: /^2 asked; 1 samples$/,
  },
  {
    what: 'no answer at all',
    script: () => undefined,
    timeoutMs: 300,
    reads: /; 1 samples; ns\/bad: Timeout: .*within 0\.3 s$/,
  },
  {
    what: 'half an answer',
    script: (_request, response) => void response.write(GOOD),
    timeoutMs: 300,
    reads: /; 1 samples; ns\/bad: Timeout: /,
  },
  {
    what: 'a 500',
    script: (_request, response) => void response.writeHead(500).end('boom'),
    reads: /; 1 samples; ns\/bad: Status: .*500/,
  },
  {
    what: 'a page of prose',
    script: (_request, response) => void response.end('<html>Log in first</html>'),
    reads: /; 1 samples; ns\/bad: Malformed: line 1, .*Prometheus text format/,
  },
  { what: 'a huge body', script: endless, reads: /; 1 samples; ns\/bad: TooLarge: .*1048576 bytes$/ },
  {
    what: 'a cut connection',
    script: (_request, response) => void response.socket?.destroy(),
    reads: /; 1 samples; ns\/bad: ConnectionFailed: /,
  },
];

describe('controllers/usage/read-usage', () => {
  let good: ExporterServer;
  let bad: ExporterServer;
  before(async () => {
    [good, bad] = await Promise.all([startExporterServer(), startExporterServer()]);
    good.answer((_request, response) => void response.end(GOOD));
  });
  after(() => Promise.all([good.close(), bad.close()]));

  function podAt(name: string, { url }: ExporterServer): ExporterPod {
    return { namespace: 'ns', name, port: Number(url.port), path: '/metrics', url: new URL('/metrics', url) };
  }

  const within = (timeoutMs: number): ProxyLimits => ({ clock: systemClock, timeoutMs, maxBytes: MIB });
  for (const { what, script, reads, timeoutMs = PATIENT_MS } of answers) {
    /** Only the bad one is given up so soon. */
    const limitsOf = ({ name }: ExporterPod): ProxyLimits => within(name === 'bad' ? timeoutMs : PATIENT_MS);
    it(`directly: ${what} costs only itself`, async () => {
      bad.answer(script);
      const read = (pod: ExporterPod): Promise<string> => readMetricsText(pod.url!, limitsOf(pod));
      assert.match(
        summary(await readExporters([podAt('bad', bad), podAt('good', good)], read, forever)),
        reads,
      );
      await eventually(() => bad.openAnswers === 0);
    });

    it(`through the API server: ${what} costs only itself`, async () => {
      // One server for both pods, as an API server is.
      bad.answer((request, response) => {
        assert.match(request.path, /^\/api\/v1\/namespaces\/ns\/pods\/(good|bad):9400\/proxy\/metrics$/);
        return request.path.includes('/pods/bad:') ? script(request, response) : void response.end(GOOD);
      });
      const transport = createTransport(fixedConnection(bad.url), { clock: systemClock });
      const pods = ['bad', 'good'].map((name) => ({ ...podAt(name, bad), port: 9400 }));
      const read = (pod: ExporterPod): Promise<string> =>
        kubeClient(transport).readPod(pod, pod, limitsOf(pod));
      assert.match(summary(await readExporters(pods, read, forever)), reads);
      await eventually(() => bad.openAnswers === 0);
      transport.close();
    });
  }

  it('repeats what an API server says when it refuses, but not what a pod says at length', async () => {
    bad.answer((_request, response) =>
      answerStatus(response, { code: 403, reason: 'Forbidden', message: 'pods/proxy is forbidden' }),
    );
    const transport = createTransport(fixedConnection(bad.url), { clock: systemClock });
    const read = (pod: ExporterPod): Promise<string> =>
      kubeClient(transport).readPod(pod, pod, within(PATIENT_MS));
    const forbidden = summary(await readExporters([podAt('bad', bad)], read, forever));
    assert.match(forbidden, /ns\/bad: Status: pods\/proxy is forbidden \(GET .*403 Forbidden\)$/);

    bad.answer((request, response) => {
      response.writeHead(500);
      return endless(request, response);
    });
    const endlessly = await readExporters([podAt('bad', bad)], read, forever);
    assert.match(summary(endlessly), /ns\/bad: Status: refused \(GET .*500 InternalError\)$/);
    await eventually(() => bad.openAnswers === 0);
    transport.close();
  });

  it('asks eight at a time at most, each once', async () => {
    let open = 0;
    let most = 0;
    const pods = Array.from({ length: 50 }, (_, index) => podAt(`e-${index}`, good));
    const asked: string[] = [];
    const reading = await readExporters(
      pods,
      async ({ name }) => {
        asked.push(name);
        most = Math.max(most, ++open);
        await new Promise((resolve) => setImmediate(resolve));
        open--;
        return GOOD;
      },
      forever,
    );
    assert.equal(most, 8);
    assert.deepEqual(asked.sort(), pods.map(({ name }) => name).sort());
    assert.equal(reading.samples.length, 50);
  });

  it('asks nobody after the end of its time, and says of whom it does not know', async () => {
    const late = new AbortController();
    const pods = Array.from({ length: 20 }, (_, index) => podAt(`e-${index}`, good));
    const reading = await readExporters(
      pods,
      () => {
        late.abort();
        return Promise.resolve(GOOD);
      },
      late.signal,
    );
    assert.equal(reading.asked, 20);
    assert.ok(reading.failures.length >= 12);
    assert.ok(reading.failures.every(({ kind }) => kind === 'Timeout'));
    assert.equal(reading.samples.length + reading.failures.length, 20);
  });

  describe('which exporters, and which way', () => {
    const clients: string[] = [];
    function read(cluster: ComputeCluster, pods = [exporterPod()]): Promise<UsageReading | undefined> {
      const client = {
        readPod: ({ name }: { name: string }) => {
          clients.push(name);
          return Promise.resolve(GOOD);
        },
      } as never;
      return readUsage({ cluster, pods, client }, { client, namespace: 'n', clock: systemClock }, forever);
    }
    const exporters = (facts: object = {}): object => ({
      source: 'Exporters',
      exporters: { port: good.port, ...facts },
    });

    it('goes to pods of the local cluster itself, and to those of others through their API server', async () => {
      good.answer((_request, response) => void response.end(GOOD));
      for (const [name, access, way] of [
        ['local', 'Auto', []],
        ['local', 'APIServerProxy', ['exporter']],
        ['far', 'Auto', ['exporter']],
        ['far', 'Direct', []],
      ] as const) {
        clients.length = 0;
        const reading = await read(usageCluster(name, exporters({ access })));
        assert.equal(reading?.samples.length, 1, `${name} ${access}`);
        assert.deepEqual(clients, way, `${name} ${access}`);
      }
    });

    it('reads nothing when there is no source', async () => {
      assert.equal(await read(usageCluster('local')), undefined);
    });

    it('says of a pod that has no address, and of none that there is none', async () => {
      const { podIP: _, ...status } = exporterPod().status ?? {};
      const reading = await read(usageCluster('local', exporters()), [{ ...exporterPod(), status }]);
      assert.match(summary(reading!), /gpu-operator\/exporter: Refused: .*no IP address/);
      assert.equal(summary((await read(usageCluster('local', exporters()), []))!), '0 asked; 0 samples');
    });

    const { exporters: defaults } = ComputeClusterSpec.parse({}).usage;
    it('means running pods with all the labels, in the namespace if there is one', () => {
      const other = exporterPod('other');
      other.metadata.labels = { app: 'something-else' };
      const pending = exporterPod('pending');
      pending.status = { phase: 'Pending' };
      const pods = [exporterPod('b'), other, pending, exporterPod('a', { ip: 'fd00::1' })];
      const found = exporterPods(pods, { ...defaults });
      assert.deepEqual(
        found.map(({ name, url }) => [name, url?.href]),
        [
          ['a', 'http://[fd00::1]:9400/metrics'],
          ['b', 'http://127.0.0.1:9400/metrics'],
        ],
      );
      assert.deepEqual(exporterPods(pods, { ...defaults, namespace: 'elsewhere' }), []);
    });
  });
});
