import type { ComputeCluster } from '../../api/compute-cluster.ts';
import type { ComputeClusterStatus } from '../../api/compute-cluster-status.ts';
import { setConditions } from '../../api/conditions.ts';
import type { Immutable } from '../../api/kube-object.ts';
import type { InventoryLine } from '../../compute/inventory.ts';
import { type Performance, performanceOf } from '../../compute/usage/performance.ts';
import type { ClusterUsage } from '../boards/cluster-usage.ts';

/** A line of an inventory, with what is left to guests. */
type OfferedLine = InventoryLine & { readonly freeForGuests: number };

/** The types of the conditions that are about usage. */
const OWN: readonly string[] = ['UsageKnown', 'UsageRecorded'];

/**
 * A status with what is known of the cluster's usage; as long as nothing is, as after a restart, with what is written. Pure.
 * @param status without it
 * @param now milliseconds since 1970
 */
export function withUsage(
  status: ComputeClusterStatus,
  cluster: Immutable<ComputeCluster>,
  { usage, lines }: { readonly usage: ClusterUsage | undefined; readonly lines: readonly OfferedLine[] },
  now: number,
): ComputeClusterStatus {
  const { generation } = cluster.metadata;
  const before = cluster.status?.conditions.filter(({ type }) => OWN.includes(type)) ?? [];
  const figures = usage === undefined ? cluster.status?.performance : figuresOf(usage);
  return {
    ...status,
    ...(figures === undefined ? {} : { performance: { ...figures, pledged: texts(pledged(lines)) } }),
    conditions: [
      ...status.conditions,
      ...(usage === undefined ? before : setConditions(before, usage.statements, { now, generation })),
    ],
  };
}

type Figures = NonNullable<ComputeClusterStatus['performance']>;

function figuresOf({ busy, delivered }: ClusterUsage): Omit<Figures, 'pledged'> | undefined {
  return busy && { busy: texts(busy), ...(delivered === undefined ? {} : { delivered: texts(delivered) }) };
}

/** Of what guests hold or may take now. */
function pledged(lines: readonly OfferedLine[]): Performance {
  return performanceOf(
    lines.reduce(
      (sum, { v100Equivalents, allocatable, guests, freeForGuests }) =>
        sum + (allocatable === 0 ? 0 : (v100Equivalents / allocatable) * (guests + freeForGuests)),
      0,
    ),
  );
}

function texts({ petaflops, v100Equivalents }: Performance): { petaflops: string; v100Equivalents: string } {
  return { petaflops: decimal(petaflops), v100Equivalents: decimal(v100Equivalents) };
}

/** At most three digits after the point, no trailing zeros. */
function decimal(value: number): string {
  return String(Number(value.toFixed(3)));
}
