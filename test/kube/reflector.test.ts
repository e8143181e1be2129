import assert from 'node:assert/strict';
import { Registry } from 'prom-client';
import type { ServerResponse } from 'node:http';
import { ConfigMaps } from '../../src/api/builtin.ts';
import type { ConfigMap } from '../../src/api/builtin.ts';
import { fixedConnection } from '../../src/kube/connection.ts';
import { createInformer } from '../../src/kube/informer.ts';
import type { Change, Informer, InformerOptions } from '../../src/kube/informer.ts';
import { kubeMetrics } from '../../src/kube/metrics.ts';
import type { KubeMetrics } from '../../src/kube/metrics.ts';
import { createTransport } from '../../src/kube/transport.ts';
import type { Transport } from '../../src/kube/transport.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { eventually } from '../support/eventually.ts';
import { manualClock } from '../support/manual-clock.ts';
import type { ManualClock } from '../support/manual-clock.ts';
import { configMap } from '../support/config-maps.ts';
import {
  answerJson,
  answerStatus,
  openWatch,
  startScriptedApiServer,
  statusObject,
} from '../support/scripted-api-server.ts';
import type { RecordedRequest, ScriptedApiServer, ScriptedWatch } from '../support/scripted-api-server.ts';

/** How a request of a reflector is meant. */
function purpose({ query }: RecordedRequest): 'list' | 'streamed list' | 'watch' {
  if (query.get('watch') !== 'true') {
    return 'list';
  }
  return query.get('sendInitialEvents') === 'true' ? 'streamed list' : 'watch';
}

