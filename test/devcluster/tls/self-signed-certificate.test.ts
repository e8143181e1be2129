import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer, get } from 'node:https';
import type { AddressInfo } from 'node:net';
import { selfSignedCertificate } from '../../../src/devcluster/tls/self-signed-certificate.ts';

const now = Date.now();
const server = {
  commonName: 'test',
  addresses: ['127.0.0.1'],
  dnsNames: ['localhost'],
  usage: 'server',
  now,
} as const;

describe('self-signed certificate', () => {
  it('says what it was told, and its signature holds', () => {
    const { certificate } = selfSignedCertificate({ ...server, organization: 'system:nodes' });
    const parsed = new X509Certificate(certificate);

    assert.equal(parsed.subject, 'O=system:nodes\nCN=test');
    assert.equal(parsed.subjectAltName, 'DNS:localhost, IP Address:127.0.0.1');
    assert.ok(parsed.verify(parsed.publicKey));
    assert.ok(Date.parse(parsed.validFrom) < now && Date.parse(parsed.validTo) > now + 29 * 86_400_000);
    assert.equal(parsed.checkIP('127.0.0.1'), '127.0.0.1');
  });

  it('serves a client that pins it, and knows a client by its own; others are refused', async () => {
    const serving = selfSignedCertificate(server);
    const client = selfSignedCertificate({ commonName: 'client', usage: 'client', now });
    const stranger = selfSignedCertificate({ commonName: 'client', usage: 'client', now });
    const listener = createServer(
      {
        cert: serving.certificate,
        key: serving.key,
        ca: client.certificate,
        requestCert: true,
        rejectUnauthorized: true,
      },
      (_request, response) => response.end('hello'),
    );
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const { port } = listener.address() as AddressInfo;
    const ask = (ca: string, who: { certificate: string; key: string }): Promise<number | string> =>
      new Promise((resolve) => {
        const options = { ca, cert: who.certificate, key: who.key, agent: false } as const;
        get(`https://127.0.0.1:${port}/`, options, (answer) => {
          answer.resume();
          resolve(answer.statusCode ?? 0);
        }).once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
      });

    assert.equal(await ask(serving.certificate, client), 200);
    assert.notEqual(await ask(serving.certificate, stranger), 200);
    assert.equal(await ask(stranger.certificate, client), 'DEPTH_ZERO_SELF_SIGNED_CERT');

    listener.close();
    listener.closeAllConnections();
  });
});
