import assert from 'node:assert/strict';
import fc from 'fast-check';
import { modelPreference } from '../../../src/compute/placement/model-preference.ts';
import { occupied } from '../../../src/compute/placement/occupy.ts';
import {
  type ClusterOffer,
  type OfferLine,
  microUsdPerV100eHour,
} from '../../../src/compute/placement/offer.ts';
import { place } from '../../../src/compute/placement/place.ts';
import type { PlacementPlan } from '../../../src/compute/placement/plan.ts';
import type { Place, PlacementRequest, Standing } from '../../../src/compute/placement/request.ts';
import { anyOffers, anyRequest, anyStandings } from '../../support/any-placement.ts';
import { NOW, hysteresis } from '../../support/placement-offers.ts';

/** Where replicas come to that were not there: new ones and moved ones. */
function arrivals(plan: PlacementPlan, standings: readonly Standing[]): readonly Place[] {
  const stood = new Set(standings.map(({ ordinal }) => ordinal));
  return [
    ...plan.assignments.filter(({ ordinal }) => !stood.has(ordinal)),
    ...plan.moves.map(({ to }) => to),
  ];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function countAt(places: readonly Place[], cluster: string, model?: string): number {
  return places.filter((each) => each.cluster === cluster && (model ?? each.model) === each.model).length;
}

/** The replicas as they stand once a plan is carried out. */
function standingsOf({ assignments }: PlacementPlan): readonly Standing[] {
  return assignments.map((assignment) => ({ ...assignment, since: NOW }));
}

function lineAt(offers: readonly ClusterOffer[], { cluster, model }: Place): OfferLine | undefined {
  return offers.find(({ name }) => name === cluster)?.lines.find((line) => line.model === model);
}

const anyCase = fc.tuple(anyRequest, anyOffers, anyStandings);

describe('compute/placement, whatever is asked and offered', () => {
  it('takes no more than nodes, lines and reserves have, nor anything above the cap or behind a filter', () => {
    fc.assert(
      fc.property(anyCase, ([request, offers, standings]) => {
        const arriving = arrivals(place(request, offers, standings, NOW), standings);

        for (const at of arriving) {
          const line = lineAt(offers, at);
          assert.ok(line);
          assert.notEqual(modelPreference(request).rankOf(line), undefined);
          assert.ok((line.memoryMiB ?? 0) >= request.minMemoryMiB);
          assert.ok(
            request.maxMicroUsdPerGpuHour === undefined ||
              (line.microUsdPerGpuHour ?? Infinity) <= request.maxMicroUsdPerGpuHour,
          );
        }
        for (const offer of offers) {
          const here = countAt(arriving, offer.name);
          assert.ok(here * request.countPerReplica <= offer.freeForGuests);
          const { region } = request.clusterSelector.matchLabels;
          const closed = !offer.reachable || offer.closed !== undefined;
          assert.ok(here === 0 || !(closed || (region ?? offer.labels['region']) !== offer.labels['region']));
          for (const line of offer.lines) {
            const fits = line.freeByNode.map((gpus) => Math.floor(gpus / request.countPerReplica));
            const onLine = countAt(arriving, offer.name, line.model);
            assert.ok(onLine <= sum(fits));
            assert.ok(onLine * request.countPerReplica <= line.freeForGuests);
          }
        }
      }),
    );
  });

  it('gives every replica one place or none, and leaves those that stand where they are', () => {
    fc.assert(
      fc.property(anyCase, ([request, offers, standings]) => {
        const { assignments, unplaced, misplaced, moves } = place(request, offers, standings, NOW);
        const ordinals = assignments.map(({ ordinal }) => ordinal);

        assert.deepEqual(
          ordinals,
          [...new Set(ordinals)].sort((a, b) => a - b),
        );
        assert.ok(ordinals.every((ordinal) => ordinal >= 0 && ordinal < request.replicas));
        assert.equal(ordinals.length + unplaced, request.replicas);
        for (const { ordinal, cluster, model } of standings.filter(
          (each) => each.ordinal < request.replicas,
        )) {
          assert.deepEqual(
            assignments.find((each) => each.ordinal === ordinal),
            { ordinal, cluster, model },
          );
        }
        const wrong = misplaced.map(({ ordinal }) => ordinal);
        assert.ok(moves.every(({ ordinal }) => ordinals.includes(ordinal) && !wrong.includes(ordinal)));
      }),
    );
  });

  it('leaves a replica without a place only when every cluster says why', () => {
    fc.assert(
      fc.property(anyCase, ([request, offers, standings]) => {
        const { unplaced, explanation } = place(request, offers, standings, NOW);

        assert.ok(unplaced === 0 || explanation.clusters.every(({ refusal }) => refusal !== undefined));
        assert.ok(unplaced === 0 || explanation.summary.startsWith('0/'));
      }),
    );
  });

  it('never spreads a gang: all of it comes to one place, or none', () => {
    fc.assert(
      fc.property(anyCase, ([request, offers, standings]) => {
        const [home] = standings;
        const together = standings.map(({ ordinal, since }) => ({ ...home!, ordinal, since }));
        const { assignments, unplaced, moves } = place({ ...request, gang: true }, offers, together, NOW);
        const missing =
          request.replicas - together.filter(({ ordinal }) => ordinal < request.replicas).length;

        assert.ok(new Set(assignments.map(({ cluster, model }) => `${cluster}/${model}`)).size <= 1);
        assert.ok(unplaced === 0 || unplaced === missing);
        assert.ok(new Set(moves.map(({ to }) => `${to.cluster}/${to.model}`)).size <= 1);
        assert.ok(moves.length === 0 || moves.length === request.replicas);
      }),
    );
  });

  it('is content with what it has chosen: asked again, it changes and moves nothing', () => {
    fc.assert(
      fc.property(anyRequest, anyOffers, (request, offers) => {
        const eager = {
          ...request,
          hysteresis: hysteresis({ minSavingPercent: 0, minRunSeconds: 0, maxMovesPerHour: 1000 }),
        };
        const chosen = place(eager, offers, [], NOW);
        const left = occupied(offers, chosen.assignments, request.countPerReplica);
        const again = place(eager, left, standingsOf(chosen), NOW);

        assert.deepEqual(again.assignments, chosen.assignments);
        assert.equal(again.unplaced, chosen.unplaced);
        assert.deepEqual(again.moves, []);
        assert.deepEqual(again.misplaced, []);
      }),
    );
  });

  it('does not depend on the order of clusters, lines, nodes and standings', () => {
    fc.assert(
      fc.property(anyCase, ([request, offers, standings]) => {
        const turned = [...offers].reverse().map((offer) => ({
          ...offer,
          lines: [...offer.lines]
            .reverse()
            .map((line) => ({ ...line, freeByNode: [...line.freeByNode].reverse() })),
        }));
        const plan = place(request, offers, standings, NOW);

        assert.deepEqual(place(request, offers, standings, NOW), plan);
        assert.deepEqual(place(request, turned, [...standings].reverse(), NOW), plan);
      }),
    );
  });

  it('never places fewer replicas when there is more: GPUs, nodes, clusters, less reserve', () => {
    const anyMore = fc.record({
      gpus: fc.array(fc.nat(4), { maxLength: 5 }),
      node: fc.nat(9),
      total: fc.nat(9),
      ofModel: fc.nat(4),
      others: anyOffers,
    });
    fc.assert(
      fc.property(anyCase, anyMore, ([request, offers, standings], more) => {
        const grown = offers.map((offer) => ({
          ...offer,
          freeForGuests: offer.freeForGuests + more.total,
          lines: offer.lines.map((line) => ({
            ...line,
            freeByNode: [...line.freeByNode.map((free, node) => free + (more.gpus[node] ?? 0)), more.node],
            freeForGuests: line.freeForGuests + more.ofModel,
          })),
        }));
        const names = new Set(offers.map(({ name }) => name));
        const all = [...grown, ...more.others.filter(({ name }) => !names.has(name))];

        const before = place(request, offers, standings, NOW);
        assert.ok(place(request, all, standings, NOW).unplaced <= before.unplaced);
      }),
    );
  });
});

describe('compute/placement, by policy', () => {
  const fromNothing = (request: PlacementRequest, offers: readonly ClusterOffer[]): PlacementPlan =>
    place({ ...request, gang: false }, offers, [], NOW);

  /** Lines that would take one more replica. */
  function openLines({ explanation }: PlacementPlan): readonly Place[] {
    return explanation.clusters.flatMap(({ cluster, refusal, lines }) =>
      lines
        .filter((line) => refusal === undefined && line.refusal === undefined)
        .map(({ model }) => ({ cluster, model })),
    );
  }

  it('Cheapest leaves no room that is cheaper than what it took, of models wanted as much', () => {
    fc.assert(
      fc.property(anyRequest, anyOffers, (request, offers) => {
        const plan = fromNothing({ ...request, policy: 'Cheapest' }, offers);
        const preference = modelPreference(request);
        for (const open of openLines(plan).map((at) => lineAt(offers, at)!)) {
          for (const taken of plan.assignments.map((at) => lineAt(offers, at)!)) {
            const [rankOpen, rankTaken] = [preference.rankOf(open)!, preference.rankOf(taken)!];
            assert.ok(rankOpen >= rankTaken);
            assert.ok(rankOpen > rankTaken || microUsdPerV100eHour(open) >= microUsdPerV100eHour(taken));
          }
        }
      }),
    );
  });

  it('Spread gives a cluster that still has room at most one replica less than any other', () => {
    fc.assert(
      fc.property(anyRequest, anyOffers, (request, offers) => {
        const plan = fromNothing({ ...request, policy: 'Spread', models: [] }, offers);
        const most = Math.max(0, ...offers.map(({ name }) => countAt(plan.assignments, name)));
        for (const { cluster } of openLines(plan)) {
          assert.ok(countAt(plan.assignments, cluster) >= most - 1);
        }
      }),
    );
  });

  it('Pack takes as few clusters as hold the replicas', () => {
    fc.assert(
      fc.property(anyRequest, anyOffers, (request, offers) => {
        const pack = { ...request, policy: 'Pack' as const, models: [] };
        const plan = fromNothing(pack, offers);
        const placed = plan.assignments.length;
        const rooms = offers
          .map((offer) => fromNothing({ ...pack, replicas: 1000 }, [offer]).assignments.length)
          .sort((a, b) => b - a);
        let fewest = 0;
        for (let held = 0; held < placed; fewest++) {
          held += rooms[fewest] ?? Infinity;
        }
        assert.equal(new Set(plan.assignments.map(({ cluster }) => cluster)).size, fewest);
      }),
    );
  });
});