describe('reflect', () => {
  let server: ScriptedApiServer;
  let clock: ManualClock;
  let transport: Transport;
  let registry: Registry;
  let metrics: KubeMetrics;
  let stop: AbortController;
  let running: Promise<void>;
  let informer: Informer<ConfigMap>;
  let changes: string[];
  /** The change upon which a handler stops the informer. */
  let abortOn: string | undefined;
  /** Waits that the reflector has asked the clock for after a failure; without deadlines and silence limits. */
  let waits: number[];

  beforeEach(async () => {
    server = await startScriptedApiServer((_request, response) => void openWatch(response));
    clock = manualClock();
    registry = new Registry();
    metrics = kubeMetrics(registry);
    transport = createTransport(fixedConnection(server.url), { clock, metrics });
    stop = new AbortController();
    changes = [];
    abortOn = undefined;
    waits = [];
  });
  afterEach(async () => {
    stop.abort();
    await running;
    transport.close();
    await server.close();
    assert.equal(clock.pending(), 0, 'a timer was left behind');
  });

  /** Starts an informer; `random` is 0 so that backoffs are exact. */
  function start(options: Partial<InformerOptions<ConfigMap>> = {}): Informer<ConfigMap> {
    informer = createInformer<ConfigMap>({
      transport,
      type: ConfigMaps,
      clock,
      random: () => 0,
      freeze: true,
      metrics,
      log: {
        ...silentLogger,
        warn: (_message, fields) => void waits.push(Number(fields?.['waitMs'])),
      },
      ...options,
    });
    informer.onChange((change) => {
      changes.push(describeChange(change));
      if (changes.at(-1) === abortOn) {
        stop.abort();
      }
    });
    running = informer.start(stop.signal);
    return informer;
  }

  function describeChange(change: Change<ConfigMap>): string {
    const { name, resourceVersion } = change.object.metadata;
    const initial = change.type === 'added' && change.initial ? ' initially' : '';
    return `${change.type} ${name}@${resourceVersion}${initial}`;
  }

  function names(): string[] {
    return [...informer.store.list()]
      .map(({ metadata }) => `${metadata.name}@${metadata.resourceVersion}`)
      .sort();
  }

  function purposes(): string[] {
    return server.requests.map(purpose);
  }

  async function metric(name: string): Promise<Record<string, number>> {
    const values = (await registry.getSingleMetric(name)?.get())?.values ?? [];
    return Object.fromEntries(
      values.map(({ labels, value }) => [
        String(labels['reason'] ?? labels['type'] ?? labels['kind']),
        value,
      ]),
    );
  }

  /** Answers each request with the next of these scripts, the last one for ever. */
  function inTurn(...scripts: ((response: ServerResponse, request: RecordedRequest) => void)[]): void {
    let turn = 0;
    server.answer((request, response) => {
      const script = scripts[Math.min(turn++, scripts.length - 1)];
      script?.(response, request);
    });
  }

  /** A streamed list of `objects` at `resourceVersion`; the watch stays open and is pushed to `watches`. */
  const watches: ScriptedWatch[] = [];
  beforeEach(() => void watches.splice(0));
  function streamedList(
    resourceVersion: string,
    ...objects: ConfigMap[]
  ): (response: ServerResponse) => void {
    return (response) => {
      const watch = openWatch(response);
      objects.forEach((object) => watch.event('ADDED', object));
      watch.initialEventsEnd('ConfigMap', resourceVersion);
      watches.push(watch);
    };
  }
  function openedWatch(response: ServerResponse): void {
    watches.push(openWatch(response));
  }
  function refuse(code: number, reason: string, headers: Record<string, string> = {}) {
    return (response: ServerResponse) => answerStatus(response, { code, reason }, headers);
  }
  async function nextWait(count: number): Promise<void> {
    await eventually(() => waits.length >= count);
    await clock.advance(waits[count - 1] ?? 0);
  }

  it('asks for a streamed list, and goes on watching on the same connection', async () => {
    inTurn(streamedList('10', configMap('a', '3'), configMap('b', '7')));
    start({ namespace: 'lab', labelSelector: 'x=y', fieldSelector: 'metadata.name!=z' });
    await informer.whenSynced();
    watches[0]!.event('MODIFIED', configMap('a', '11'));
    watches[0]!.event('DELETED', configMap('b', '12'));
    watches[0]!.event('ADDED', configMap('c', '13'));
    await eventually(() => changes.length === 5);

    assert.deepEqual(changes, [
      'added a@3 initially',
      'added b@7 initially',
      'updated a@11',
      'deleted b@12',
      'added c@13',
    ]);
    assert.deepEqual(names(), ['a@11', 'c@13']);
    assert.deepEqual(purposes(), ['streamed list']);
    assert.equal(server.requests[0]?.path, '/api/v1/namespaces/lab/configmaps');
    assert.deepEqual(Object.fromEntries(server.requests[0].query), {
      watch: 'true',
      allowWatchBookmarks: 'true',
      timeoutSeconds: '300',
      labelSelector: 'x=y',
      fieldSelector: 'metadata.name!=z',
      sendInitialEvents: 'true',
      resourceVersionMatch: 'NotOlderThan',
    });
    assert.deepEqual(await metric('headframe_watch_relists_total'), { start: 1 });
    assert.deepEqual(await metric('headframe_cache_objects'), { ConfigMap: 2 });
    assert.deepEqual(await metric('headframe_watch_events_total'), {
      ADDED: 3,
      BOOKMARK: 1,
      MODIFIED: 1,
      DELETED: 1,
    });
    assert.deepEqual(await metric('headframe_watch_last_event_timestamp_seconds'), {
      ConfigMap: clock.now() / 1000,
    });
  });

  it('is not synced before the list is complete, and takes later changes of the list into account', async () => {
    inTurn(openedWatch);
    start();
    await eventually(() => watches.length === 1);
    watches[0]!.event('ADDED', configMap('a', '1'));
    watches[0]!.event('ADDED', configMap('b', '2'));
    watches[0]!.event('MODIFIED', configMap('a', '3'));
    watches[0]!.event('DELETED', configMap('b', '4'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(informer.synced, false);
    assert.deepEqual(changes, []);
    watches[0]!.initialEventsEnd('ConfigMap', '5');
    await informer.whenSynced();
    assert.equal(informer.synced, true);
    assert.deepEqual(changes, ['added a@3 initially']);
  });

  it('holds of a list that is not complete yet only what is kept of each object', async () => {
    const reduced: string[] = [];
    const transform = ({ apiVersion, kind, metadata }: ConfigMap): ConfigMap => {
      reduced.push(metadata.name);
      return { apiVersion, kind, metadata };
    };
    inTurn(openedWatch);
    start({ transform });
    await eventually(() => watches.length === 1);
    watches[0]!.event('ADDED', { ...configMap('a', '1'), data: { bulk: 'x' } });
    await eventually(() => reduced.length === 1);
    assert.equal(informer.synced, false);

    watches[0]!.initialEventsEnd('ConfigMap', '5');
    await informer.whenSynced();

    assert.deepEqual(reduced, ['a']);
    assert.equal(informer.store.get('lab/a')?.data, undefined);
  });

  it('spreads the lengths of watches between 5 and 10 minutes', async () => {
    start({ random: () => 0.9999 });
    await eventually(() => server.requests.length === 1);
    assert.equal(server.requests[0]?.query.get('timeoutSeconds'), '600');
  });

  it('resumes at once from the last event when the server ends the watch', async () => {
    inTurn(streamedList('10', configMap('a', '3')), openedWatch);
    start();
    await informer.whenSynced();
    watches[0]!.event('ADDED', configMap('b', '11'));
    await eventually(() => changes.length === 2);
    await clock.advance(60_000);
    watches[0]!.end();
    await eventually(() => watches.length === 2);

    assert.deepEqual(purposes(), ['streamed list', 'watch']);
    assert.equal(server.requests[1]?.query.get('resourceVersion'), '11');
    assert.equal(server.requests[1].query.get('sendInitialEvents'), null);
    assert.equal(server.requests[1].query.get('allowWatchBookmarks'), 'true');
    assert.deepEqual(waits, []);
  });

  it('resumes at once when the server cuts watches short in a burst, as long as each gets on', async () => {
    const oneEvent = (version: string) => (response: ServerResponse) => {
      const watch = openWatch(response);
      watch.event('ADDED', configMap(`burst-${version}`, version));
      watch.end();
    };
    inTurn(streamedList('10'), oneEvent('11'), oneEvent('12'), openedWatch);
    start();
    await informer.whenSynced();
    await clock.advance(60_000);
    watches[0]!.end();
    await eventually(() => watches.length === 2);

    assert.deepEqual(changes, ['added burst-11@11', 'added burst-12@12']);
    assert.equal(server.requests[3]?.query.get('resourceVersion'), '12');
    assert.deepEqual(waits, []);
  });

  it('resumes from a bookmark that is newer than any event', async () => {
    inTurn(streamedList('10', configMap('a', '3')), openedWatch);
    start();
    await informer.whenSynced();
    watches[0]!.bookmark('ConfigMap', '99');
    await eventually(() => server.requests.length === 1);
    await clock.advance(60_000);
    watches[0]!.end();
    await eventually(() => watches.length === 2);
    assert.equal(server.requests[1]?.query.get('resourceVersion'), '99');
    assert.deepEqual(changes, ['added a@3 initially']);
  });

  it('lists in pages where the server refuses to stream, without waiting, and never asks again', async () => {
    inTurn(
      refuse(422, 'Invalid'),
      (response) =>
        answerJson(response, {
          metadata: { resourceVersion: '20', continue: 'next' },
          items: [{ metadata: configMap('a', '1').metadata }],
        }),
      (response) =>
        answerJson(response, {
          metadata: { resourceVersion: '20' },
          items: [{ metadata: configMap('b', '2').metadata }],
        }),
      openedWatch,
      refuse(410, 'Expired'),
      (response) => answerJson(response, { metadata: { resourceVersion: '30' }, items: [] }),
      openedWatch,
    );
    start({ labelSelector: 'x=y', namespace: 'lab' });
    await eventually(() => watches.length === 1);
    assert.deepEqual(names(), ['a@1', 'b@2']);
    assert.equal(informer.store.get('lab/a')?.kind, 'ConfigMap');
    assert.deepEqual(purposes(), ['streamed list', 'list', 'list', 'watch']);
    assert.deepEqual(Object.fromEntries(server.requests[1]!.query), { limit: '500', labelSelector: 'x=y' });
    assert.equal(server.requests[2]!.query.get('continue'), 'next');
    assert.equal(server.requests[3]!.query.get('resourceVersion'), '20');
    assert.deepEqual(waits, []);
    assert.equal(informer.lastError, undefined);

    await clock.advance(60_000);
    watches[0]!.end();
    await nextWait(1);
    await eventually(() => watches.length === 2);
    assert.deepEqual(purposes().slice(4), ['watch', 'list', 'watch']);
    assert.deepEqual(names(), []);
    assert.deepEqual(await metric('headframe_watch_relists_total'), { start: 1, expired: 1 });
  });

  const unendedLists: { name: string; answer: (response: ServerResponse) => void; silent?: boolean }[] = [
    { name: 'sends a plain bookmark', answer: (response) => openWatch(response).bookmark('ConfigMap', '5') },
    { name: 'ends the stream', answer: (response) => openWatch(response).end() },
    { name: 'falls silent', answer: (response) => void openWatch(response), silent: true },
  ];
  for (const { name, answer, silent } of unendedLists) {
    it(`lists in pages once when the server ${name} instead of ending its list`, async () => {
      inTurn(
        answer,
        (response) =>
          answerJson(response, { metadata: { resourceVersion: '8' }, items: [configMap('a', '1')] }),
        openedWatch,
        refuse(410, 'Expired'),
        streamedList('9'),
      );
      start();
      if (silent === true) {
        // The silence counts from the moment when the head of the answer is there.
        while (
          ((await registry.getSingleMetric('rest_client_requests_total')?.get())?.values ?? []).length === 0
        ) {
          await new Promise((resolve) => setTimeout(resolve, 2));
        }
        await clock.advance(70_000);
      }
      await nextWait(1);
      await eventually(() => watches.length === 1);
      assert.deepEqual(purposes(), ['streamed list', 'list', 'watch']);
      await clock.advance(1000);
      watches[0]!.end();
      await nextWait(2);
      await eventually(() => watches.length === 2);
      assert.deepEqual(purposes().slice(3), ['watch', 'streamed list']);
    });
  }

  it('starts the list over when its pages expire under way', async () => {
    inTurn(
      refuse(400, 'BadRequest'),
      (response) =>
        answerJson(response, {
          metadata: { resourceVersion: '1', continue: 'x' },
          items: [configMap('a', '1')],
        }),
      refuse(410, 'Expired'),
      (response) =>
        answerJson(response, { metadata: { resourceVersion: '2' }, items: [configMap('b', '2')] }),
      openedWatch,
    );
    start();
    await nextWait(1);
    await eventually(() => watches.length === 1);
    assert.deepEqual(purposes(), ['streamed list', 'list', 'list', 'list', 'watch']);
    assert.equal(server.requests[3]?.query.get('continue'), null);
    assert.deepEqual(names(), ['b@2']);
  });

  describe('after a relist', () => {
    it('reports what has vanished, what has changed and what was made again; keeps what has not', async () => {
      inTurn(
        streamedList(
          '10',
          configMap('kept', '1'),
          configMap('gone', '2'),
          configMap('changed', '3'),
          configMap('remade', '4'),
        ),
        refuse(410, 'Expired'),
        streamedList(
          '50',
          configMap('kept', '1'),
          configMap('changed', '30'),
          configMap('remade', '40', { uid: 'second' }),
          configMap('new', '41'),
        ),
      );
      start();
      await informer.whenSynced();
      const kept = informer.store.get('lab/kept');
      changes.splice(0);
      await clock.advance(60_000);
      watches[0]!.end();
      await nextWait(1);
      await eventually(() => changes.length > 0);

      assert.deepEqual(changes.sort(), [
        'added new@41',
        'added remade@40',
        'deleted gone@2',
        'deleted remade@4',
        'updated changed@30',
      ]);
      assert.equal(informer.store.get('lab/kept'), kept);
      assert.deepEqual(names(), ['changed@30', 'kept@1', 'new@41', 'remade@40']);
    });
  });

  describe('never runs hot and never gives up', () => {
    const firstWaits = [800, 800, 800, 800, 800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000];
    /** Dear: also a watch that goes on is tried at longer and longer intervals. */
    const storms: {
      name: string;
      answer: (response: ServerResponse) => void;
      dear?: boolean;
      /** The list after it is asked for almost at once, the first time. */
      expires?: boolean;
    }[] = [
      { name: '500', answer: refuse(500, 'InternalError') },
      { name: '403', answer: refuse(403, 'Forbidden'), dear: true },
      { name: '404 (a missing CRD)', answer: refuse(404, 'NotFound'), dear: true },
      { name: '410', answer: refuse(410, 'Expired'), dear: true, expires: true },
      { name: '401', answer: refuse(401, 'Unauthorized'), dear: true },
      { name: 'a cut connection', answer: (response) => void response.socket?.destroy() },
      { name: 'a connection cut after the head', answer: (response) => openWatch(response).cut() },
      { name: 'a watch that ends at once', answer: (response) => openWatch(response).end() },
      {
        name: 'an ERROR event',
        answer: (response) =>
          openWatch(response).event('ERROR', statusObject({ code: 500, reason: 'InternalError' })),
      },
      {
        name: 'an ERROR event that is no Status',
        answer: (response) => openWatch(response).event('ERROR', null),
      },
      {
        name: 'an ERROR event of 410',
        answer: (response) => openWatch(response).event('ERROR', statusObject({ code: 410, reason: 'Gone' })),
        dear: true,
        expires: true,
      },
      { name: 'rubbish', answer: (response) => openWatch(response).raw('{"type":"ADD\n') },
    ];
    for (const { name, answer } of storms) {
      it(`when every request meets ${name}`, async () => {
        inTurn(answer);
        start();
        for (let count = 1; count <= firstWaits.length; count++) {
          await nextWait(count);
          assert.ok(informer.lastError instanceof Error);
        }
        assert.deepEqual(waits.slice(0, firstWaits.length), firstWaits);
        assert.equal(informer.synced, false);
        // It recovers as soon as the server does.
        server.answer((request, response) => {
          if (purpose(request) === 'list') {
            answerJson(response, { metadata: { resourceVersion: '5' }, items: [configMap('a', '1')] });
          } else {
            streamedList('5', configMap('a', '1'))(response);
          }
        });
        await eventually(() => informer.synced || waits.length > firstWaits.length);
        await clock.advance(30_000);
        await eventually(() => informer.synced);
        assert.deepEqual(names(), ['a@1']);
        assert.equal(informer.lastError, undefined);
      });
    }

    for (const { name, answer, dear = false, expires = false } of storms) {
      it(`when a running watch meets ${name}, and goes on from where it was or lists again`, async () => {
        inTurn(streamedList('10', configMap('a', '1')), answer);
        start();
        await informer.whenSynced();
        await clock.advance(5000);
        watches[0]!.end();
        for (let count = 1; count <= (dear ? 7 : 4); count++) {
          await nextWait(count);
        }
        const dearWaits = expires ? [20, ...firstWaits] : firstWaits;
        const expected = dear ? dearWaits.slice(0, 7) : [600, 600, 600, 600];
        assert.deepEqual(waits.slice(0, expected.length), expected);
        assert.deepEqual(names(), ['a@1']);
        assert.equal(informer.synced, true);
      });
    }
  });

  it('lists again almost at once each time a version expires after five seconds', async () => {
    inTurn(
      streamedList('1'),
      refuse(410, 'Expired'),
      streamedList('2'),
      refuse(410, 'Expired'),
      streamedList('3'),
    );
    start();
    await informer.whenSynced();
    for (const round of [1, 2]) {
      await clock.advance(5000);
      watches[round - 1]!.end();
      await nextWait(round);
      await eventually(() => watches.length === round + 1);
      await opened();
    }
    assert.deepEqual(waits, [20, 20]);
  });

  it('forgets earlier failures only after two healthy minutes', async () => {
    inTurn(
      ...Array.from({ length: 6 }, () => refuse(500, 'InternalError')),
      streamedList('1'),
      refuse(403, 'Forbidden'),
      openedWatch,
      refuse(403, 'Forbidden'),
      openedWatch,
    );
    start();
    for (let count = 1; count <= 6; count++) {
      await nextWait(count);
    }
    await informer.whenSynced();
    watches[0]!.bookmark('ConfigMap', '2');
    await clock.advance(60_000);
    watches[0]!.end();
    await nextWait(7);
    await eventually(() => watches.length === 2);
    await opened();
    for (let minute = 0; minute < 2; minute++) {
      watches[1]!.bookmark('ConfigMap', String(3 + minute));
      await eventuallyKnown(2 + minute);
      await clock.advance(60_000);
    }
    watches[1]!.end();
    await nextWait(8);
    await eventually(() => watches.length === 3);
    assert.deepEqual(waits, [800, 800, 800, 800, 800, 1600, 3200, 800]);
  });

  /** The head of the last watch has arrived: only its silence limit waits. */
  async function opened(): Promise<void> {
    await eventually(() => informer.lastError === undefined);
  }

  /** So many bookmarks have been read. */
  async function eventuallyKnown(bookmarks: number): Promise<void> {
    let seen = 0;
    while (seen < bookmarks) {
      await new Promise((resolve) => setTimeout(resolve, 2));
      seen = (await metric('headframe_watch_events_total'))['BOOKMARK'] ?? 0;
    }
  }

  it('waits as long as the server says when that is longer', async () => {
    inTurn(refuse(429, 'TooManyRequests', { 'Retry-After': '17' }), streamedList('1'));
    start();
    await nextWait(1);
    await informer.whenSynced();
    assert.deepEqual(waits, [17_000]);
    assert.deepEqual(purposes(), ['streamed list', 'streamed list']);
  });

  it('leaves a watch that has been silent for 70 s, and resumes it', async () => {
    inTurn(streamedList('10', configMap('a', '3')), openedWatch);
    start();
    await informer.whenSynced();
    await clock.advance(69_999);
    assert.equal(server.openAnswers, 1);
    watches[0]!.bookmark('ConfigMap', '11');
    await eventuallyKnown(2);
    await clock.advance(69_999);
    assert.deepEqual(waits, []);
    await clock.advance(1);
    await eventually(() => waits.length === 1);
    assert.match(informer.lastError?.message ?? '', /the watch was silent for 70 s/);
    await eventually(() => server.openAnswers === 0);
    await nextWait(1);
    await eventually(() => watches.length === 2);
    assert.equal(server.requests[1]?.query.get('resourceVersion'), '11');
  });

  it('takes a line that was cut off for a failure, counts it, and keeps the position', async () => {
    inTurn(streamedList('10', configMap('a', '3')), openedWatch);
    start();
    await informer.whenSynced();
    watches[0]!.event('ADDED', configMap('b', '11'));
    watches[0]!.raw(JSON.stringify({ type: 'ADDED', object: configMap('secret', '12') }).slice(0, -5));
    watches[0]!.end();
    await nextWait(1);
    await eventually(() => watches.length === 2);
    assert.deepEqual(names(), ['a@3', 'b@11']);
    assert.equal(server.requests[1]?.query.get('resourceVersion'), '11');
    assert.deepEqual(await metric('headframe_watch_parse_errors_total'), { ConfigMap: 1 });
  });

  it('lists again when a watch is refused as such, or fails five times from one version', async () => {
    inTurn(streamedList('10'), refuse(400, 'BadRequest'), streamedList('20'), refuse(500, 'InternalError'));
    start();
    await informer.whenSynced();
    await clock.advance(1000);
    watches[0]!.end();
    await nextWait(1);
    await eventually(() => watches.length === 2);
    await clock.advance(1000);
    watches[1]!.end();
    for (let count = 2; count <= 6; count++) {
      await nextWait(count);
    }
    await eventually(() => server.requests.length === 9);
    assert.deepEqual(purposes(), [
      'streamed list',
      'watch',
      'streamed list',
      ...Array.from({ length: 5 }, () => 'watch'),
      'streamed list',
    ]);
    assert.deepEqual(await metric('headframe_watch_relists_total'), { start: 1, failing: 1 });
  });

  it('keeps its position however long the server is away', async () => {
    inTurn(streamedList('10'), (response) => void response.socket?.destroy());
    start();
    await informer.whenSynced();
    await clock.advance(1000);
    watches[0]!.end();
    for (let count = 1; count <= 8; count++) {
      await nextWait(count);
    }
    await eventually(() => server.requests.length >= 10);
    assert.deepEqual(new Set(purposes().slice(1)), new Set(['watch']));
  });

  it('says who does not answer, without the credentials', async () => {
    inTurn((response) => void response.socket?.destroy());
    start();
    await eventually(() => waits.length === 1);
    assert.equal(
      informer.lastError?.message,
      `cannot speak with the API server at 127.0.0.1:${server.url.port}: the connection was cut (ECONNRESET)`,
    );
  });

  describe('stops without leaving anything behind', () => {
    const phases: {
      name: string;
      until: () => Promise<void>;
      answer: (response: ServerResponse, request: RecordedRequest) => void;
    }[] = [
      {
        name: 'while the answer of the first request is awaited',
        answer: () => undefined,
        until: () => eventually(() => server.requests.length === 1),
      },
      {
        name: 'in the middle of a streamed list',
        answer: (response) => openWatch(response).event('ADDED', configMap('a', '1')),
        until: async () => {
          await eventually(() => server.requests.length === 1);
          await new Promise((resolve) => setTimeout(resolve, 20));
        },
      },
      {
        name: 'while watching',
        answer: (response) => streamedList('1')(response),
        until: () => informer.whenSynced(),
      },
      {
        name: 'while waiting after a failure',
        answer: refuse(500, 'InternalError'),
        until: () => eventually(() => waits.length === 1),
      },
      {
        name: 'in the middle of a paged list',
        answer: (response, request) => {
          if (purpose(request) === 'streamed list') {
            answerStatus(response, { code: 422 });
          } else if (!request.query.has('continue')) {
            answerJson(response, { metadata: { resourceVersion: '1', continue: 'x' }, items: [] });
          }
        },
        until: () => eventually(() => server.requests.at(-1)?.query.has('continue') === true),
      },
    ];
    for (const { name, answer, until } of phases) {
      it(name, async () => {
        inTurn(answer);
        start();
        await until();
        const before = server.requests.length;
        stop.abort();
        await running;
        await eventually(() => server.openAnswers === 0);
        assert.equal(clock.pending(), 0);
        await clock.advance(600_000);
        assert.equal(server.requests.length, before);
      });
    }

    it('when a handler stops it: later events of the same chunk are not applied', async () => {
      inTurn(streamedList('1'));
      const stopping = start();
      stop.signal.addEventListener('abort', () => changes.push('stopped'));
      await stopping.whenSynced();
      const two = [configMap('a', '2'), configMap('b', '3')].map((object) =>
        JSON.stringify({ type: 'ADDED', object }),
      );
      abortOn = 'added a@2';
      watches[0]!.raw(`${two.join('\n')}\n`);
      await running;
      assert.deepEqual(changes, ['added a@2', 'stopped']);
    });

    it('at once when it was aborted before the start', async () => {
      stop.abort();
      start();
      await running;
      assert.equal(server.requests.length, 0);
    });
  });
});
