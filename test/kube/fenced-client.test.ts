import assert from 'node:assert/strict';
import { ConfigMaps } from '../../src/api/builtin.ts';
import { kubeClient } from '../../src/kube/client.ts';
import { fixedConnection } from '../../src/kube/connection.ts';
import { fencedClient, FencedError } from '../../src/kube/fenced-client.ts';
import { createTransport } from '../../src/kube/transport.ts';
import { systemClock } from '../../src/time/clock.ts';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

describe('kube/fenced-client', () => {
  it('reads at any time, and sends no write of any kind while it may not', async () => {
    const methods: string[] = [];
    const server = createServer((request, response) => {
      methods.push(request.method ?? '');
      request.resume();
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify({ items: [], metadata: { name: 'a', resourceVersion: '1' } }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const transport = createTransport(fixedConnection(`http://127.0.0.1:${port}`), { clock: systemClock });
    let leading = false;
    const client = fencedClient(kubeClient(transport), () => leading);
    const key = { namespace: 'default', name: 'a', resourceVersion: '1' };
    const manifest = { apiVersion: 'v1', kind: 'ConfigMap', metadata: key };
    const writes = {
      create: () => client.create(ConfigMaps, manifest),
      replace: () => client.replace(ConfigMaps, manifest),
      delete: () => client.delete(ConfigMaps, key),
      apply: () => client.apply(ConfigMaps, manifest),
      mergePatch: () => client.mergePatch(ConfigMaps, key, {}),
      patchStatus: () => client.patchStatus(ConfigMaps, { metadata: key }, {}),
    };
    try {
      for (const [verb, write] of Object.entries(writes)) {
        await assert.rejects(write(), FencedError, verb);
      }
      await client.get(ConfigMaps, key);
      await client.list(ConfigMaps);
      assert.deepEqual(methods, ['GET', 'GET']);

      leading = true;
      for (const write of Object.values(writes)) {
        await write();
      }
      assert.deepEqual(methods.slice(2), ['POST', 'PUT', 'DELETE', 'PATCH', 'PATCH', 'PATCH']);
    } finally {
      transport.close();
      server.close();
    }
  });
});
