import * as z from 'zod';
import { count, usDollars } from './schema/fields.ts';

const ClusterSelector = z
  .object({
    names: z
      .array(z.string().min(1).max(253))
      .max(64)
      .default([])
      .meta({ 'x-kubernetes-list-type': 'set' })
      .describe('Names of ComputeClusters. Empty: any.'),
    matchLabels: z
      .record(z.string(), z.string().max(63))
      .meta({ maxProperties: 16, 'x-kubernetes-map-type': 'atomic' })
      .default({})
      .describe('Labels that a ComputeCluster must carry, with their values. Empty: any.'),
  })
  .prefault({});

const Moves = z
  .object({
    minSavingPercent: z
      .int32()
      .min(1)
      .max(100)
      .default(20)
      .describe(
        'The least saving per V100-equivalent hour for which a replica moves, in percent of what it costs now.',
      ),
    minRunSeconds: z
      .int32()
      .min(0)
      .max(2_592_000)
      .default(3600)
      .describe('Seconds that a replica runs at one place before it may move.'),
    maxPerHour: z
      .int32()
      .min(0)
      .max(256)
      .default(4)
      .describe('How many replicas of the pool may move within any hour. 0: none ever does.'),
  })
  .prefault({});

/** Where a pool's replicas may run, and what decides between places: `spec.placement` of a MinerPool. */
export const Placement = z.object({
  policy: z
    .enum(['Cheapest', 'Spread', 'Pack'])
    .default('Cheapest')
    .describe(
      'What decides between clusters that will do. Cheapest: what a V100-equivalent hour costs. Spread: evenly over the clusters, so that losing one costs least. Pack: in as few clusters as possible. Of equals the cheapest.',
    ),
  clusterSelector: ClusterSelector.describe('Which ComputeClusters the pool may use. Absent: all of them.'),
  maxPricePerGpuHour: usDollars()
    .exactOptional()
    .describe(
      'The most that a GPU may cost for one hour, in US dollars, as a decimal string. Replicas leave a place whose price rises above it; GPUs without a price are not used. Absent: no cap.',
    ),
  clusterLostGraceSeconds: z
    .int32()
    .min(0)
    .max(86_400)
    .default(300)
    .describe(
      'Seconds that a cluster may be unreachable before its replicas are replaced in other clusters. When it returns, what still runs there is removed.',
    ),
  moves: Moves.describe(
    'When a running replica moves to a place that costs less. Only under policy Cheapest.',
  ),
});
export type Placement = z.infer<typeof Placement>;

/** Ordinals as ranges: `0-3,7`. */
const ordinals = () =>
  z
    .string()
    .max(65_536)
    .regex(/^[0-9,-]*$/)
    .describe('The ordinals of the replicas, as ranges: 0-3,7.');

const cluster = () => z.string().min(1).max(253).describe('The name of the ComputeCluster.');

const Place = z.object({
  cluster: cluster(),
  model: z.string().min(1).max(63).describe('The GPU model, as the inventory of the cluster lists it.'),
  replicas: count().describe('How many replicas belong there.'),
  ready: count().describe('How many of them are ready.'),
  ordinals: ordinals(),
  pricePerGpuHour: usDollars()
    .exactOptional()
    .describe(
      'What a GPU costs there for one hour, in US dollars. Absent: it has no price, or the cluster is away.',
    ),
});

/**
 * Where a pool's replicas belong. It is written before a pod is made anywhere, and read again after a restart: where a replica belongs
 * is known also while its cluster cannot be asked.
 */
export const PlacementStatus = z.object({
  summary: z
    .string()
    .max(1024)
    .default('')
    .describe('How many clusters could take one more replica, and what is wrong with the others.'),
  places: z
    .array(Place)
    .max(256)
    .default([])
    .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['cluster', 'model'] })
    .describe('The places of the replicas, by cluster and model.'),
  refusals: z
    .array(
      z.object({
        cluster: cluster(),
        reason: z
          .string()
          .max(512)
          .describe('Why it takes no further replica, or what it said when it refused one.'),
        refusedTime: z.iso
          .datetime()
          .optional()
          .describe('When its API server last refused to make a pod of this template; absent: not lately.'),
      }),
    )
    .max(64)
    .default([])
    .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['cluster'] })
    .describe('Clusters that take no further replica of the pool, or have refused one lately.'),
  leftBehind: z
    .array(z.object({ cluster: cluster(), ordinals: ordinals() }))
    .max(64)
    .default([])
    .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['cluster'] })
    .describe(
      'Replicas that run, or may run, in clusters where they do not belong: they are replaced elsewhere, or not wanted any more. Those in clusters that can be reached are being removed; the others are when the cluster returns.',
    ),
  recentMoves: z
    .array(
      z.object({
        ordinal: z.int32().min(0).describe('The ordinal of the replica.'),
        moveTime: z.iso.datetime().describe('When it was told to move.'),
      }),
    )
    .max(256)
    .default([])
    .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['ordinal', 'moveTime'] })
    .describe('The moves of the last hour: what spec.placement.moves.maxPerHour is counted by.'),
});
export type PlacementStatus = z.infer<typeof PlacementStatus>;
