import fc from 'fast-check';
import type { ClusterOffer, OfferLine } from '../../src/compute/placement/offer.ts';
import type { PlacementRequest, Standing } from '../../src/compute/placement/request.ts';
import { NOW, hysteresis, placementRequest, usd } from './placement-offers.ts';

/** Models that a line can be of: three of known worth, one unknown, one of another vendor. */
const models: readonly Omit<OfferLine, 'freeByNode' | 'freeForGuests'>[] = [
  {
    model: 'v100-sxm2-16gb',
    product: 'Tesla-V100-SXM2-16GB',
    vendor: 'NVIDIA',
    memoryMiB: 16_384,
    v100EquivalentsPerGpu: 1,
  },
  {
    model: 'a100-sxm4-80gb',
    product: 'NVIDIA-A100-SXM4-80GB',
    vendor: 'NVIDIA',
    memoryMiB: 81_920,
    v100EquivalentsPerGpu: 2.496,
  },
  {
    model: 'h100-sxm5-80gb',
    product: 'NVIDIA-H100-80GB-HBM3',
    vendor: 'NVIDIA',
    memoryMiB: 81_559,
    v100EquivalentsPerGpu: 7.9152,
  },
  { model: 'NVIDIA-R100', product: 'NVIDIA-R100', vendor: 'NVIDIA', v100EquivalentsPerGpu: 0 },
  {
    model: 'mi300x',
    product: 'AMD_Instinct_MI300X_OAM',
    vendor: 'AMD',
    memoryMiB: 196_608,
    v100EquivalentsPerGpu: 10.4592,
  },
];

/** Few different prices, so that equals are frequent. */
export const anyPrice = fc.constantFrom(0, 0.4, 0.5, 1, 2.5, 3.17).map(usd);

const anyLine = fc
  .record({
    model: fc.constantFrom(...models),
    price: fc.option(anyPrice, { nil: undefined, freq: 5 }),
    freeByNode: fc.array(fc.nat(9), { maxLength: 5 }),
    // Nodes that the pool's pods may not go to, and what the owner keeps of the model.
    elsewhere: fc.constantFrom(0, 0, 3, 9),
    kept: fc.constantFrom(0, 0, 1, 3, 9),
  })
  .map(({ model, price, freeByNode, elsewhere, kept }) => ({
    ...model,
    freeByNode,
    freeForGuests: Math.max(0, freeByNode.reduce((sum, free) => sum + free, 0) + elsewhere - kept),
    ...(price !== undefined && { microUsdPerGpuHour: price }),
  }));

const anyOffer = fc
  .record({
    name: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    labels: fc.constantFrom({}, { region: 'eu' }, { region: 'us' }),
    reachable: fc.constantFrom(true, true, true, false),
    closed: fc.constantFrom(undefined, undefined, undefined, 'closed until 18:00'),
    reserve: fc.constantFrom(0, 0, 1, 4, 20),
    lines: fc.uniqueArray(anyLine, { selector: ({ model }) => model, maxLength: 4 }),
  })
  .map(({ closed, reserve, ...offer }) => ({
    ...offer,
    freeForGuests: Math.max(0, offer.lines.reduce((sum, line) => sum + line.freeForGuests, 0) - reserve),
    ...(closed !== undefined && { closed }),
  }));

export const anyOffers: fc.Arbitrary<readonly ClusterOffer[]> = fc.uniqueArray(anyOffer, {
  selector: ({ name }) => name,
  maxLength: 5,
});

export const anyRequest: fc.Arbitrary<PlacementRequest> = fc
  .record({
    replicas: fc.nat(30),
    countPerReplica: fc.constantFrom(1, 1, 2, 4),
    vendor: fc.constantFrom('NVIDIA' as const, 'NVIDIA' as const, 'AMD' as const),
    models: fc.uniqueArray(
      fc.constantFrom('a100-sxm4-80gb', 'v100-sxm2-16gb', 'NVIDIA-H100-80GB-HBM3', 'b200'),
      {
        maxLength: 3,
      },
    ),
    minMemoryMiB: fc.constantFrom(0, 0, 0, 40_960),
    matchLabels: fc.constantFrom<Record<string, string>>({}, {}, { region: 'eu' }),
    cap: fc.option(fc.constantFrom(0.5, 2.5).map(usd), { nil: undefined }),
    policy: fc.constantFrom('Cheapest' as const, 'Spread' as const, 'Pack' as const),
    gang: fc.boolean(),
    minSavingPercent: fc.constantFrom(0, 10, 50),
    minRunSeconds: fc.constantFrom(0, 600),
    maxMovesPerHour: fc.nat(5),
  })
  .map(({ matchLabels, cap, minSavingPercent, minRunSeconds, maxMovesPerHour, ...request }) =>
    placementRequest({
      ...request,
      clusterSelector: { matchLabels, names: [] },
      hysteresis: hysteresis({ minSavingPercent, minRunSeconds, maxMovesPerHour }),
      ...(cap !== undefined && { maxMicroUsdPerGpuHour: cap }),
    }),
  );

/** Replicas anywhere, known to the offers or not. */
export const anyStandings: fc.Arbitrary<readonly Standing[]> = fc.uniqueArray(
  fc.record({
    ordinal: fc.nat(35),
    cluster: fc.constantFrom('a', 'b', 'c', 'z'),
    model: fc.constantFrom('v100-sxm2-16gb', 'a100-sxm4-80gb', 'h100-sxm5-80gb'),
    since: fc.integer({ min: NOW - 7_200_000, max: NOW }),
  }),
  { selector: ({ ordinal }) => ordinal, maxLength: 12 },
);
