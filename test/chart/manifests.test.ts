import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  installManifest,
  installRelease,
  manifestPaths,
  withoutHelmLabels,
} from '../../hack/install-manifest.ts';
import { objectsIn } from '../../hack/render-chart.ts';
import { kinds } from '../../src/api/crds.ts';
import type { KubeObject } from '../../src/api/kube-object.ts';
import { release } from '../support/chart.ts';
import { kubernetesTools } from '../support/kubernetes-tools.ts';

const top = new URL('../../', import.meta.url);

describe('manifests for those without Helm', function () {
  this.timeout(60_000);

  for (const path of manifestPaths) {
    it(`${path} is what npm run generate:manifests writes`, async () => {
      const expected = installManifest(await release({ ...installRelease, crds: true }));

      const text = readFileSync(new URL(path, top), 'utf8');
      assert.ok(text === expected, `${path} is out of date: run npm run generate:manifests`);
    });
  }

  it('start with the namespace and the CRDs, end with the Deployment, and do not call themselves Helm’s', () => {
    const text = readFileSync(new URL(manifestPaths[0], top), 'utf8');
    const order = objectsIn(text).map(({ kind }) => kind);

    assert.deepEqual(order.slice(0, 2 + kinds.length), [
      'Namespace',
      ...kinds.map(() => 'CustomResourceDefinition'),
      'ServiceAccount',
    ]);
    assert.equal(order.at(-1), 'Deployment');
    assert.doesNotMatch(text, /helm\.sh|managed-by: Helm/);
  });

  /** Each overlay is a release of the chart with these values. */
  const overlays: { name: string; args: string[] }[] = [
    { name: 'default', args: [] },
    {
      name: 'production',
      args: [
        '--set=replicas=2',
        '--set=metrics.serviceMonitor.enabled=true',
        '--set=networkPolicy.enabled=true',
      ],
    },
  ];
  for (const { name, args } of overlays) {
    it(`kustomize overlay ${name} is the chart with ${args.length === 0 ? 'its defaults' : args.join(' ')}`, async () => {
      const { kubectl } = await kubernetesTools();
      const folder = fileURLToPath(new URL(`manifests/kustomize/overlays/${name}`, top));
      const { stdout } = await promisify(execFile)(kubectl, ['kustomize', folder], {
        maxBuffer: 64 * 1024 * 1024,
      });

      const expected = await release({
        ...installRelease,
        crds: true,
        args: [...installRelease.args, ...args],
      });
      const rendered = objectsIn(withQuotedAddresses(stdout)).filter(({ kind }) => kind !== 'Namespace');
      assert.deepEqual(byId(rendered), byId(expected.map(withoutHelmLabels)));
    });
  }
});

/** Go's YAML takes hexadecimal digits of more than 64 bits for a text, and so leaves the quotes out; to YAML 1.2 they are a number. */
function withQuotedAddresses(yaml: string): string {
  return yaml.replace(/: (0x[0-9a-fA-F]{40})$/gm, ": '$1'");
}

function byId(objects: readonly KubeObject[]): Record<string, KubeObject> {
  return Object.fromEntries(
    objects.map((object) => [
      `${object.kind} ${object.metadata.namespace ?? ''}/${object.metadata.name}`,
      object,
    ]),
  );
}
