import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { podTemplateSchema, type OpenApiDocument } from '../../hack/pod-template-schema.ts';
import { crdYaml } from '../../src/api/crds.ts';
import { parseQuantity } from '../../src/api/quantity.ts';
import { ensureAssets } from '../../src/devcluster/control-plane/assets.ts';
import { startControlPlane, type ControlPlane } from '../../src/devcluster/control-plane/control-plane.ts';
import { goodPool } from '../support/good-pool.ts';
import { kubectlOf, type Kubectl } from '../support/kubectl.ts';

describe('what is taken over from a real kube-apiserver', function () {
  this.timeout(120_000);
  let controlPlane: ControlPlane;
  let kubectl: Kubectl;

  before(async function () {
    // The first run on a machine builds the control plane.
    this.timeout(30 * 60_000);
    const assets = await ensureAssets({ progress: (message) => process.stderr.write(`${message}\n`) });
    controlPlane = await startControlPlane({ assets });
    kubectl = kubectlOf({ path: controlPlane.kubectl, kubeconfig: controlPlane.kubeconfig });
    await good(['apply', '-f', '-'], crdYaml());
    await good(['wait', '--for=condition=Established', '--timeout=60s', 'crd', '--all']);
    await published();
  });

  after(() => controlPlane.stop());

  /** Runs a kubectl that must succeed: what it printed. */
  async function good(args: readonly string[], input?: string | object): Promise<string> {
    const { code, stdout, stderr } = await kubectl(args, input);
    assert.equal(code, 0, `kubectl ${args.join(' ')}: ${stderr}`);
    return stdout;
  }

  /** A CRD is Established before its schema is in the OpenAPI documents, which kubectl reads. */
  async function published(): Promise<void> {
    const deadline = Date.now() + 60_000;
    while ((await kubectl(['explain', 'minerpool.spec.template'])).code !== 0) {
      assert.ok(Date.now() < deadline, 'the schema of MinerPool was not published');
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  it('serves the very pod template that the CRD was made from', async () => {
    const document = JSON.parse(await good(['get', '--raw', '/openapi/v3/api/v1'])) as OpenApiDocument;
    const committed = readFileSync(
      new URL('../../src/api/generated/pod-template.json', import.meta.url),
      'utf8',
    );
    assert.deepEqual(podTemplateSchema(document), JSON.parse(committed));
  });

  it('agrees with our parser on what a quantity is', async () => {
    const texts = [
      '1',
      '1.5Gi',
      '.5',
      '5.',
      '1e3',
      '1E3',
      '+1',
      '1e1.5',
      '1ki',
      '1K',
      '40GiB',
      '1 Gi',
      '.',
      'Ki',
      '0x1',
      '1e',
      '',
      '1m',
      '1n',
    ];
    for (const text of texts) {
      const { code } = await kubectl(
        ['apply', '--dry-run=server', '-f', '-'],
        goodPool({ 'spec.gpus.minMemory': text }),
      );
      assert.equal(code === 0, isQuantity(text), `'${text}'`);
    }
  });

  it('reads quantities as our parser does', async () => {
    const number = fc.tuple(fc.nat(99_999), fc.option(fc.stringMatching(/^[0-9]{1,6}$/), { nil: undefined }));
    const suffix = fc.constantFrom('n', 'u', 'm', '', 'k', 'M', 'G', 'Ki', 'Mi', 'Gi', 'e3', 'e-2');
    const texts = fc.sample(
      fc
        .tuple(number, suffix)
        .map(([[whole, part], end]) => `${whole}${part === undefined ? '' : `.${part}`}${end}`),
      100,
    );
    const jsonPath = '{.spec.volumes[?(@.name=="v")].emptyDir.sizeLimit}{"\\n"}';
    const answer = await good(['create', '--dry-run=server', '-o', `jsonpath=${jsonPath}`, '-f', '-'], {
      apiVersion: 'v1',
      kind: 'List',
      items: texts.map((sizeLimit, index) => ({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: `pod-${index}`, namespace: 'default' },
        spec: { containers: [{ name: 'a', image: 'a' }], volumes: [{ name: 'v', emptyDir: { sizeLimit } }] },
      })),
    });
    const served = answer.trim().split('\n');
    assert.equal(served.length, texts.length);
    assert.deepEqual(
      served.map((text) => parseQuantity(text).nanos),
      texts.map((text) => parseQuantity(text).nanos),
      texts.join(' '),
    );
  });
});

function isQuantity(text: string): boolean {
  try {
    parseQuantity(text);
    return true;
  } catch {
    return false;
  }
}
