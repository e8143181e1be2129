import assert from 'node:assert/strict';
import fc from 'fast-check';
import { untilPasses } from '../../support/until-passes.ts';
import { startTestServer, type Line, type TestServer } from './api-client.ts';

const maps = '/api/v1/namespaces/default/configmaps';

function configMap(name: string, data: Record<string, string> = {}): object {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data };
}

describe('the embedded API server', () => {
  let api: TestServer;

  beforeEach(async () => {
    api = await startTestServer();
  });
  afterEach(() => api.stop());

  const versionOf = (line: Line): string => line.object.metadata.resourceVersion;

  it('answers nobody without its token', async () => {
    const { code } = await api.send('GET', maps, undefined, { authorization: 'Bearer nobody' });
    assert.equal(code, 401);
  });

  it('refuses a body that is too large, and serves the next request', async () => {
    const large = JSON.stringify(configMap('large', { a: 'x'.repeat(3 * 1024 * 1024) }));

    const refused = await api.send('POST', maps, large).catch(() => ({ code: 413 }));
    const next = await api.send('POST', maps, configMap('small'));

    assert.equal(refused.code, 413);
    assert.equal(next.code, 201);
  });

  it('takes YAML', async () => {
    const yaml = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: yaml\ndata:\n  a: b\n';
    const { code, body } = await api.send('POST', maps, yaml, { 'content-type': 'application/yaml' });
    assert.equal(code, 201);
    assert.deepEqual((body as { data?: unknown }).data, { a: 'b' });
  });

  it('drops watches when it restarts, and has the same objects at the same address afterwards', async () => {
    await api.send('POST', maps, configMap('kept'));
    const seen: string[] = [];
    const ended = api.watch(`${maps}?watch=1`, (line) => seen.push(line.object.metadata.name));
    await untilPasses(() => assert.deepEqual(seen, ['kept']));

    await api.server.restart(20);
    await ended;

    const { code, body } = await api.send('GET', `${maps}/kept`);
    assert.equal(code, 200, JSON.stringify(body));
  });

  it('refuses connections while it is down', async () => {
    const back = api.server.restart(200);
    await assert.rejects(api.send('GET', maps), /ECONNREFUSED|ECONNRESET|socket hang up/);
    await back;
    assert.equal((await api.send('GET', maps)).code, 200);
  });

  it('has forgotten the past after compaction: 410 for watches, exact lists and pages', async () => {
    const first = await api.send('POST', maps, configMap('a'));
    const old = (first.body as { metadata: { resourceVersion: string } }).metadata.resourceVersion;
    await api.send('POST', maps, configMap('b'));
    await api.send('POST', maps, configMap('c'));
    const page = await api.send('GET', `${maps}?limit=1`);
    const token = (page.body as { metadata: { continue: string } }).metadata.continue;

    await api.send('POST', maps, configMap('d'));
    api.server.compact();

    const lines: Line[] = [];
    await api.watch(`${maps}?watch=1&resourceVersion=${old}`, (line) => lines.push(line));
    assert.deepEqual(
      lines.map(({ type, object }) => [type, object.code]),
      [['ERROR', 410]],
    );
    const exact = await api.send('GET', `${maps}?resourceVersion=${old}&resourceVersionMatch=Exact`);
    assert.equal(exact.code, 410);
    const next = await api.send('GET', `${maps}?limit=1&continue=${token}`);
    assert.equal(next.code, 410);
    const rest = (next.body as { metadata: { continue: string } }).metadata.continue;
    const inconsistent = await api.send('GET', `${maps}?continue=${rest}`);
    assert.deepEqual(namesIn(inconsistent.body), ['b', 'c', 'd']);
  });

  it('gives pages of one moment, whatever is written meanwhile', async () => {
    for (const name of ['a', 'b', 'c', 'd']) {
      await api.send('POST', maps, configMap(name));
    }
    const first = await api.send('GET', `${maps}?limit=2`);
    await api.send('DELETE', `${maps}/c`);
    await api.send('POST', maps, configMap('ca'));

    const token = (first.body as { metadata: { continue: string } }).metadata.continue;
    const second = await api.send('GET', `${maps}?limit=2&continue=${token}`);

    assert.deepEqual([...namesIn(first.body), ...namesIn(second.body)], ['a', 'b', 'c', 'd']);
  });

  it('ends the stream of the initial list with a bookmark', async () => {
    await api.send('POST', maps, configMap('a'));
    const lines: Line[] = [];
    const query = 'watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
    await api.watch(`${maps}?${query}&timeoutSeconds=1`, (line) => lines.push(line));
    assert.deepEqual(
      lines.map(({ type }) => type),
      ['ADDED', 'BOOKMARK'],
    );
    assert.equal(lines[1]?.object.metadata.annotations?.['k8s.io/initial-events-end'], 'true');
  });

  it('tells every watcher the same end, whatever is written and wherever they resume', async () => {
    const write = fc.record({
      name: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      what: fc.constantFrom('set', 'set', 'set', 'remove'),
      value: fc.integer({ min: 0, max: 3 }).map(String),
    });
    const resumes = fc.array(fc.nat({ max: 6 }), { minLength: 1, maxLength: 4 });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(write, { minLength: 1, maxLength: 25 }),
        resumes,
        async (writes, watchers) => {
          const namespace = `run-${run++}`;
          await api.send('POST', '/api/v1/namespaces', {
            apiVersion: 'v1',
            kind: 'Namespace',
            metadata: { name: namespace },
          });
          const path = `/api/v1/namespaces/${namespace}/configmaps`;
          const stop = new AbortController();
          const states = watchers.map((cutAfter) => follow(path, { cutAfter, signal: stop.signal }));

          for (const { name, what, value } of writes) {
            await (what === 'remove' ? api.send('DELETE', `${path}/${name}`) : writeMap(path, name, value));
          }
          await writeMap(path, 'last', 'end');

          const listed = await api.send('GET', path);
          const wanted = stateOf(listed.body);
          for (const { state } of states) {
            await untilPasses(() => assert.deepEqual(Object.fromEntries([...state].sort()), wanted));
          }
          stop.abort();
          await Promise.all(states.map(({ ended }) => ended));
        },
      ),
      { numRuns: 15 },
    );
  });

  async function writeMap(path: string, name: string, value: string): Promise<void> {
    const { code } = await api.send('PUT', `${path}/${name}`, configMap(name, { value }));
    if (code === 404) {
      await api.send('POST', path, configMap(name, { value }));
    }
  }

  /** A watcher that leaves after every few events and resumes where it was. Versions must only grow. */
  function follow(
    path: string,
    { cutAfter, signal }: { cutAfter: number; signal: AbortSignal },
  ): { state: Map<string, string>; ended: Promise<void> } {
    const state = new Map<string, string>();
    let position = '1';
    async function loop(): Promise<void> {
      while (!signal.aborted) {
        const cut = new AbortController();
        const leave = (): void => cut.abort();
        signal.addEventListener('abort', leave);
        let events = 0;
        await api.watch(
          `${path}?watch=1&resourceVersion=${position}`,
          (line) => {
            if (cut.signal.aborted) {
              return;
            }
            assert.ok(Number(versionOf(line)) > Number(position), 'resourceVersions must grow');
            position = versionOf(line);
            if (line.type === 'DELETED') {
              state.delete(line.object.metadata.name);
            } else {
              state.set(line.object.metadata.name, line.object.data?.['value'] ?? '');
            }
            if (++events > cutAfter) {
              leave();
            }
          },
          cut.signal,
        );
        signal.removeEventListener('abort', leave);
      }
    }
    return { state, ended: loop() };
  }
});

function namesIn(list: unknown): string[] {
  return (list as { items: { metadata: { name: string } }[] }).items.map(({ metadata }) => metadata.name);
}

function stateOf(list: unknown): Record<string, string> {
  const { items } = list as { items: { metadata: { name: string }; data?: { value?: string } }[] };
  return Object.fromEntries(items.map(({ metadata, data }) => [metadata.name, data?.value ?? '']));
}
