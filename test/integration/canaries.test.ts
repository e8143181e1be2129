import assert from 'node:assert/strict';
import { ConfigMaps, Secrets } from '../../src/api/builtin.ts';
import { canariesFound, canary } from '../support/canaries.ts';
import { searchObjects } from '../support/search-objects.ts';
import { clusterKind, startTestCluster, type TestCluster } from '../support/test-cluster.ts';

describe(`canaries among objects, on the ${clusterKind} API server`, function () {
  this.timeout(120_000);
  const secret = canary('a test of objects', 'a canary among objects');
  let cluster: TestCluster;

  before(async () => {
    cluster = await startTestCluster({ nodes: [] });
  });
  after(() => cluster.stop());

  it('may be in a Secret, and are found everywhere else', async () => {
    const metadata = { namespace: 'default', name: 'cage' };
    const data = { key: Buffer.from(secret).toString('base64') };
    await cluster.client.create(Secrets, { apiVersion: 'v1', kind: 'Secret', metadata, data });
    await searchObjects(cluster.transport);
    assert.deepEqual(canariesFound(), []);

    await cluster.client.create(ConfigMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata, data });
    await searchObjects(cluster.transport);
    assert.deepEqual(canariesFound(), ['a test of objects: in objects of /api/v1/configmaps']);
    await cluster.client.delete(ConfigMaps, metadata);
  });
});
