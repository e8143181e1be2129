import type { ComputeCluster } from '../../api/compute-cluster.ts';
import type { Immutable } from '../../api/kube-object.ts';
import { createCatalogue } from '../../compute/gpu-catalogue.ts';
import type { NodeUsage } from '../../compute/inventory.ts';
import { ownersPendingGpus } from '../../compute/giving-back/owners-pending.ts';
import type { Store } from '../../kube/store.ts';
import { BY_ROLE, type PodRole } from '../pod-roles.ts';
import type { ClusterView } from './cluster-view.ts';
import type { Fleet } from './fleet.ts';
import { type ClusterTerms, termsOf } from './terms.ts';
import { countedBy } from './twins.ts';

/** A cluster that counts, as far as it is seen. */
export interface CountedCluster {
  readonly name: string;
  /** Other ComputeClusters that are the same cluster: what is recorded under their names is here. */
  readonly twins: readonly string[];
  readonly cluster: Immutable<ComputeCluster>;
  readonly view: ClusterView;
  /** Its ComputeCluster is being deleted: nobody comes any more. */
  readonly isLeaving: boolean;
}

/** A cluster that pools may be placed in, if it will have them. */
export interface KnownCluster extends CountedCluster {
  /** What it has for guests now; undefined while it cannot be seen. */
  readonly terms: ClusterTerms | undefined;
  /** GPUs for which pods of the owner wait, by resource: guests leave those alone, too. */
  readonly pending: Readonly<Record<string, number>>;
}

const OWNERS = 'unbound' satisfies PodRole;

/** All clusters that count, as they are now. */
export interface KnownClusters {
  /** By name: all that have a ComputeCluster, but for those that another ComputeCluster counts. */
  counted(): readonly CountedCluster[];
  /**
   * The same, with what they have for guests.
   * @param now milliseconds since 1970
   */
  all(now: number): readonly KnownCluster[];
}

/** Keeps what was worked out as long as nothing that it was worked out from has changed: every reconcile of every pool asks. */
export function createKnownClusters(clusters: Store<ComputeCluster>, fleet: Fleet): KnownClusters {
  const worked = new Map<string, Worked>();

  function termsNow(
    cluster: Immutable<ComputeCluster>,
    view: ClusterView,
    now: number,
  ): ClusterTerms | undefined {
    if (view.kind !== 'reachable') {
      return undefined;
    }
    const { name } = cluster.metadata;
    const usages = view.usages(createCatalogue(cluster.spec.gpuModels));
    const last = worked.get(name);
    const { spec, status } = cluster;
    if (last !== undefined && isStillTrue(last, cluster, usages, now)) {
      return last.terms;
    }
    const terms = termsOf(cluster, { usages }, now);
    const until = Math.min(
      terms.opening.changesAt ?? Infinity,
      ...(status?.quarantine ?? []).map((entry) => Date.parse(entry.endTime)).filter((end) => end > now),
    );
    worked.set(name, { spec, quarantine: status?.quarantine, usages, from: now, until, terms });
    return terms;
  }

  function counted(): readonly CountedCluster[] {
    const listed = [...clusters.list()];
    const byOthers = countedBy(listed, (name) => fleet.view(name));
    const twinsOf = (name: string): readonly string[] =>
      [...byOthers].flatMap(([twin, by]) => (by === name ? [twin] : []));
    return listed
      .filter(({ metadata }) => !byOthers.has(metadata.name))
      .map((cluster) => {
        const { name, deletionTimestamp } = cluster.metadata;
        const isLeaving = deletionTimestamp !== undefined;
        return { name, twins: twinsOf(name), cluster, view: fleet.view(name), isLeaving };
      })
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  function all(now: number): readonly KnownCluster[] {
    const each = counted();
    forgetOthers(worked, each);
    return each.map((one) => ({
      ...one,
      terms: termsNow(one.cluster, one.view, now),
      pending: one.view.kind === 'reachable' ? ownersPendingGpus(one.view.pods.byIndex(BY_ROLE, OWNERS)) : {},
    }));
  }

  return { counted, all };
}

interface Worked {
  readonly spec: Immutable<ComputeCluster>['spec'];
  readonly quarantine: NonNullable<Immutable<ComputeCluster>['status']>['quarantine'] | undefined;
  readonly usages: readonly NodeUsage[];
  /** Milliseconds since 1970. */
  readonly from: number;
  /** When the schedule opens or closes, or a quarantine ends; Infinity when nothing does. */
  readonly until: number;
  readonly terms: ClusterTerms;
}

function isStillTrue(
  { spec, quarantine, usages, from, until }: Worked,
  cluster: Immutable<ComputeCluster>,
  usagesNow: readonly NodeUsage[],
  now: number,
): boolean {
  const isSame = spec === cluster.spec && quarantine === cluster.status?.quarantine && usages === usagesNow;
  return isSame && now >= from && now < until;
}

function forgetOthers(worked: Map<string, Worked>, clusters: readonly CountedCluster[]): void {
  if (worked.size > clusters.length) {
    const names = new Set(clusters.map(({ name }) => name));
    [...worked.keys()].filter((name) => !names.has(name)).forEach((name) => worked.delete(name));
  }
}
