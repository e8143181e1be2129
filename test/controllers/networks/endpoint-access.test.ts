import assert from 'node:assert/strict';
import { endpointAccess } from '../../../src/controllers/networks/endpoint-access.ts';
import { isProblem } from '../../../src/controllers/networks/network-secrets.ts';

/** What comes of an endpoint whose URL and token lie in a Secret. */
async function accessTo(url: string, withToken = true): Promise<string> {
  const texts: Readonly<Record<string, string>> = { url, token: 'hunter2' };
  const { found } = await endpointAccess(
    {
      name: 'node',
      urlFrom: { name: 'secret', key: 'url' },
      ...(withToken ? { bearerTokenFrom: { name: 'secret', key: 'token' } } : {}),
    },
    ({ key }) => Promise.resolve({ text: texts[key] ?? '', source: `key ${key} of Secret ns/secret` }),
  );
  return isProblem(found)
    ? `${found.reason}: ${found.message}`
    : (found.headers?.['Authorization'] ?? 'no token');
}

describe('controllers/networks/endpoint-access', () => {
  for (const url of ['http://node.example/key', 'http://10.0.0.1:8545', 'http://127.0.0.1.example/']) {
    it(`sends no token to ${url}, where it could be read on the way`, async () => {
      assert.equal(
        await accessTo(url),
        'NetworkSecretInvalid: key url of Secret ns/secret must begin with https:// when bearerTokenFrom is set: nobody on the way may read the token',
      );
    });
  }
  for (const url of [
    'https://node.example/key',
    'http://127.0.0.1:8545',
    'http://localhost/',
    'http://[::1]:8545',
  ]) {
    it(`sends it to ${url}`, async () => assert.equal(await accessTo(url), 'Bearer hunter2'));
  }
  it('needs no https:// without a token', async () => {
    assert.equal(await accessTo('http://node.example', false), 'no token');
  });
});
