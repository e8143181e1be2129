import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { selfSignedCertificate } from '../../src/devcluster/tls/self-signed-certificate.ts';
import type { Connection } from '../../src/kube/connection.ts';
import { KubeconfigError } from '../../src/kube/kubeconfig-error.ts';
import { connectionFromText } from '../../src/kube/kubeconfig-text.ts';
import { canary } from '../support/canaries.ts';
import { manualClock } from '../support/manual-clock.ts';

const CANARY = canary('a credential', 'canary-of-a-credential');
const base64 = (text: string): string => Buffer.from(text).toString('base64');

interface Parts {
  readonly cluster?: object;
  readonly user?: object;
  readonly context?: object;
  readonly top?: object;
}

/** A kubeconfig with one context, cluster and user, all called `lab`. */
function kubeconfig({ cluster, user = { token: CANARY }, context, top }: Parts = {}): string {
  return stringify({
    'current-context': 'lab',
    clusters: [{ name: 'lab', cluster: { server: 'https://api.example:6443/k8s', ...cluster } }],
    contexts: [{ name: 'lab', context: { cluster: 'lab', user: 'lab', ...context } }],
    users: [{ name: 'lab', user }],
    ...top,
  });
}

function load(text: string, context?: string, plugins?: readonly string[]): Promise<Connection> {
  const options = { source: 'the Secret', context, clock: manualClock() };
  return connectionFromText(text, plugins === undefined ? options : { ...options, plugins });
}

