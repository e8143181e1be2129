import type { Pod } from '../../api/builtin.ts';
import { LOCAL_CLUSTER } from '../../api/compute-cluster.ts';
import { annotations } from '../../api/group.ts';
import type { Immutable } from '../../api/kube-object.ts';
import type { MinerPool } from '../../api/miner-pool.ts';
import { Placement } from '../../api/placement.ts';
import { type GpuVendor, gpuVendors, vendorNames } from '../../compute/gpu-catalogue.ts';
import { occupied } from '../../compute/placement/occupy.ts';
import type { ClusterOffer } from '../../compute/placement/offer.ts';
import { podGpuRequest } from '../../compute/pod-gpus.ts';
import { ANY, PLACED_UNBOUND, ownerUidHere, ownerUidInMember } from '../caches.ts';
import type { KnownCluster } from '../fleet/known-clusters.ts';
import { offerOf } from '../fleet/offers.ts';
import type { Taken } from './assumed.ts';
import { templateRequirements } from './demand.ts';
import type { PlacingGrounds } from './placing.ts';
import { podSource } from './revision.ts';

/**
 * What Headframe places a pool's replicas by; undefined when it leaves that to the scheduler of the cluster in which it runs.
 * @param clusters all that count
 * @param assumed what other pools take that no cache shows yet
 */
export function placingGrounds(
  pool: Immutable<MinerPool>,
  clusters: readonly KnownCluster[],
  assumed: readonly Taken[],
): Omit<PlacingGrounds, 'clusters'> | undefined {
  const placement = placementOf(pool, clusters);
  if (placement === undefined) {
    return undefined;
  }
  const { vendor } = pool.spec.gpus;
  const needs = { vendor, requirements: templateRequirements(podSource(pool)) };
  const taken = [...clusters.flatMap((cluster) => unboundOfOthers(cluster, pool)), ...assumed];
  const isOwnVendor = (each: Taken): boolean => each.vendor === vendor;
  const ofOtherVendors = gpusByCluster(taken.filter((each) => !isOwnVendor(each)));
  const offers = clusters
    .filter(({ isLeaving }) => !isLeaving)
    .map((cluster) => offerOf(cluster, needs, ofOtherVendors.get(cluster.name)));
  return { placement, offers: without(offers, taken.filter(isOwnVendor)), modelOn: modelsOf(clusters) };
}

/** In its own words, or, of a pool without any, by the terms of the cluster in which Headframe runs, if that has terms for guests. */
function placementOf(
  pool: Immutable<MinerPool>,
  clusters: readonly KnownCluster[],
): Immutable<Placement> | undefined {
  const local = clusters.find(({ name }) => name === LOCAL_CLUSTER);
  return pool.spec.placement ?? (local !== undefined && hasTerms(local) ? onlyHere : undefined);
}

const onlyHere = Placement.parse({ clusterSelector: { names: [LOCAL_CLUSTER] }, moves: { maxPerHour: 0 } });

/** Whether its owner says more than which nodes take part. A ComputeCluster that is being deleted says nothing: the cluster itself stays. */
function hasTerms({ cluster: { spec }, isLeaving }: KnownCluster): boolean {
  if (isLeaving) {
    return false;
  }
  const reserves = spec.reserve !== 0 && spec.reserve !== '0%';
  return reserves || spec.schedule !== undefined || spec.onlyWhenIdle || spec.profile === 'Akash';
}

/** Pods of other pools that have a place but no node yet: their GPUs still seem to be free. */
function unboundOfOthers({ name, view }: KnownCluster, { metadata }: Immutable<MinerPool>): Taken[] {
  if (view.kind !== 'reachable') {
    return [];
  }
  const ownerUid = name === LOCAL_CLUSTER ? ownerUidHere : ownerUidInMember;
  return view.pods
    .byIndex(PLACED_UNBOUND, ANY)
    .filter((pod) => ownerUid(pod) !== metadata.uid)
    .flatMap((pod) =>
      gpuVendors.map((vendor) => ({
        cluster: name,
        model: placedOn(pod),
        vendor,
        gpus: gpusOf(pod, vendor),
      })),
    )
    .filter(({ gpus }) => gpus > 0);
}

function placedOn({ metadata }: Immutable<Pod>): string {
  return metadata.annotations?.[annotations.gpuModel] ?? '';
}

function gpusOf(pod: Immutable<Pod>, vendor: GpuVendor): number {
  return podGpuRequest(pod, vendorNames[vendor].resource);
}

function gpusByCluster(taken: readonly Taken[]): ReadonlyMap<string, number> {
  const gpus = new Map<string, number>();
  for (const each of taken) {
    gpus.set(each.cluster, (gpus.get(each.cluster) ?? 0) + each.gpus);
  }
  return gpus;
}

/** The offers without what is taken already, replica by replica of one size. */
function without(offers: readonly ClusterOffer[], taken: readonly Taken[]): readonly ClusterOffer[] {
  const sizes = [...new Set(taken.map(({ gpus }) => gpus))].sort((a, b) => b - a);
  return sizes.reduce(
    (left, size) =>
      occupied(
        left,
        taken.filter(({ gpus }) => gpus === size),
        size,
      ),
    offers,
  );
}

/** Asked for pods that nobody placed, of which there may be thousands: each cluster's nodes are gone through once. */
function modelsOf(clusters: readonly KnownCluster[]): PlacingGrounds['modelOn'] {
  const models = new Map<string, ReadonlyMap<string, string>>();
  return (cluster, node) => {
    const ofCluster = models.get(cluster) ?? modelsByNode(clusters.find(({ name }) => name === cluster));
    models.set(cluster, ofCluster);
    return ofCluster.get(node);
  };
}

function modelsByNode(cluster: KnownCluster | undefined): ReadonlyMap<string, string> {
  return new Map(cluster?.terms?.usages.map(({ gpus }) => [gpus.node, gpus.unit.listedAs]));
}
