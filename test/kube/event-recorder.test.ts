import assert from 'node:assert/strict';
import type { Event, Node, Pod } from '../../src/api/builtin.ts';
import { kubeClient } from '../../src/kube/client.ts';
import { fixedConnection } from '../../src/kube/connection.ts';
import {
  createEventRecorder,
  type EventDetails,
  type FlushableEventRecorder,
} from '../../src/kube/event-recorder.ts';
import { createTransport, type Transport } from '../../src/kube/transport.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { systemClock } from '../../src/time/clock.ts';
import { eventually } from '../support/eventually.ts';
import { manualClock, type ManualClock } from '../support/manual-clock.ts';
import {
  answerJson,
  answerStatus,
  startScriptedApiServer,
  type RecordedRequest,
  type ScriptedApiServer,
} from '../support/scripted-api-server.ts';

function podNamed(name: string, namespace = 'lab'): Pod {
  const metadata = {
    name,
    namespace,
    uid: `uid-${name}`,
    resourceVersion: '7',
    creationTimestamp: '2026-01-01T00:00:00Z',
  };
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [] } };
}

const node = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'gpu-1', uid: 'n', resourceVersion: '1', creationTimestamp: '2026-01-01T00:00:00Z' },
} as unknown as Node;

const created: EventDetails = {
  type: 'Normal',
  reason: 'PodsCreated',
  action: 'CreatePods',
  note: 'created 2 pods',
};

/** `POST name` or `PATCH name {...}`. */
function summary({ method, path, body }: RecordedRequest): string {
  const { series } = JSON.parse(body) as Event;
  const count = series === undefined ? '' : ` x${series.count}`;
  return method === 'POST' ? `POST${count}` : `PATCH ${path.split('/').pop() ?? ''}${count}`;
}