describe('connectionFromText', () => {
  const clock = manualClock();
  const good = selfSignedCertificate({ commonName: 'me', usage: 'client', now: clock.now() });

  it('reads server, namespace and token of the current context', async () => {
    const connection = await load(kubeconfig({ context: { namespace: 'mine' } }));

    assert.equal(connection.server.href, 'https://api.example:6443/k8s');
    assert.equal(connection.namespace, 'mine');
    assert.deepEqual(await connection.headers(), { Authorization: `Bearer ${CANARY}` });
    assert.equal(connection.description, 'https://api.example:6443/k8s (context lab of the Secret)');
  });

  it('reads certificates in place, whom to impersonate, and a context without a user', async () => {
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
    const both = await load(kubeconfig({ user: { username: 'a', password: 'b', as: 'c' } }));
    assert.deepEqual(await both.headers(), {
      Authorization: `Basic ${base64('a:b')}`,
      'Impersonate-User': 'c',
    });
    assert.deepEqual(await (await load(kubeconfig({ context: { user: '' } }))).headers(), {});
  });

  it('takes the context that it is told, and looks at no other entry', async () => {
    const top = {
      'current-context': undefined,
      users: [
        { name: 'lab', user: { token: 'a' } },
        { name: 'other', user: { exec: { command: 'x' } } },
      ],
    };
    assert.deepEqual(await (await load(kubeconfig({ top }), 'lab')).headers(), { Authorization: 'Bearer a' });
  });

  it('takes what kubectl adds and what is switched off', async () => {
    const cluster = { extensions: [], 'insecure-skip-tls-verify': false, 'certificate-authority': '' };
    assert.equal((await load(kubeconfig({ cluster }))).tls.rejectUnauthorized, undefined);
  });

  const user = (fields: object): string => kubeconfig({ user: { token: CANARY, ...fields } });
  const cluster = (fields: object): string => kubeconfig({ cluster: fields });
  const refused: readonly { what: string; text: string; context?: string; says: RegExp }[] = [
    { what: 'text that is not YAML', text: `{{{ ${CANARY}`, says: /^the Secret is not YAML \(line 1\)$/ },
    { what: 'text that is no map', text: CANARY, says: /^the Secret is not a kubeconfig$/ },
    { what: 'nothing', text: '', says: /is not a kubeconfig/ },
    {
      what: 'two current contexts',
      text: `current-context: a\ncurrent-context: ${CANARY}\n`,
      says: /is not YAML \(line 2\)/,
    },
    {
      what: 'no current context',
      text: kubeconfig({ top: { 'current-context': '' } }),
      says: /has no current-context; set spec\.connection\.kubeconfig\.context to one of: lab/,
    },
    {
      what: 'a context that is not there',
      text: kubeconfig(),
      context: 'mars',
      says: /no context "mars" in the Secret; it has: lab/,
    },
    {
      what: 'a cluster that is not there',
      text: kubeconfig({ context: { cluster: 'x' } }),
      says: /no cluster "x"/,
    },
    { what: 'a user that is not there', text: kubeconfig({ context: { user: 'x' } }), says: /no user "x"/ },
    { what: 'no server', text: cluster({ server: '' }), says: /\.server of the Secret must be an https URL/ },
    {
      what: 'a server without TLS',
      text: cluster({ server: `http://${CANARY}` }),
      says: /must be an https URL/,
    },
    {
      what: 'a server that is not verified',
      text: cluster({ 'insecure-skip-tls-verify': true }),
      says: /insecure-skip-tls-verify of the Secret is not allowed: the server must be verified; put .*certificate-authority-data/,
    },
    {
      what: 'an authority in a file',
      text: cluster({ 'certificate-authority': '/etc/ca' }),
      says: /certificate-authority of .* not allowed: put the certificate into certificate-authority-data/,
    },
    {
      what: 'an authority that is none',
      text: cluster({ 'certificate-authority-data': base64(CANARY) }),
      says: /certificate authority of cluster "lab" is not a PEM/,
    },
    { what: 'a proxy', text: cluster({ 'proxy-url': CANARY }), says: /supported are server, certif/ },
    {
      what: 'a credential plugin',
      text: kubeconfig({ user: { exec: { command: CANARY } } }),
      says: /^users\["lab"\]\.user\.exec of the Secret is not allowed: no program is run for a Secret/,
    },
    { what: 'an auth provider', text: user({ 'auth-provider': { name: 'oidc' } }), says: /auth-provider/ },
    { what: 'a token file', text: user({ tokenFile: '/t' }), says: /tokenFile .*put the token into token/ },
    { what: 'a token file by its other name', text: user({ 'token-file': '/t' }), says: /token-file/ },
    { what: 'a certificate in a file', text: user({ 'client-certificate': '/c' }), says: /client-cert/ },
    { what: 'a key in a file', text: user({ 'client-key': '/k' }), says: /client-key-data/ },
    { what: 'a field that nobody knows', text: user({ [CANARY]: 1 }), says: /field that is not supported/ },
    { what: 'a token that is a number', text: user({ token: 5 }), says: /token must be a text/ },
    {
      what: 'a key without its certificate',
      text: user({ 'client-key-data': base64(CANARY) }),
      says: /client certificate of user "lab" is missing/,
    },
    {
      what: 'aliases without end',
      text: `a: &a [x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]\nd: [*c, *c, *c, *c, *c, *c]\n`,
      says: /is not YAML/,
    },
  ];
  for (const { what, text, context, says } of refused) {
    it(`refuses ${what}, and quotes no credential`, async () => {
      await assert.rejects(load(text, context), (error: Error) => {
        assert.ok(error instanceof KubeconfigError, error.stack);
        assert.match(error.message, says);
        assert.ok(!error.message.includes(CANARY) && error.cause === undefined, error.message);
        return true;
      });
    });
  }

  describe('with credential plugins that are allowed', () => {
    const plugins = ['cloud-login', 'other-login'];
    const path = process.env['PATH'];
    let folder = '';
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'plugins-'));
      const answer = { status: { token: CANARY } };
      const script = `#!/bin/sh\ntest "$*" = 'get token' || exit 3\necho '${JSON.stringify(answer)}'\n`;
      await writeFile(join(folder, 'cloud-login'), script, { mode: 0o700 });
      process.env['PATH'] = `${folder}:${path ?? ''}`;
    });
    after(async () => {
      process.env['PATH'] = path;
      await rm(folder, { recursive: true });
    });

    it('runs one by its name, and sends what it answers', async () => {
      const exec = { command: 'cloud-login', args: ['get', 'token'], interactiveMode: 'Never', env: null };
      const connection = await load(kubeconfig({ user: { exec } }), undefined, plugins);
      assert.deepEqual(await connection.headers(), { Authorization: `Bearer ${CANARY}` });
    });

    const wrong: readonly { what: string; exec: unknown; says: RegExp }[] = [
      {
        what: 'another',
        exec: { command: CANARY },
        says: /^users\["lab"\]\.user\.exec of the Secret is not allowed: the command must be one of .* \(cloud-login, other-login\)/,
      },
      { what: 'one by its path', exec: { command: `/${CANARY}/cloud-login` }, says: /written like this/ },
      { what: 'none', exec: {}, says: /the command must be one of/ },
      {
        what: 'one with an environment',
        exec: { command: 'cloud-login', env: [{ name: 'LD_PRELOAD', value: CANARY }] },
        says: /exec of the Secret\.env is not allowed: set it for the operator/,
      },
      {
        what: 'one that would ask somebody',
        exec: { command: 'cloud-login', interactiveMode: 'Always' },
        says: /interactiveMode must not be Always/,
      },
      {
        what: 'one of another API',
        exec: { command: 'cloud-login', apiVersion: 'client.authentication.k8s.io/v1alpha1' },
        says: /apiVersion must be one of: client.authentication.k8s.io\/v1, /,
      },
      {
        what: 'one with arguments that are none',
        exec: { command: 'cloud-login', args: [5] },
        says: /args must be a list of texts/,
      },
      {
        what: 'one that fails, and keeps its hint to itself',
        exec: { command: 'cloud-login', args: [CANARY], installHint: CANARY },
        says: /the credential plugin cloud-login failed \(3\)/,
      },
      {
        what: 'one that is not installed',
        exec: { command: 'other-login' },
        says: /the credential plugin other-login is not installed/,
      },
    ];
    for (const { what, exec, says } of wrong) {
      it(`refuses ${what}, and quotes nothing of it`, async () => {
        await assert.rejects(load(kubeconfig({ user: { exec } }), undefined, plugins), (error: Error) => {
          assert.ok(error instanceof KubeconfigError, error.stack);
          assert.match(error.message, says);
          assert.ok(!error.message.includes(CANARY), error.message);
          return true;
        });
      });
    }
  });

  it('reads no file, however it is asked to', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kubeconfig-'));
    const file = join(folder, 'token');
    await writeFile(file, CANARY);
    // Merge keys hide fields from whoever reads YAML 1.2, and show them to those who read YAML 1.1.
    const text = `x: &x { name: lab, user: { token-file: ${file} } }
current-context: lab
clusters: [{ name: lab, cluster: { server: 'https://api' } }]
contexts: [{ name: lab, context: { cluster: lab, user: lab } }]
users: [{ <<: *x, name: lab }]
`;
    assert.deepEqual(await (await load(text)).headers(), {});
    await rm(folder, { recursive: true });
  });
});
