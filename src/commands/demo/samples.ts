import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { Pods } from '../../api/builtin.ts';
import { ComputeClusters } from '../../api/compute-cluster.ts';
import { labels } from '../../api/group.ts';
import type { KubeObject, Manifest, ResourceType } from '../../api/kube-object.ts';
import { MinerPools } from '../../api/miner-pool.ts';
import type { KubeClient } from '../../kube/client.ts';
import { type Clock, sleep } from '../../time/clock.ts';
import { deleteIfThere } from './delete-if-there.ts';
import { packageRoot } from './package-root.ts';

/** The samples that the demo brings as they are. */
export const SAMPLE_FILES: readonly string[] = [
  'compute-cluster.yaml',
  'compute-cluster-member.yaml',
  'miner-pool.yaml',
  'miner-pool-a100.yaml',
  'miner-pool-anywhere.yaml',
];

const types: Readonly<Record<string, ResourceType<KubeObject>>> = {
  ComputeCluster: ComputeClusters,
  MinerPool: MinerPools,
};

/** An object that the demo brings, as one would write it. */
export interface Sample {
  readonly type: ResourceType<KubeObject>;
  readonly manifest: Manifest<KubeObject> & { readonly spec: object };
}

/**
 * Creates the samples just as `kubectl apply` would: who applies an edited sample later is not warned that another tool made
 * the object. `client` must write under the field manager `kubectl-client-side-apply`.
 */
export async function createSamples(client: KubeClient, samples: readonly Sample[]): Promise<void> {
  for (const { type, manifest } of samples) {
    const lastApplied = { ...manifest, metadata: { annotations: {}, ...manifest.metadata } };
    const annotations = {
      'kubectl.kubernetes.io/last-applied-configuration': `${JSON.stringify(lastApplied)}\n`,
    };
    await client.create(type, { ...manifest, metadata: { ...manifest.metadata, annotations } });
  }
}

const GONE_EVERY_MS = 200;
const GONE_WITHIN_MS = 60_000;

/** Deletes samples and waits until they and all pods of pools are gone, in both clusters: the operator sees to the second. */
export async function deleteSamples(
  client: KubeClient,
  clock: Clock,
  samples: readonly Sample[],
): Promise<void> {
  // Pools first: their pods in the second cluster go while its ComputeCluster is there.
  for (const { type, manifest } of samples.toReversed()) {
    await deleteIfThere(client, type, manifest.metadata);
  }
  const deadline = clock.monotonic() + GONE_WITHIN_MS;
  while (await isAnythingLeft(client, samples)) {
    if (clock.monotonic() > deadline) {
      throw new Error('the samples, or pods of theirs, are still there after a minute');
    }
    await sleep(clock, GONE_EVERY_MS);
  }
}

async function isAnythingLeft(client: KubeClient, samples: readonly Sample[]): Promise<boolean> {
  const types = new Set([...samples.map(({ type }) => type), MinerPools]);
  const lists = await Promise.all([
    ...[...types].map((type) => client.list(type)),
    client.list(Pods, { labelSelector: labels.pool }),
  ]);
  return lists.some(({ items }) => items.length > 0);
}

/** Reads sample files of this package, by their names. */
export async function readSamples(files: readonly string[]): Promise<readonly Sample[]> {
  const folder = join(packageRoot(), 'manifests', 'samples');
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  return texts.flatMap((text) =>
    parseAllDocuments(text).map((document) => {
      const manifest = document.toJS() as Sample['manifest'] & { readonly kind: string };
      const type = types[manifest.kind];
      if (type === undefined) {
        throw new TypeError(`the demo has no samples of kind ${manifest.kind}`);
      }
      return { type, manifest };
    }),
  );
}
