import { createHash } from 'node:crypto';
import type { ControllerRevision, PodTemplateSpec } from '../../api/builtin.ts';
import { API_VERSION, MANAGER, labels } from '../../api/group.ts';
import type { Immutable, Manifest } from '../../api/kube-object.ts';
import type { MinerPool, MinerPoolSpec } from '../../api/miner-pool.ts';
import { ownerReference } from './owner-reference.ts';

/** The part of a pool's spec that makes its pods: what a rolling update rolls. */
export interface PodSource {
  readonly gpus: Immutable<MinerPoolSpec['gpus']>;
  readonly template: Immutable<PodTemplateSpec>;
}

/** What today's spec would make pods from. */
export function podSource(pool: Immutable<MinerPool>): PodSource {
  return { gpus: pool.spec.gpus, template: pool.spec.template };
}

/** `<pool>-<hash>`: equal for equal sources whatever the order of their keys; fits a label value (52 + 1 + 10 characters). */
export function revisionName(pool: string, source: PodSource): string {
  const hash = createHash('sha256').update(canonicalJson(source)).digest('hex').slice(0, 10);
  return `${pool}-${hash}`;
}

/** The ControllerRevision that keeps a source, so that pods below a partition can be made from it again. */
export function revisionManifest(
  pool: Immutable<MinerPool>,
  name: string,
  number: number,
): Manifest<ControllerRevision> {
  return {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name,
      ...(pool.metadata.namespace === undefined ? {} : { namespace: pool.metadata.namespace }),
      labels: { [labels.pool]: pool.metadata.name, [labels.managedBy]: MANAGER },
      ownerReferences: [ownerReference(API_VERSION, pool)],
    },
    data: podSource(pool),
    revision: number,
  };
}

/** The source that a ControllerRevision keeps; undefined when it holds something else. */
export function sourceOf(revision: Immutable<ControllerRevision>): PodSource | undefined {
  const { data } = revision;
  if (typeof data !== 'object' || data === null || !('gpus' in data) || !('template' in data)) {
    return undefined;
  }
  return data as PodSource;
}

/**
 * Revisions that may go: not in use by a pod or the status, and older than the newest `limit` of those not in use.
 * @param inUse names of revisions to keep in any case
 */
export function obsoleteRevisions(
  revisions: readonly Immutable<ControllerRevision>[],
  inUse: ReadonlySet<string>,
  limit: number,
): readonly Immutable<ControllerRevision>[] {
  return revisions
    .filter((revision) => !inUse.has(revision.metadata.name))
    .sort((a, b) => b.revision - a.revision)
    .slice(limit);
}

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(canonicalJson).join(',')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}