describe('event recorder', () => {
  let server: ScriptedApiServer;
  let transport: Transport;
  let clock: ManualClock;
  let recorder: FlushableEventRecorder;

  const sent = (): string[] => server.requests.map(summary);
  const bodyOf = (index: number): Event => JSON.parse(server.requests[index]?.body ?? '{}') as Event;
  const requests = (count: number): Promise<void> => eventually(() => server.requests.length === count);

  beforeEach(async () => {
    server = await startScriptedApiServer((_request, response) => answerJson(response, { kind: 'Event' }));
    transport = createTransport(fixedConnection(server.url), { clock: systemClock });
    clock = manualClock();
    recorder = createEventRecorder({
      client: kubeClient(transport, { retries: 0 }),
      component: 'headframe',
      instance: 'host_1',
      clock,
      log: silentLogger,
      random: () => 0.5,
    });
  });
  afterEach(async () => {
    await server.close();
    transport.close();
  });

  it('creates an event as the events API wants it', async () => {
    recorder.record(podNamed('miner-0'), { ...created, related: node });
    await requests(1);
    assert.equal(server.requests[0]?.path, '/apis/events.k8s.io/v1/namespaces/lab/events');
    assert.deepEqual(bodyOf(0), {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { name: `miner-0.${1767225600000500000n.toString(16)}`, namespace: 'lab' },
      eventTime: '2026-01-01T00:00:00.000000Z',
      reportingController: 'headframe',
      reportingInstance: 'host_1',
      type: 'Normal',
      reason: 'PodsCreated',
      action: 'CreatePods',
      note: 'created 2 pods',
      regarding: {
        apiVersion: 'v1',
        kind: 'Pod',
        namespace: 'lab',
        name: 'miner-0',
        uid: 'uid-miner-0',
        resourceVersion: '7',
      },
      related: { apiVersion: 'v1', kind: 'Node', name: 'gpu-1', uid: 'n', resourceVersion: '1' },
    });
  });

  it('puts events of cluster-scoped objects into the namespace default', async () => {
    recorder.record(node, created);
    await requests(1);
    assert.equal(server.requests[0]?.path, '/apis/events.k8s.io/v1/namespaces/default/events');
    assert.equal(bodyOf(0).metadata.namespace, 'default');
  });

  const names: { object: string; event: RegExp }[] = [
    { object: 'a'.repeat(253), event: /^a{236}\.[0-9a-f]{16}$/ },
    { object: `${'a'.repeat(235)}.b${'c'.repeat(16)}`, event: /^a{235}\.[0-9a-f]{16}$/ },
    { object: 'system:node', event: /^pod\.[0-9a-f]{16}$/ },
  ];
  for (const { object, event } of names) {
    it(`names the event of ${object.slice(-20)} (${object.length} characters) validly`, async () => {
      recorder.record(podNamed(object), created);
      await requests(1);
      assert.match(bodyOf(0).metadata.name, event);
    });
  }

  const notes: { title: string; note: string; expected: string }[] = [
    { title: 'keeps 1024 bytes', note: 'x'.repeat(1024), expected: 'x'.repeat(1024) },
    { title: 'cuts 1025 bytes', note: 'x'.repeat(1025), expected: `${'x'.repeat(1021)}…` },
    { title: 'cuts no character in half', note: 'é'.repeat(600), expected: `${'é'.repeat(510)}…` },
  ];
  for (const { title, note, expected } of notes) {
    it(`${title} of a note`, async () => {
      recorder.record(podNamed('miner-0'), { ...created, note });
      await requests(1);
      assert.equal(bodyOf(0).note, expected);
    });
  }

  describe('of the same again', () => {
    it('makes a series at once, then counts, and writes the count after six minutes', async () => {
      const name = `miner-0.${1767225600000500000n.toString(16)}`;
      recorder.record(podNamed('miner-0'), created);
      await requests(1);
      await clock.advance(1000);
      recorder.record(podNamed('miner-0'), created);
      await requests(2);
      for (let times = 0; times < 5; times++) {
        recorder.record(podNamed('miner-0'), created);
      }
      await clock.advance(360_000);
      await requests(3);
      assert.deepEqual(sent(), ['POST', `PATCH ${name} x2`, `PATCH ${name} x7`]);
      assert.deepEqual(bodyOf(1).series, { count: 2, lastObservedTime: '2026-01-01T00:00:01.000000Z' });
      assert.equal(server.requests[1]?.headers['content-type'], 'application/merge-patch+json');
    });

    it('that comes while the first is on its way makes a series as well', async () => {
      recorder.record(podNamed('miner-0'), created);
      recorder.record(podNamed('miner-0'), created);
      recorder.record(podNamed('miner-0'), created);
      await eventually(() => server.requests.length > 0 && recorder.dropped === 0);
      await recorder.flush(1000);
      const last = bodyOf(server.requests.length - 1);
      assert.equal(last.series?.count, 3);
      assert.equal(sent().filter((one) => one.startsWith('POST')).length, 1);
    });

    it('after six minutes of silence is a new event', async () => {
      recorder.record(podNamed('miner-0'), created);
      await requests(1);
      await clock.advance(360_001);
      recorder.record(podNamed('miner-0'), created);
      await requests(2);
      assert.deepEqual(sent(), ['POST', 'POST']);
      assert.notEqual(bodyOf(0).metadata.name, bodyOf(1).metadata.name);
    });

    it('is created anew when the server has forgotten the event', async () => {
      recorder.record(podNamed('miner-0'), created);
      await requests(1);
      server.answer((request, response) =>
        request.method === 'PATCH'
          ? answerStatus(response, { code: 404, reason: 'NotFound', message: 'gone' })
          : answerJson(response, { kind: 'Event' }),
      );
      recorder.record(podNamed('miner-0'), created);
      await requests(3);
      assert.deepEqual(
        sent().map((one) => one.split(' ')[0]),
        ['POST', 'PATCH', 'POST'],
      );
      assert.equal(bodyOf(2).series?.count, 2);
    });

    it('of another object, reason or note is not the same', async () => {
      recorder.record(podNamed('miner-0'), created);
      recorder.record(podNamed('miner-1'), created);
      recorder.record(podNamed('miner-0'), { ...created, reason: 'PodsDeleted' });
      recorder.record(podNamed('miner-0'), { ...created, note: 'created 3 pods' });
      recorder.record(podNamed('miner-0'), { ...created, related: node });
      await requests(5);
      assert.deepEqual(sent(), ['POST', 'POST', 'POST', 'POST', 'POST']);
    });
  });

  it('combines similar events from the tenth on', async () => {
    for (let pod = 1; pod <= 12; pod++) {
      recorder.record(podNamed('miner-0'), { ...created, note: `created pod ${pod}` });
    }
    await eventually(() => server.requests.length >= 10);
    await recorder.flush(1000);
    const posted = server.requests.filter(({ method }) => method === 'POST');
    assert.equal(posted.length, 10);
    assert.equal(
      (JSON.parse(posted[9]?.body ?? '{}') as Event).note,
      '(combined from similar events): created pod 10',
    );
    assert.equal(bodyOf(server.requests.length - 1).series?.count, 3);
  });

  it('lets no object have more than 25 events, and one more in five minutes', async () => {
    const burst = (): void => {
      for (const reason of ['PodsCreated', 'PodsDeleted', 'PodReplaced', 'NodeLost'] as const) {
        for (let index = 0; index < 9; index++) {
          recorder.record(podNamed('miner-0'), { ...created, reason, note: `${clock.now()} ${index}` });
        }
      }
    };
    burst();
    await requests(25);
    assert.equal(recorder.dropped, 11);
    recorder.record(podNamed('miner-1'), created);
    await requests(26);
    await clock.advance(300_000);
    recorder.record(podNamed('miner-0'), { ...created, reason: 'Suspended' });
    recorder.record(podNamed('miner-0'), { ...created, reason: 'Resumed' });
    await requests(27);
    assert.equal(recorder.dropped, 12);
  });

  it('waits and tries again while the server is away', async () => {
    server.answer((_request, response) =>
      answerStatus(response, { code: 500, reason: 'InternalError', message: '' }),
    );
    recorder.record(podNamed('miner-0'), created);
    recorder.record(podNamed('miner-1'), created);
    await requests(1);
    await eventually(() => clock.pending() === 1);
    server.answer((_request, response) => answerJson(response, { kind: 'Event' }));
    await clock.advance(11_249);
    assert.equal(server.requests.length, 1);
    await clock.advance(1);
    await requests(3);
    assert.equal(recorder.dropped, 0);
  });

  it('gives an event up after twelve tries, and goes on with the next', async () => {
    server.answer((request, response) =>
      request.body.includes('miner-0')
        ? answerStatus(response, { code: 503, reason: 'ServiceUnavailable', message: '' })
        : answerJson(response, { kind: 'Event' }),
    );
    recorder.record(podNamed('miner-0'), created);
    recorder.record(podNamed('miner-1'), created);
    for (let tries = 1; tries < 12; tries++) {
      await requests(tries);
      await eventually(() => clock.pending() === 1);
      await clock.advance(11_250);
    }
    await requests(13);
    assert.equal(recorder.dropped, 1);
  });

  it('does not try again what the server refuses', async () => {
    server.answer((_request, response) =>
      answerStatus(response, { code: 403, reason: 'Forbidden', message: 'no events' }),
    );
    recorder.record(podNamed('miner-0'), created);
    recorder.record(podNamed('miner-1'), created);
    await eventually(() => recorder.dropped === 2);
    assert.equal(server.requests.length, 2);
  });

  it('takes an event for sent whose answer was lost', async () => {
    server.answer((_request, response) =>
      answerStatus(response, { code: 409, reason: 'AlreadyExists', message: 'exists' }),
    );
    recorder.record(podNamed('miner-0'), created);
    await requests(1);
    await recorder.flush(1000);
    assert.equal(recorder.dropped, 0);
  });

  it('drops what does not fit into the queue of 1000', () => {
    server.answer(() => undefined);
    for (let pod = 0; pod < 1010; pod++) {
      recorder.record(podNamed(`miner-${pod}`), created);
    }
    assert.equal(recorder.dropped, 10);
  });

  it('never throws, not even about an object without metadata', () => {
    recorder.record({ apiVersion: 'v1', kind: 'Pod' } as unknown as Pod, created);
  });

  describe('flush', () => {
    it('sends what is waiting, counts included, and leaves no timer', async () => {
      for (let times = 0; times < 4; times++) {
        recorder.record(podNamed('miner-0'), created);
      }
      await recorder.flush(1000);
      assert.equal(bodyOf(server.requests.length - 1).series?.count, 4);
      assert.equal(clock.pending(), 0);
    });

    it('sends the repetitions that came while the last count was on its way', async () => {
      recorder.record(podNamed('miner-0'), created);
      await requests(1);
      for (let times = 0; times < 3; times++) {
        recorder.record(podNamed('miner-0'), created);
      }
      await recorder.flush(1000);
      assert.equal(bodyOf(server.requests.length - 1).series?.count, 4);
    });

    it('does not wait for the pause between tries', async () => {
      server.answer((_request, response) => answerStatus(response, { code: 500, reason: 'X', message: '' }));
      recorder.record(podNamed('miner-0'), created);
      await eventually(() => clock.pending() === 1);
      server.answer((_request, response) => answerJson(response, { kind: 'Event' }));
      await recorder.flush(1000);
      assert.equal(server.requests.length, 2);
      assert.equal(recorder.dropped, 0);
    });

    it('gives up at its deadline', async () => {
      server.answer(() => undefined);
      recorder.record(podNamed('miner-0'), created);
      recorder.record(podNamed('miner-1'), created);
      await requests(1);
      const flushed = recorder.flush(2000);
      await clock.advance(2000);
      await flushed;
      assert.equal(recorder.dropped, 2);
      assert.equal(clock.pending(), 0);
    });

    it('is the end: later events are dropped', async () => {
      await recorder.flush(1000);
      recorder.record(podNamed('miner-0'), created);
      assert.equal(recorder.dropped, 1);
      assert.equal(clock.pending(), 0);
    });
  });
});
