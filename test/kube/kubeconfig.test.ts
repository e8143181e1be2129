import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { stringify } from 'yaml';
import { selfSignedCertificate } from '../../src/devcluster/tls/self-signed-certificate.ts';
import { KubeconfigError, loadConnection } from '../../src/kube/kubeconfig.ts';
import type { LoadOptions } from '../../src/kube/kubeconfig.ts';
import { createTransport } from '../../src/kube/transport.ts';
import { canary } from '../support/canaries.ts';
import { manualClock } from '../support/manual-clock.ts';
import { answerJson, answerStatus, startScriptedApiServer } from '../support/scripted-api-server.ts';

const SECRET = canary('a token', 'hunter2-very-secret');

interface Parts {
  server?: string;
  cluster?: object;
  user?: object;
  context?: object;
  current?: string | undefined;
}

/** A kubeconfig with one context, cluster and user, all called `lab`. */
function kubeconfig({
  server = 'https://127.0.0.1:6443',
  cluster,
  user,
  context,
  current = 'lab',
}: Parts = {}): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': current,
    clusters: [{ name: 'lab', cluster: { server, ...cluster } }],
    contexts: [{ name: 'lab', context: { cluster: 'lab', user: 'lab', ...context } }],
    users: [{ name: 'lab', user: user ?? { token: SECRET } }],
  });
}

