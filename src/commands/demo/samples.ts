import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { Pods } from '../../api/builtin.ts';
import { ComputeClusters, type ComputeCluster } from '../../api/compute-cluster.ts';
import { labels } from '../../api/group.ts';
import type { KubeObject, Manifest, ResourceType } from '../../api/kube-object.ts';
import { MinerPools, type MinerPool } from '../../api/miner-pool.ts';
import type { KubeClient } from '../../kube/client.ts';
import { type Clock, sleep } from '../../time/clock.ts';
import { deleteIfThere } from './delete-if-there.ts';
import { packageRoot } from './package-root.ts';

const FILES = [
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

/** One sample of the demo, as its file has it. */
interface Sample {
  readonly type: ResourceType<KubeObject>;
  readonly manifest: Manifest<ComputeCluster> | Manifest<MinerPool>;
}

/**
 * Creates the samples just as `kubectl apply` would: who applies an edited sample later is not warned that another tool made
 * the object. `client` must write under the field manager `kubectl-client-side-apply`.
 */
export async function createSamples(client: KubeClient): Promise<void> {
  for (const { type, manifest } of await readSamples()) {
    const lastApplied = { ...manifest, metadata: { annotations: {}, ...manifest.metadata } };
    const annotations = {
      'kubectl.kubernetes.io/last-applied-configuration': `${JSON.stringify(lastApplied)}\n`,
    };
    await client.create(type, { ...manifest, metadata: { ...manifest.metadata, annotations } });
  }
}

const GONE_EVERY_MS = 200;
const GONE_WITHIN_MS = 60_000;

/** Deletes the samples and waits until they and their pods are gone, in both clusters: the operator sees to the second. */
export async function deleteSamples(client: KubeClient, clock: Clock): Promise<void> {
  const samples = await readSamples();
  // Pools first: their pods in the second cluster go while its ComputeCluster is there.
  for (const { type, manifest } of samples.toReversed()) {
    await deleteIfThere(client, type, manifest.metadata);
  }
  const deadline = clock.monotonic() + GONE_WITHIN_MS;
  while (await isAnythingLeft(client)) {
    if (clock.monotonic() > deadline) {
      throw new Error('the samples, or pods of theirs, are still there after a minute');
    }
    await sleep(clock, GONE_EVERY_MS);
  }
}

async function isAnythingLeft(client: KubeClient): Promise<boolean> {
  const lists = await Promise.all([
    client.list(MinerPools),
    client.list(ComputeClusters),
    client.list(Pods, { labelSelector: labels.pool }),
  ]);
  return lists.some(({ items }) => items.length > 0);
}

async function readSamples(): Promise<Sample[]> {
  const folder = join(packageRoot(), 'manifests', 'samples');
  const texts = await Promise.all(FILES.map((file) => readFile(join(folder, file), 'utf8')));
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
