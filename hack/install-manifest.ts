import { fileURLToPath } from 'node:url';
import { labels } from '../src/api/group.ts';
import type { KubeObject } from '../src/api/kube-object.ts';
import { toYaml } from '../src/api/crds.ts';

/** Where the chart is. */
export const chartFolder = fileURLToPath(new URL('../charts/headframe', import.meta.url));

/** The release that the manifests show. CRDs that kubectl applied are deleted by nobody but kubectl: nothing has to keep them. */
export const installRelease = {
  name: 'headframe',
  namespace: 'headframe-system',
  args: ['--set=crds.keep=false'],
} as const;

/** Where the text goes: kustomize reads no files above its own folder, so its base has a copy. */
export const manifestPaths = ['manifests/install.yaml', 'manifests/kustomize/base/headframe.yaml'] as const;

const HEADER = `# Written by npm run generate:manifests from charts/headframe. Do not edit.
#
#   kubectl apply --server-side -f manifests/install.yaml
#
# Server-side, because a client-side apply keeps a copy of every object in an annotation, and the schema of a MinerPool takes up most of the room there.
`;

/** A rendered release as one file for kubectl: its Namespace first, then the rest in the order of its need, without Helm's marks. */
export function installManifest(objects: readonly KubeObject[]): string {
  const all = [namespace(), ...objects.map(withoutHelmLabels)];
  const ordered = all
    .map((object, index) => ({ object, key: rank(object.kind) * all.length + index }))
    .sort((a, b) => a.key - b.key);
  return `${HEADER}${ordered.map(({ object }) => `---\n${toYaml(object)}`).join('')}`;
}

/** What others need comes first; the Deployment comes last. */
const order = ['Namespace', 'CustomResourceDefinition', 'ServiceAccount', 'ClusterRole', 'Role'];

function rank(kind: string): number {
  const index = order.indexOf(kind);
  return index >= 0 ? index : kind === 'Deployment' ? order.length + 1 : order.length;
}

/** The operator's pods satisfy the strictest of the Pod Security Standards; pods of pools live in namespaces of their own. */
function namespace(): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: installRelease.namespace,
      labels: {
        [labels.partOf]: 'headframe',
        'pod-security.kubernetes.io/enforce': 'restricted',
      },
    },
  } as unknown as KubeObject;
}

/** The object without the labels that say it is Helm's. */
export function withoutHelmLabels<T extends KubeObject>(object: T): T {
  const kept = Object.entries(object.metadata.labels ?? {}).filter(
    ([key]) => key !== 'helm.sh/chart' && key !== labels.managedBy,
  );
  return { ...object, metadata: { ...object.metadata, labels: Object.fromEntries(kept) } };
}
