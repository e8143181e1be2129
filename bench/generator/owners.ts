import type { Pod, PodTemplateSpec } from '../../src/api/builtin.ts';
import type { KubeObject, Manifest, ResourceType } from '../../src/api/kube-object.ts';
import { type MinerPool, MinerPoolSpec } from '../../src/api/miner-pool.ts';
import { freeTerms } from '../../src/controllers/fleet/guest-terms.ts';
import { podManifest } from '../../src/controllers/minerpool/pod.ts';
import { podSource, revisionName } from '../../src/controllers/minerpool/revision.ts';
import { API_VERSION } from '../../src/api/group.ts';

export interface ReplicaSet extends KubeObject {
  spec: { replicas: number; selector: { matchLabels: Record<string, string> }; template: PodTemplateSpec };
}

export const ReplicaSets: ResourceType<ReplicaSet> = {
  group: 'apps',
  version: 'v1',
  kind: 'ReplicaSet',
  plural: 'replicasets',
  namespaced: true,
};

/** Where an owner goes and how many pods it gets. */
export interface Owner {
  readonly namespace: string;
  readonly name: string;
  readonly replicas: number;
}

/** One container as a miner has it; nothing pulls the image. */
const template: PodTemplateSpec = {
  metadata: { labels: { 'app.kubernetes.io/name': 'bench-miner' } },
  spec: {
    terminationGracePeriodSeconds: 0,
    containers: [
      {
        name: 'miner',
        image: 'headframe/bench-miner:1',
        env: [
          { name: 'DIFFICULTY_BITS', value: '18' },
          { name: 'NETWORK', value: 'testnet' },
        ],
        ports: [{ name: 'metrics', containerPort: 8080 }],
        resources: { requests: { cpu: '50m', memory: '64Mi' } },
      },
    ],
  },
};

/** A pool of one GPU per replica. */
export function poolManifest({ namespace, name, replicas }: Owner): Manifest<MinerPool> {
  return {
    apiVersion: API_VERSION,
    kind: 'MinerPool',
    metadata: { namespace, name },
    spec: MinerPoolSpec.parse({ replicas, template }),
  };
}

/** A bare pod with the content that the pool's pod of that ordinal has. Ownerless: nobody else touches it. */
export function rawPodManifest(owner: Owner, ordinal: number): Manifest<Pod> {
  const pool: MinerPool = {
    ...poolManifest(owner),
    metadata: {
      namespace: owner.namespace,
      name: owner.name,
      uid: '00000000-0000-4000-8000-000000000000',
      resourceVersion: '1',
      creationTimestamp: '2026-01-01T00:00:00Z',
    },
  };
  const source = podSource(pool);
  const revision = revisionName(owner.name, source);
  const order = { ordinal, attempt: 0, surge: false, source, revision, terms: freeTerms };
  const { metadata, ...rest } = podManifest(pool, order);
  const { ownerReferences: _none, ...ownerless } = metadata;
  return { ...rest, metadata: ownerless };
}

/** A ReplicaSet whose pods have the spec that the pool's pods have. */
export function replicaSetManifest(owner: Owner): Manifest<ReplicaSet> {
  const { namespace, name, replicas } = owner;
  const { spec, metadata } = rawPodManifest(owner, 0);
  const labels = { ...metadata.labels, 'bench.headframe.dev/set': name };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { namespace, name },
    spec: {
      replicas,
      selector: { matchLabels: { 'bench.headframe.dev/set': name } },
      template: { metadata: { labels }, spec },
    },
  };
}
