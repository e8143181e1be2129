import assert from 'node:assert/strict';
import type { Secret } from '../../../src/api/builtin.ts';
import { UsageSource } from '../../../src/api/usage-source.ts';
import { readPrometheus } from '../../../src/controllers/usage/read-prometheus.ts';
import type { UsageReading } from '../../../src/controllers/usage/reading.ts';
import { selfSignedCertificate } from '../../../src/devcluster/tls/self-signed-certificate.ts';
import { ApiError } from '../../../src/kube/errors.ts';
import { systemClock } from '../../../src/time/clock.ts';
import { canary } from '../../support/canaries.ts';
import {
  answerJson,
  startScriptedApiServer,
  type ScriptedApiServer,
} from '../../support/scripted-api-server.ts';

const TOKEN = canary('the token for Prometheus', 'canary-of-a-token');

function vector(...values: [labels: Record<string, string>, value: string][]): object {
  const result = values.map(([metric, value]) => ({ metric, value: [0, value] }));
  return { status: 'success', data: { resultType: 'vector', result } };
}

const gpu = { UUID: 'GPU-1', namespace: 'default', pod: 'pool-0' };

describe('controllers/usage/read-prometheus', () => {
  const { certificate, key } = selfSignedCertificate({
    commonName: 'prometheus',
    dnsNames: ['localhost'],
    addresses: ['127.0.0.1'],
    usage: 'server',
    now: Date.now(),
  });
  let plain: ScriptedApiServer;
  let secure: ScriptedApiServer;
  before(async () => {
    const answer = (_request: unknown, response: Parameters<typeof answerJson>[0]): void =>
      answerJson(response, vector([{ __name__: 'DCGM_FI_PROF_GR_ENGINE_ACTIVE', ...gpu }, '0.25']));
    plain = await startScriptedApiServer(answer);
    secure = await startScriptedApiServer(answer, { cert: certificate, key });
  });
  after(() => Promise.all([plain.close(), secure.close()]));

  /** @param secret its data, as plain text */
  function read(prometheus: object, secret?: Record<string, string>): Promise<UsageReading> {
    const { prometheus: wanted } = UsageSource.parse({ source: 'Prometheus', prometheus });
    const data = Object.fromEntries(
      Object.entries(secret ?? {}).map(([name, text]) => [name, Buffer.from(text).toString('base64')]),
    );
    const get = (_type: unknown, { name }: { name: string }): Promise<Secret> =>
      secret === undefined
        ? Promise.reject(new ApiError(`secrets "${name}" not found`, { code: 404, reason: 'NotFound' }))
        : Promise.resolve({ data } as unknown as Secret);
    return readPrometheus(wanted!, 30, {
      client: { get } as never,
      namespace: 'headframe-system',
      clock: systemClock,
      timeoutMs: 2000,
      signal: new AbortController().signal,
    });
  }
  const why = ({ failures }: UsageReading): string =>
    failures.map(({ kind, message }) => `${kind}: ${message}`).join();

  it('asks for all metrics that count, of the last three intervals', async () => {
    const { samples, asked } = await read({ url: `${plain.url.origin}/prefix/` });
    assert.equal(asked, 1);
    assert.deepEqual(
      samples.map(({ pod, utilisation }) => [pod?.name, utilisation]),
      [['pool-0', 0.25]],
    );
    const request = plain.requests.at(-1);
    assert.equal(request?.path, '/prefix/api/v1/query');
    assert.match(request.query.get('query') ?? '', /^last_over_time\(\{__name__=~.*\[90s\]\)$/);
    assert.equal(request.headers.authorization, undefined);
  });

  for (const [unit, value] of [
    ['Ratio', '0.5'],
    ['Percent', '50'],
  ] as const) {
    it(`understands the values of a query of the user’s as ${unit}`, async () => {
      plain.answer((request, response) => {
        assert.equal(request.query.get('query'), 'avg by (UUID, pod, namespace) (x)');
        answerJson(response, vector([gpu, value]));
      });
      const query = 'avg by (UUID, pod, namespace) (x)';
      const { samples } = await read({ url: plain.url.origin, query, unit });
      assert.equal(samples[0]?.utilisation, 0.5);
    });
  }

  it('says what Prometheus says against a query, and what is no answer of one', async () => {
    plain.answer((_request, response) => answerJson(response, { status: 'error', error: 'parse error' }));
    assert.match(why(await read({ url: plain.url.origin })), /^QueryFailed: .*parse error$/);
    plain.answer((_request, response) => void response.end('<html>'));
    assert.match(why(await read({ url: plain.url.origin })), /^Malformed: .*not JSON$/);
    plain.answer((_request, response) => void response.writeHead(302, { Location: '/' }).end());
    assert.match(why(await read({ url: plain.url.origin })), /^Status: .*redirects are not followed$/);
  });

  const secretRef = { name: 'prometheus' };
  it('sends the token of a Secret to the server that the Secret names', async () => {
    const { origin } = secure.url;
    const { samples, failures } = await read(
      { url: origin, secretRef },
      { token: TOKEN, server: origin, 'ca.crt': certificate },
    );
    assert.deepEqual(failures, []);
    assert.equal(samples.length, 1);
    assert.equal(secure.requests.at(-1)?.headers.authorization, `Bearer ${TOKEN}`);
  });

  const refused: [
    what: string,
    prometheus: () => object,
    secret: Record<string, string> | undefined,
    RegExp,
  ][] = [
    [
      'a Secret that is not there',
      () => ({ url: secure.url.origin, secretRef }),
      undefined,
      /there is no Secret/,
    ],
    [
      'a Secret that names no server, such as one with a kubeconfig',
      () => ({ url: secure.url.origin, secretRef: { name: 'partner', key: 'kubeconfig' } }),
      { kubeconfig: TOKEN },
      /key server of Secret headframe-system\/partner must be 'https:\/\/127/,
    ],
    [
      'a Secret for another server',
      () => ({ url: secure.url.origin, secretRef }),
      { token: TOKEN, server: 'https://prometheus.example' },
      /the token goes to no other server/,
    ],
    ['plain http', () => ({ url: plain.url.origin, secretRef }), { token: TOKEN }, /begin with https/],
    [
      'a Secret without the key',
      () => ({ url: secure.url.origin, secretRef }),
      { server: 'SAME' },
      /there is no key token in Secret/,
    ],
  ];
  for (const [what, prometheus, secret, message] of refused) {
    it(`sends nothing with ${what}`, async () => {
      const before = plain.requests.length + secure.requests.length;
      const data = secret && {
        ...secret,
        ...(secret['server'] === 'SAME' ? { server: secure.url.origin } : {}),
      };
      const text = why(await read(prometheus(), data));
      assert.match(text, /^Refused: /);
      assert.match(text, message);
      assert.ok(!text.includes(TOKEN));
      assert.equal(plain.requests.length + secure.requests.length, before);
    });
  }
});
