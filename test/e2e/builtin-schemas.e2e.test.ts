import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { builtinSchemaFile, GROUP_VERSIONS } from '../../hack/builtin-schema-file.ts';
import type { OpenApiDocument } from '../../hack/pod-template-schema.ts';
import { ensureAssets } from '../../src/devcluster/control-plane/assets.ts';
import { startControlPlane, type ControlPlane } from '../../src/devcluster/control-plane/control-plane.ts';
import { kubectlOf } from '../support/kubectl.ts';

describe('the built-in schemas of the embedded API server', function () {
  this.timeout(120_000);
  let controlPlane: ControlPlane;

  before(async function () {
    // The first run on a machine builds the control plane.
    this.timeout(30 * 60_000);
    controlPlane = await startControlPlane({ assets: await ensureAssets({ progress: () => undefined }) });
  });

  after(() => controlPlane.stop());

  it('are those that a real kube-apiserver publishes', async () => {
    const kubectl = kubectlOf({ path: controlPlane.kubectl, kubeconfig: controlPlane.kubeconfig });
    const documents: OpenApiDocument[] = [];
    for (const path of GROUP_VERSIONS) {
      const { code, stdout, stderr } = await kubectl(['get', '--raw', `/openapi/v3/${path}`]);
      assert.equal(code, 0, stderr);
      documents.push(JSON.parse(stdout) as OpenApiDocument);
    }
    const committed = new URL(
      '../../src/devcluster/api-server/generated/builtin-schemas.json',
      import.meta.url,
    );
    assert.deepEqual(builtinSchemaFile(documents), JSON.parse(readFileSync(committed, 'utf8')));
  });
});