describe('loadConnection', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kubeconfig-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function file(content: string, name = 'config'): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  }

  /** Loads a file; nothing of the machine's own environment is looked at. */
  async function load(content: string, options: LoadOptions = {}) {
    return loadConnection({ kubeconfig: await file(content), env: {}, ...options });
  }

  const now = Date.now();
  const good = selfSignedCertificate({ commonName: 'me', usage: 'client', now });
  const other = selfSignedCertificate({ commonName: 'other', usage: 'client', now });
  const expired = selfSignedCertificate({ commonName: 'me', usage: 'client', now: Date.UTC(2020, 0, 1) });
  const base64 = (text: string): string => Buffer.from(text).toString('base64');

  describe('reads', () => {
    it('server, namespace and token of the current context', async () => {
      const connection = await load(
        kubeconfig({ server: 'https://api.example/k8s/', context: { namespace: 'mine' } }),
      );
      assert.equal(connection.server.href, 'https://api.example/k8s');
      assert.equal(connection.namespace, 'mine');
      assert.deepEqual(await connection.headers(), { Authorization: `Bearer ${SECRET}` });
      assert.equal(
        connection.description,
        `https://api.example/k8s (context lab of ${join(folder, 'config')})`,
      );
    });

    it('an empty namespace as default', async () => {
      assert.equal((await load(kubeconfig())).namespace, 'default');
      assert.equal((await load(kubeconfig({ context: { namespace: '' } }))).namespace, 'default');
    });

    it('certificates in place', async () => {
      const { tls } = await load(
        kubeconfig({
          cluster: { 'certificate-authority-data': base64(good.certificate), 'tls-server-name': 'api' },
          user: { 'client-certificate-data': base64(good.certificate), 'client-key-data': base64(good.key) },
        }),
      );
      assert.deepEqual(
        [String(tls.ca), String(tls.cert), String(tls.key), tls.servername, tls.rejectUnauthorized],
        [good.certificate, good.certificate, good.key, 'api', undefined],
      );
    });

    it('certificates in files beside the kubeconfig', async () => {
      await file(good.certificate, 'me.crt');
      await file(good.key, 'me.key');
      const { tls } = await load(
        kubeconfig({
          cluster: { 'certificate-authority': 'me.crt' },
          user: { 'client-certificate': 'me.crt', 'client-key': 'me.key' },
        }),
      );
      assert.deepEqual([String(tls.ca), String(tls.key)], [good.certificate, good.key]);
    });

    it('that the certificate is not to be verified', async () => {
      const { tls } = await load(
        kubeconfig({
          cluster: {
            'insecure-skip-tls-verify': true,
            'certificate-authority-data': base64(good.certificate),
          },
        }),
      );
      assert.deepEqual(tls, { rejectUnauthorized: false });
    });

    const users: { name: string; user: object; headers: Record<string, string> }[] = [
      { name: 'nobody', user: {}, headers: {} },
      {
        name: 'a password',
        user: { username: 'me', password: 'pw' },
        headers: { Authorization: `Basic ${base64('me:pw')}` },
      },
      {
        name: 'a name without password',
        user: { username: 'me' },
        headers: { Authorization: `Basic ${base64('me:')}` },
      },
      {
        name: 'whom to impersonate',
        user: { token: 't\n', as: 'somebody' },
        headers: { Authorization: 'Bearer t', 'Impersonate-User': 'somebody' },
      },
    ];
    for (const { name, user, headers } of users) {
      it(`${name} as the identity`, async () => {
        assert.deepEqual(await (await load(kubeconfig({ user }))).headers(), headers);
      });
    }

    it('what another entry says, by YAML merge keys', async () => {
      const config = await file(
        `common: &common { token: t, as: somebody }
base: &base { insecure-skip-tls-verify: true }
current-context: lab
clusters: [{ name: lab, cluster: { <<: *base, server: 'https://api' } }]
contexts: [{ name: lab, context: { cluster: lab, user: lab } }]
users: [{ name: lab, user: { <<: *common } }]
`,
        'merged',
      );
      const connection = await loadConnection({ kubeconfig: config });
      assert.deepEqual(await connection.headers(), {
        Authorization: 'Bearer t',
        'Impersonate-User': 'somebody',
      });
      assert.deepEqual(connection.tls, { rejectUnauthorized: false });
    });

    it('a context without a user as anonymous', async () => {
      const connection = await load(kubeconfig({ context: { user: '' } }));
      assert.deepEqual(await connection.headers(), {});
    });

    it('a token file before a token', async () => {
      await file('from-file\n', 'token');
      const connection = await load(kubeconfig({ user: { token: SECRET, tokenFile: 'token' } }));
      assert.deepEqual(await connection.headers(), { Authorization: 'Bearer from-file' });
    });

    it('the old auth providers through the library', async () => {
      const payload = Buffer.from(JSON.stringify({ exp: now / 1000 + 3600 })).toString('base64url');
      const token = `${Buffer.from('{}').toString('base64url')}.${payload}.x`;
      const user = { 'auth-provider': { name: 'oidc', config: { 'id-token': token } } };
      assert.deepEqual(await (await load(kubeconfig({ user }))).headers(), {
        Authorization: `Bearer ${token}`,
      });
    });
  });

  it('quotes nothing of a kubeconfig that the YAML parser wonders about', async () => {
    const warnings: string[] = [];
    const heard = (warning: Error): void => void warnings.push(warning.message);
    process.on('warning', heard);
    try {
      await load('%SECRET\n---\nkind: Config\n').catch(() => undefined);
      await new Promise((resolve) => setImmediate(resolve));
    } finally {
      process.off('warning', heard);
    }
    assert.deepEqual(warnings, []);
  });

  describe('finds', () => {
    it('another context when told so', async () => {
      const connection = await load(kubeconfig({ current: 'gone' }), { context: 'lab' });
      assert.equal(connection.server.port, '6443');
    });

    it('the files of KUBECONFIG: what comes first stands, missing ones are skipped', async () => {
      const first = await file(kubeconfig({ server: 'https://first', current: 'lab' }), 'first');
      const second = await file(
        stringify({
          'current-context': 'second',
          clusters: [
            { name: 'lab', cluster: { server: 'https://shadowed' } },
            { name: 'second', cluster: { server: 'https://second' } },
          ],
          contexts: [{ name: 'second', context: { cluster: 'second', user: 'lab' } }],
          users: [],
        }),
        'second',
      );
      const env = { KUBECONFIG: ['', join(folder, 'missing'), first, second].join(delimiter) };
      assert.equal((await loadConnection({ env })).server.hostname, 'first');
      const other = await loadConnection({ env, context: 'second' });
      assert.equal(other.server.hostname, 'second');
      assert.deepEqual(await other.headers(), { Authorization: `Bearer ${SECRET}` });
    });

    it('~/.kube/config last', async () => {
      await mkdir(join(folder, '.kube'));
      await file(kubeconfig({ server: 'https://home' }), '.kube/config');
      assert.equal((await loadConnection({ env: { HOME: folder } })).server.hostname, 'home');
    });
  });

  describe('in a pod', () => {
    const env = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '6443' };

    it('uses the service account', async () => {
      await file(good.certificate, 'ca.crt');
      await file('pod-token\n', 'token');
      await file('headframe-system\n', 'namespace');
      const connection = await loadConnection({ env, serviceAccountFolder: folder });
      assert.equal(connection.server.href, 'https://[fd00::1]:6443/');
      assert.equal(connection.namespace, 'headframe-system');
      assert.equal(String(connection.tls.ca), good.certificate);
      assert.deepEqual(await connection.headers(), { Authorization: 'Bearer pod-token' });
      assert.equal(connection.description, 'https://[fd00::1]:6443 (the cluster this pod runs in)');
    });

    it('prefers a kubeconfig that is named', async () => {
      const path = await file(kubeconfig({ server: 'https://named' }));
      assert.equal((await loadConnection({ env: { ...env, KUBECONFIG: path } })).server.hostname, 'named');
      assert.equal((await loadConnection({ env, kubeconfig: path })).server.hostname, 'named');
    });

    it('says when there is no service account', async () => {
      await file(good.certificate, 'ca.crt');
      await assert.rejects(
        loadConnection({ env: { KUBERNETES_SERVICE_HOST: '10.0.0.1' }, serviceAccountFolder: folder }),
        new KubeconfigError(`cannot read the token file ${join(folder, 'token')} (ENOENT)`),
      );
    });
  });

  describe('credentials that change', () => {
    it('rereads a token file after a minute, and at once after a 401', async () => {
      const clock = manualClock();
      const path = await file('first', 'token');
      const connection = await load(kubeconfig({ user: { tokenFile: 'token' } }), { clock });
      const token = async (): Promise<string | undefined> => (await connection.headers())['Authorization'];

      await writeFile(path, 'second');
      await clock.advance(59_999);
      assert.equal(await token(), 'Bearer first');
      await clock.advance(1);
      assert.deepEqual(await Promise.all([token(), token()]), ['Bearer second', 'Bearer second']);

      await writeFile(path, 'third');
      await connection.refresh();
      assert.equal(await token(), 'Bearer third');
    });

    it('goes on with the old token while the file cannot be read, and looks again soon', async () => {
      const clock = manualClock();
      const path = await file('first', 'token');
      const connection = await load(kubeconfig({ user: { tokenFile: 'token' } }), { clock });
      await rm(path);
      await clock.advance(60_000);
      assert.deepEqual(await connection.headers(), { Authorization: 'Bearer first' });
      await assert.rejects(connection.refresh(), /cannot read the token file/);
      await writeFile(path, '');
      await assert.rejects(connection.refresh(), /is empty/);
      await writeFile(path, 'second');
      await clock.advance(5000);
      assert.deepEqual(await connection.headers(), { Authorization: 'Bearer second' });
    });

    it('keeps the TLS material as long as its bytes stay the same', async () => {
      const path = await file(good.certificate, 'ca.crt');
      const connection = await load(kubeconfig({ cluster: { 'certificate-authority': 'ca.crt' } }));
      const { tls } = connection;
      await connection.refresh();
      assert.equal(connection.tls, tls);
      await writeFile(path, other.certificate);
      await connection.refresh();
      assert.equal(String(connection.tls.ca), other.certificate);
    });

    it('serves a request whose token has just been replaced', async () => {
      const server = await startScriptedApiServer((request, response) =>
        request.headers.authorization === 'Bearer second'
          ? answerJson(response, {})
          : answerStatus(response, { code: 401 }),
      );
      const path = await file('first', 'token');
      const clock = manualClock();
      const connection = await load(kubeconfig({ server: server.url.origin, user: { tokenFile: 'token' } }), {
        clock,
      });
      await writeFile(path, 'second');
      const transport = createTransport(connection, { clock });
      assert.equal((await transport.request({ method: 'GET', path: '/version' })).status, 200);
      transport.close();
      await server.close();
    });
  });

  describe('asks a credential plugin', () => {
    /** A plugin that runs the given JavaScript; `count` says how often it has run. */
    async function plugin(script: string, exec: object = {}): Promise<object> {
      const path = await file(script, 'plugin.cjs');
      return {
        exec: {
          apiVersion: 'client.authentication.k8s.io/v1',
          command: process.execPath,
          args: [path],
          ...exec,
        },
      };
    }
    const answer = (status: string): string =>
      `console.log(JSON.stringify({ kind: 'ExecCredential', status: ${status} }));`;

    it('for a token, once until it expires, and again after a 401', async () => {
      const clock = manualClock();
      const until = new Date(clock.now() + 600_000).toISOString();
      const user = await plugin(
        `const fs = require('node:fs'); const count = __dirname + '/count';
         const n = fs.existsSync(count) ? Number(fs.readFileSync(count)) + 1 : 1; fs.writeFileSync(count, String(n));
         ${answer(`{ token: 'token-' + n, expirationTimestamp: '${until}' }`)}`,
      );
      const connection = await load(kubeconfig({ user }), { clock });
      await clock.advance(599_999);
      assert.deepEqual(await connection.headers(), { Authorization: 'Bearer token-1' });
      await clock.advance(1);
      assert.deepEqual(await connection.headers(), { Authorization: 'Bearer token-2' });
      await connection.refresh();
      assert.deepEqual(await connection.headers(), { Authorization: 'Bearer token-3' });
    });

    it('with its environment, the API version and the cluster', async () => {
      const user = await plugin(
        answer(`{ token: process.env.NAME + ' ' + process.env.KUBERNETES_EXEC_INFO }`),
        {
          env: [{ name: 'NAME', value: 'me' }],
          provideClusterInfo: true,
        },
      );
      const { Authorization = '' } = await (await load(kubeconfig({ user }))).headers();
      const [, name, info = ''] = /^Bearer (\w+) (.*)$/.exec(Authorization) ?? [];
      assert.equal(name, 'me');
      assert.deepEqual(JSON.parse(info), {
        apiVersion: 'client.authentication.k8s.io/v1',
        kind: 'ExecCredential',
        spec: {
          interactive: false,
          cluster: { server: 'https://127.0.0.1:6443', 'insecure-skip-tls-verify': false },
        },
      });
    });

    it('for a client certificate', async () => {
      const pair = JSON.stringify({ clientCertificateData: good.certificate, clientKeyData: good.key });
      const connection = await load(kubeconfig({ user: await plugin(answer(pair)) }));
      assert.deepEqual([connection.tls.cert, connection.tls.key], [good.certificate, good.key]);
      assert.deepEqual(await connection.headers(), {});
    });

    it('that lies beside the kubeconfig', async () => {
      const path = await file(`#!${process.execPath}\n${answer(`{ token: 'relative' }`)}`, 'plugin');
      await import('node:fs/promises').then(({ chmod }) => chmod(path, 0o700));
      const connection = await load(kubeconfig({ user: { exec: { command: './plugin' } } }));
      assert.deepEqual(await connection.headers(), { Authorization: 'Bearer relative' });
    });

    it('and says what is wrong with it, without its output', async () => {
      const failures: [string, object, RegExp][] = [
        ['process.exit(3)', {}, /^the credential plugin \S+ failed \(3\)$/],
        [
          `console.error('${SECRET}'); process.exit(1)`,
          { installHint: 'Log in first.' },
          /failed \(1\)\. Log in first\.$/,
        ],
        [`console.log('${SECRET}')`, {}, /did not answer with a credential$/],
        [answer('{}'), {}, /did not answer with a credential$/],
        ['', { command: 'no-such-plugin' }, /^the credential plugin no-such-plugin is not installed$/],
      ];
      for (const [script, exec, message] of failures) {
        await assert.rejects(load(kubeconfig({ user: await plugin(script, exec) })), (error: Error) => {
          assert.ok(error instanceof KubeconfigError);
          assert.match(error.message, message);
          return !error.message.includes(SECRET);
        });
      }
    });
  });

  describe('refuses, and says what to repair:', () => {
    const cases: { name: string; content: string; options?: LoadOptions; message: RegExp }[] = [
      {
        name: 'what is not YAML',
        content: `users: [{token: ${SECRET}`,
        message: /config is not YAML \(line \d+\)$/,
      },
      { name: 'YAML that is no kubeconfig', content: SECRET, message: /config is not a kubeconfig$/ },
      { name: 'an empty file', content: '', message: /config is not a kubeconfig$/ },
      {
        name: 'a cluster without server',
        content: stringify({ clusters: [{ name: 'x', cluster: {} }], contexts: [] }),
        message: /config is not a kubeconfig: clusters\[0\]\.cluster\.server is missing$/,
      },
      {
        name: 'no current context',
        content: kubeconfig({ current: undefined }).replace(/^current-context.*\n/m, ''),
        message: /config has no current-context; choose one of: lab$/,
      },
      {
        name: 'a context that does not exist',
        content: kubeconfig(),
        options: { context: 'moon' },
        message: /^there is no context "moon" in .*config; it has: lab$/,
      },
      {
        name: 'a cluster that does not exist',
        content: kubeconfig({ context: { cluster: 'moon' } }),
        message: /^there is no cluster "moon" in .*; it has: lab$/,
      },
      {
        name: 'a user that does not exist',
        content: kubeconfig({ context: { user: 'moon' } }).replace(/^users:[^]*$/m, 'users: []\n'),
        message: /^there is no user "moon" in .*; it has none$/,
      },
      {
        name: 'a server that is no URL',
        content: kubeconfig({ server: 'api.example:6443 ' }),
        message: /^the server of cluster "lab" is not an http or https URL$/,
      },
      {
        name: 'a server of another protocol',
        content: kubeconfig({ server: 'ftp://api.example' }),
        message: /not an http or https URL$/,
      },
      {
        name: 'a proxy',
        content: kubeconfig({ cluster: { 'proxy-url': 'http://proxy:3128' } }),
        message: /^cluster "lab" is behind a proxy-url, which is not supported$/,
      },
      {
        name: 'impersonation of groups',
        content: kubeconfig({ user: { token: SECRET, 'as-groups': ['admins'] } }),
        message: /^user "lab" of .*config has as-groups, which is not supported$/,
      },
      {
        name: 'an authority file that is not there',
        content: kubeconfig({ cluster: { 'certificate-authority': 'none.crt' } }),
        message: /^cannot read the certificate authority of cluster "lab": .*none\.crt \(ENOENT\)$/,
      },
      {
        name: 'an authority that is no certificate',
        content: kubeconfig({ cluster: { 'certificate-authority-data': base64(SECRET) } }),
        message: /^the certificate authority of cluster "lab" is not a PEM certificate$/,
      },
      {
        name: 'a certificate without its key',
        content: kubeconfig({ user: { 'client-certificate-data': base64(good.certificate) } }),
        message: /^the client key of user "lab" is missing$/,
      },
      {
        name: 'a key without its certificate',
        content: kubeconfig({ user: { 'client-key-data': base64(good.key) } }),
        message: /^the client certificate of user "lab" is missing$/,
      },
      {
        name: 'a key of another certificate',
        content: kubeconfig({
          user: { 'client-certificate-data': base64(good.certificate), 'client-key-data': base64(other.key) },
        }),
        message: /^the client certificate and key of user "lab" are not PEM, or do not belong together$/,
      },
      {
        name: 'a certificate that has expired',
        content: kubeconfig({
          user: {
            'client-certificate-data': base64(expired.certificate),
            'client-key-data': base64(expired.key),
          },
        }),
        message: /^the client certificate of user "lab" expired on 2020-01-31T/,
      },
      {
        name: 'an auth provider without a valid token',
        content: kubeconfig({ user: { 'auth-provider': { name: 'oidc', config: {} } } }),
        message: /^the auth-provider "oidc" of user "lab" gives no token/,
      },
      {
        name: 'an auth provider that fails',
        content: kubeconfig({
          user: { 'auth-provider': { name: 'oidc', config: { 'id-token': 'not.a.token' } } },
        }),
        message: /^the auth-provider "oidc" of user "lab" failed$/,
      },
    ];
    for (const { name, content, options, message } of cases) {
      it(name, async () => {
        await assert.rejects(load(content, options), (error: Error) => {
          assert.ok(error instanceof KubeconfigError, error.stack);
          assert.match(error.message, message);
          return !error.message.includes(SECRET);
        });
      });
    }

    it('a file that is not there', async () => {
      const path = join(folder, 'none');
      await assert.rejects(
        loadConnection({ kubeconfig: path, env: {} }),
        new KubeconfigError(`there is no kubeconfig at ${path}`),
      );
      await assert.rejects(
        loadConnection({ env: { HOME: folder } }),
        /there is no kubeconfig at .*\.kube.config$/,
      );
      await assert.rejects(loadConnection({ env: {} }), /there is no kubeconfig at .*\.kube.config$/);
    });

    it('a path that cannot be read', async () => {
      await assert.rejects(
        loadConnection({ kubeconfig: folder, env: {} }),
        new KubeconfigError(`cannot read the kubeconfig ${folder} (EISDIR)`),
      );
    });
  });
});
