import assert from 'node:assert/strict';
import { ConfigMaps, Nodes, Pods, Secrets } from '../../src/api/builtin.ts';
import type { ConfigMap, Pod } from '../../src/api/builtin.ts';
import type { Manifest } from '../../src/api/kube-object.ts';
import { kubeClient } from '../../src/kube/client.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { fixedConnection } from '../../src/kube/connection.ts';
import { ApiError, isAlreadyExists, isConflict, isExpired, isNotFound } from '../../src/kube/errors.ts';
import { createTransport } from '../../src/kube/transport.ts';
import type { Transport } from '../../src/kube/transport.ts';
import { manualClock, settle } from '../support/manual-clock.ts';
import type { ManualClock } from '../support/manual-clock.ts';
import { answerJson, answerStatus, startScriptedApiServer } from '../support/scripted-api-server.ts';
import type { ScriptedApiServer, StatusText } from '../support/scripted-api-server.ts';
import { eventually } from '../support/eventually.ts';

const configMap: Manifest<ConfigMap> = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings', namespace: 'lab' },
  data: { a: '1' },
};

describe('kubeClient', () => {
  let server: ScriptedApiServer;
  let clock: ManualClock;
  /** The waits that the server asked for, in milliseconds; the request timeouts are not among them. */
  let waits: number[];
  let watched: ManualClock;
  let transport: Transport;
  let client: KubeClient;

  beforeEach(async () => {
    server = await startScriptedApiServer((_request, response) => answerJson(response, { kind: 'X' }));
    clock = manualClock();
    waits = [];
    watched = {
      ...clock,
      after(delayMs, callback) {
        waits.push(delayMs);
        return clock.after(delayMs, callback);
      },
    };
    transport = createTransport(fixedConnection(server.url), { clock });
    client = kubeClient(transport, { clock: watched });
  });
  afterEach(async () => {
    transport.close();
    await server.close();
  });

  const key = { namespace: 'lab', name: 'settings' };
  const object = { metadata: { ...key, resourceVersion: '7' } };
  const verbs: {
    name: string;
    call: () => Promise<unknown>;
    method: string;
    path: string;
    query: Record<string, string>;
    type?: string;
    body?: unknown;
  }[] = [
    {
      name: 'get',
      call: () => client.get(ConfigMaps, key),
      method: 'GET',
      path: '/api/v1/namespaces/lab/configmaps/settings',
      query: {},
    },
    {
      name: 'get of a cluster-scoped object',
      call: () => client.get(Nodes, { name: 'n1' }),
      method: 'GET',
      path: '/api/v1/nodes/n1',
      query: {},
    },
    {
      name: 'list',
      call: () =>
        client.list(Pods, { namespace: 'lab', labelSelector: 'a=b,c', limit: 500, continueToken: 'x/y' }),
      method: 'GET',
      path: '/api/v1/namespaces/lab/pods',
      query: { labelSelector: 'a=b,c', limit: '500', continue: 'x/y' },
    },
    { name: 'list of all', call: () => client.list(Pods), method: 'GET', path: '/api/v1/pods', query: {} },
    {
      name: 'create',
      call: () => client.create(ConfigMaps, configMap),
      method: 'POST',
      path: '/api/v1/namespaces/lab/configmaps',
      query: { fieldManager: 'headframe' },
      type: 'application/json',
      body: configMap,
    },
    {
      name: 'replace',
      call: () => client.replace(ConfigMaps, configMap),
      method: 'PUT',
      path: '/api/v1/namespaces/lab/configmaps/settings',
      query: { fieldManager: 'headframe' },
      type: 'application/json',
      body: configMap,
    },
    {
      name: 'delete with preconditions',
      call: () => client.delete(ConfigMaps, key, { uid: 'u1', gracePeriodSeconds: 0 }),
      method: 'DELETE',
      path: '/api/v1/namespaces/lab/configmaps/settings',
      query: {},
      type: 'application/json',
      body: {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        gracePeriodSeconds: 0,
        preconditions: { uid: 'u1' },
      },
    },
    {
      name: 'apply',
      call: () => client.apply(ConfigMaps, configMap, { force: true, dryRun: true }),
      method: 'PATCH',
      path: '/api/v1/namespaces/lab/configmaps/settings',
      query: { fieldManager: 'headframe', force: 'true', dryRun: 'All' },
      type: 'application/apply-patch+yaml',
      body: configMap,
    },
    {
      name: 'apply of the status',
      call: () => client.apply(ConfigMaps, configMap, { subresource: 'status' }),
      method: 'PATCH',
      path: '/api/v1/namespaces/lab/configmaps/settings/status',
      query: { fieldManager: 'headframe' },
      type: 'application/apply-patch+yaml',
      body: configMap,
    },
    {
      name: 'mergePatch',
      call: () => client.mergePatch(ConfigMaps, key, { data: { a: null } }),
      method: 'PATCH',
      path: '/api/v1/namespaces/lab/configmaps/settings',
      query: { fieldManager: 'headframe' },
      type: 'application/merge-patch+json',
      body: { data: { a: null } },
    },
    {
      name: 'patchStatus',
      call: () => client.patchStatus(Pods, object, { phase: 'Running' }),
      method: 'PATCH',
      path: '/api/v1/namespaces/lab/pods/settings/status',
      query: { fieldManager: 'headframe' },
      type: 'application/merge-patch+json',
      body: { metadata: { resourceVersion: '7' }, status: { phase: 'Running' } },
    },
  ];
  for (const { name, call, method, path, query, type, body } of verbs) {
    it(`sends ${name} as the API server wants it`, async () => {
      await call();
      const [request] = server.requests;
      assert.equal(request?.method, method);
      assert.equal(request.path, path);
      assert.deepEqual(Object.fromEntries(request.query), query);
      assert.equal(request.headers['content-type'], type);
      assert.deepEqual(request.body === '' ? undefined : (JSON.parse(request.body) as unknown), body);
      assert.match(request.headers['user-agent'] ?? '', /^headframe\/\d+\.\d+\.\d+\S* \(node\)$/);
      assert.equal(request.headers['accept-encoding'], undefined);
    });
  }

  it('gives list items the apiVersion and kind that the server leaves out', async () => {
    server.answer((_request, response) =>
      answerJson(response, {
        kind: 'PodList',
        metadata: { resourceVersion: '12', continue: 'more' },
        items: [{ metadata: { name: 'a' } }],
      }),
    );
    assert.deepEqual(await client.list(Pods), {
      items: [{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } }],
      resourceVersion: '12',
      continueToken: 'more',
    });
  });

  it('reads a list without items', async () => {
    server.answer((_request, response) =>
      answerJson(response, { metadata: { resourceVersion: '1', continue: '' }, items: null }),
    );
    assert.deepEqual(await client.list(Pods), { items: [], resourceVersion: '1' });
  });

  it('refuses names that lead elsewhere before anything is sent', async () => {
    for (const name of ['', '.', '..', 'a/b', 'a%2fb']) {
      await assert.rejects(client.delete(Pods, { namespace: 'lab', name }), TypeError);
    }
    await assert.rejects(client.delete(Pods, { name: 'pod' }), /Pod pod needs a namespace/);
    await assert.rejects(client.delete(Pods, { namespace: '', name: 'pod' }), TypeError);
    await assert.rejects(
      client.create(ConfigMaps, { ...configMap, metadata: { name: 'x' } }),
      /ConfigMap x needs a namespace/,
    );
    assert.equal(server.requests.length, 0);
  });

  const failures: { name: string; text: StatusText; is: (error: unknown) => boolean }[] = [
    { name: '404', text: { code: 404, reason: 'NotFound', message: 'pods "x" not found' }, is: isNotFound },
    { name: '409 of a create', text: { code: 409, reason: 'AlreadyExists' }, is: isAlreadyExists },
    { name: '409 of an update', text: { code: 409, reason: 'Conflict' }, is: isConflict },
    { name: '410', text: { code: 410, reason: 'Expired' }, is: isExpired },
  ];
  for (const { name, text, is } of failures) {
    it(`tells a ${name} by its reason`, async () => {
      server.answer((_request, response) => answerStatus(response, text));
      await assert.rejects(client.get(Pods, key), (error) => error instanceof ApiError && is(error));
    });
  }

  it('says what was refused, why and where', async () => {
    server.answer((_request, response) =>
      answerStatus(response, { code: 404, reason: 'NotFound', message: 'pods "settings" not found' }),
    );
    await assert.rejects(client.get(Pods, key), {
      message: 'pods "settings" not found (GET /api/v1/namespaces/lab/pods/settings: 404 NotFound)',
    });
  });

  it('keeps bodies out of messages: of proxies, of Secrets, and of long quotes', async () => {
    server.answer((_request, response) => void response.writeHead(502).end('<html>token=hunter2</html>'));
    await assert.rejects(client.get(Pods, key), (error: ApiError) => {
      assert.equal(error.message, 'refused (GET /api/v1/namespaces/lab/pods/settings: 502 Unknown)');
      return true;
    });
    server.answer((_request, response) =>
      answerStatus(response, { code: 422, reason: 'Invalid', message: 'data[x]: Invalid value: "hunter2"' }),
    );
    await assert.rejects(client.get(Secrets, key), (error: ApiError) => !error.message.includes('hunter2'));
    server.answer((_request, response) => answerStatus(response, { code: 422, message: 'x'.repeat(10_000) }));
    await assert.rejects(client.get(Pods, key), (error: ApiError) => error.message.length < 700);
  });

  it('reports an answer that is not JSON', async () => {
    server.answer((_request, response) => void response.end('<html>hello hunter2'));
    await assert.rejects(client.get(Pods, key), {
      reason: 'BadAnswer',
      message: 'the answer is not JSON (GET /api/v1/namespaces/lab/pods/settings: 200)',
    });
  });

  describe('when the server says when to come back', () => {
    /** Fails `times` times with the given status, then succeeds. */
    function failing(times: number, text: StatusText, headers: Record<string, string>): void {
      let left = times;
      server.answer((_request, response) => {
        if (left-- > 0) {
          answerStatus(response, text, headers);
        } else {
          answerJson(response, { kind: 'Pod', metadata: { name: 'done' } });
        }
      });
    }

    it('waits that long and sends a 429 again, also a POST', async () => {
      failing(2, { code: 429, reason: 'TooManyRequests' }, { 'Retry-After': '3' });
      const created = client.create(ConfigMaps, configMap);
      for (const sent of [1, 2]) {
        await eventually(() => waits.length === sent);
        await clock.advance(2999);
        assert.equal(server.requests.length, sent);
        await clock.advance(1);
      }
      assert.deepEqual(waits, [3000, 3000]);
      assert.equal((await created).metadata.name, 'done');
      assert.equal(server.requests.length, 3);
      assert.equal(clock.pending(), 0);
    });

    it('takes the wait from the Status where there is no header', async () => {
      failing(1, { code: 503, reason: 'ServiceUnavailable', details: { retryAfterSeconds: 2 } }, {});
      const read = client.get(Pods, key);
      await eventually(() => waits.length === 1);
      await clock.advance(2000);
      assert.equal((await read).metadata.name, 'done');
    });

    it('gives up after ten times', async () => {
      failing(100, { code: 429, reason: 'TooManyRequests' }, { 'Retry-After': '0' });
      const read = assert.rejects(client.get(Pods, key), { code: 429, retryAfterSeconds: 0 });
      for (let sent = 1; sent <= 10; sent++) {
        await eventually(() => waits.length >= sent);
        await clock.advance(0);
      }
      await read;
      assert.equal(server.requests.length, 11);
    });

    const passedOn: { name: string; text: StatusText; headers: Record<string, string>; post?: boolean }[] = [
      { name: 'a 503 without Retry-After', text: { code: 503 }, headers: {} },
      { name: 'a 429 without Retry-After', text: { code: 429 }, headers: {} },
      {
        name: 'a 429 with a Retry-After that is no number',
        text: { code: 429 },
        headers: { 'Retry-After': 'soon' },
      },
      { name: 'a wait of hours', text: { code: 429 }, headers: { 'Retry-After': '3600' } },
      {
        name: 'a POST that may have been done',
        text: { code: 503 },
        headers: { 'Retry-After': '1' },
        post: true,
      },
      { name: 'a 409', text: { code: 409 }, headers: { 'Retry-After': '1' } },
    ];
    for (const { name, text, headers, post } of passedOn) {
      it(`passes on ${name}`, async () => {
        failing(1, text, headers);
        const call = post === true ? client.create(ConfigMaps, configMap) : client.get(Pods, key);
        await assert.rejects(call, { code: text.code });
        assert.equal(server.requests.length, 1);
      });
    }

    it('never makes an elector wait', async () => {
      failing(1, { code: 429 }, { 'Retry-After': '1' });
      const leases = kubeClient(transport, { lane: 'leases', clock });
      await assert.rejects(leases.get(Pods, key), { code: 429, retryAfterSeconds: 1 });
    });

    it('stops waiting when its owner stops', async () => {
      failing(1, { code: 429 }, { 'Retry-After': '20' });
      const stop = new AbortController();
      const read = assert.rejects(
        kubeClient(transport, { clock: watched, signal: stop.signal }).get<Pod>(Pods, key),
        {
          code: 0,
          reason: 'Aborted',
        },
      );
      await eventually(() => waits.length === 1);
      stop.abort();
      await read;
      await settle();
      assert.equal(clock.pending(), 0);
    });
  });
});
