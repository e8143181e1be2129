import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { generateFleet } from '../../bench/placement/generator/fleet.ts';
import { generatePrices } from '../../bench/placement/generator/prices.ts';
import { chance } from '../../bench/placement/generator/random.ts';
import { missedLimits } from '../../bench/placement/limits.ts';
import { lpText } from '../../bench/placement/optimum/linear-program.ts';
import { leastCost, leastPrice } from '../../bench/placement/optimum/placement-program.ts';
import { placementPage } from '../../bench/placement/report/page.ts';
import type { Growth } from '../../bench/placement/runner/growth.ts';
import { createLedger } from '../../bench/placement/runner/ledger.ts';
import { type Outcome, simulate } from '../../bench/placement/runner/simulate.ts';
import { fleet } from '../../bench/placement/scenarios/fleet.ts';
import { pool } from '../../bench/placement/scenarios/pool.ts';
import type { PlacementScenario } from '../../bench/placement/scenarios/scenario.ts';
import { headframe } from '../../bench/placement/strategies/headframe.ts';
import { formattedPage } from '../../bench/report/formatted-page.ts';
import { placementResult } from '../../bench/report/results.ts';
import { firstFit, randomFit } from '../../bench/placement/strategies/one-by-one.ts';
import type { Strategy } from '../../bench/placement/strategies/strategy.ts';
import { a100Line, clusterOffer, placementRequest, usd, v100Line } from '../support/placement-offers.ts';

/** 60 nodes, 6 clusters, a day; more wanted than there is of some. */
const small: PlacementScenario = {
  ...fleet(),
  fleet: { ...fleet().fleet, clusters: 6, nodes: 60, kindsPerCluster: 3 },
  hours: 24,
  pools: [
    pool('gang', 2, { countPerReplica: 8, gang: true }),
    pool('capped', 200, { usdCap: 1 }),
    pool('any', 300),
  ],
};

function world(
  scenario: PlacementScenario,
): [ReturnType<typeof generateFleet>, ReturnType<typeof generatePrices>] {
  const random = chance(scenario.seed);
  const clusters = generateFleet(scenario.fleet, random);
  return [clusters, generatePrices(clusters, scenario.prices, scenario.hours, random)];
}

function outcomeOf(strategy: Strategy): Outcome {
  return simulate(small, ...world(small), strategy);
}

describe('bench/placement generator', () => {
  it('makes as many clusters and nodes as the scenario says, and a price for each of their models', () => {
    const scenario = fleet();
    const [clusters, series] = world(scenario);
    const lines = clusters.flatMap((cluster) => cluster.lines);

    assert.equal(clusters.length, scenario.fleet.clusters);
    assert.equal(lines.flatMap(({ gpusByNode }) => gpusByNode).length, scenario.fleet.nodes);
    assert.ok(lines.every(({ v100EquivalentsPerGpu }) => v100EquivalentsPerGpu > 0));
    assert.equal(series.length, scenario.hours);
    assert.ok(series.every((prices) => prices.size === lines.length));
    assert.ok([...series[0]!.values()].every((price) => Number.isInteger(price) && price > 0));
  });

  it('makes the same from the same seed', () => {
    assert.deepEqual(world(small), world(small));
    assert.notDeepEqual(world(small), world({ ...small, seed: small.seed + 1 }));
  });

  it('wants 10 000 replicas', () => {
    assert.equal(
      fleet().pools.reduce((sum, { request }) => sum + request.replicas, 0),
      10_000,
    );
  });
});

describe('bench/placement ledger', () => {
  const v100 = { cluster: 'a', model: 'v100-sxm2-16gb' };
  const { freeByNode: _free, ...line } = v100Line();

  it('binds to the fullest node that holds the replica, and gives back what was bound', () => {
    const ledger = createLedger([{ name: 'a', reserve: 0, lines: [{ ...line, gpusByNode: [8, 4, 2] }] }]);
    const free = (): readonly number[] | undefined => ledger.offers(new Map())[0]?.lines[0]?.freeByNode;

    assert.equal(ledger.bind(v100, 3), 1);
    assert.equal(ledger.bind(v100, 1), 1);
    assert.deepEqual(free(), [8, 0, 2]);
    ledger.release(v100, 1, 3);
    assert.deepEqual(free(), [8, 3, 2]);
  });

  it('keeps the reserve as the status of a ComputeCluster spreads it', () => {
    const { freeByNode: _none, ...a100 } = a100Line();
    const lines = [
      { ...line, gpusByNode: [8] },
      { ...a100, gpusByNode: [8] },
    ];
    const [offer] = createLedger([{ name: 'a', reserve: 8, lines }]).offers(new Map());

    assert.equal(offer?.freeForGuests, 8);
    assert.deepEqual(
      offer.lines.map(({ freeForGuests }) => freeForGuests),
      [4, 4],
    );
  });

  it('refuses what does not fit', () => {
    const ledger = createLedger([{ name: 'a', reserve: 0, lines: [{ ...line, gpusByNode: [2, 2] }] }]);

    assert.throws(() => ledger.bind(v100, 3), /no node of a\/v100-sxm2-16gb has 3 free GPUs/);
    assert.throws(() => ledger.bind({ ...v100, cluster: 'b' }, 1), /b has no v100-sxm2-16gb/);
  });
});

describe('bench/placement simulation', () => {
  for (const strategy of [headframe, firstFit, randomFit(chance(1))]) {
    it(`${strategy.name} keeps to caps, budgets and nodes, and accounts for every hour`, () => {
      const outcome = outcomeOf(strategy);

      assert.equal(outcome.overCapHours, 0);
      assert.ok(outcome.busiestHour <= 1);
      assert.equal(outcome.wantedHours, 24 * 502);
      assert.ok(outcome.placedHours > 0 && outcome.placedHours <= outcome.wantedHours);
      assert.ok(outcome.usd > 0 && outcome.v100eHours > 0);
      assert.deepEqual(outcome.placedByPool.length, 3);
      assert.ok([0, 2].includes(outcome.placedByPool[0]!));
    });
  }

  it('comes out the same every time', () => {
    assert.deepEqual(outcomeOf(headframe), outcomeOf(headframe));
  });

  it('is about something: prices that move replicas, and places that differ', () => {
    const ours = outcomeOf(headframe);
    const theirs = outcomeOf(firstFit);

    assert.ok(ours.moves > 0);
    assert.ok(ours.usd / ours.v100eHours < theirs.usd / theirs.v100eHours);
  });
});

describe('bench/placement linear program', () => {
  const offers = [
    clusterOffer('a', [v100Line({ price: 0.5, free: [2] })], { reserve: 1 }),
    clusterOffer('b', [a100Line({ price: 2, free: [4, 4] })]),
  ];
  const pools = [
    { request: placementRequest({ countPerReplica: 2, maxMicroUsdPerGpuHour: usd(3) }), replicas: 1 },
  ];

  it('has a variable for each line that a pool may use, and rows for pools, lines, reserves and V100e-hours', () => {
    assert.equal(
      lpText(leastCost(offers, pools, 5)),
      [
        'Minimize',
        ' cost: + 4 pool0line0',
        'Subject To',
        ' r0: + 1 pool0line0 = 1',
        ' r1: + 1 pool0line0 <= 4',
        ' r2: + 2 pool0line0 <= 8',
        ' r3: + 2 pool0line0 <= 8',
        ' r4: + 5 pool0line0 >= 5',
        'End',
        '',
      ].join('\n'),
    );
  });

  it('is scaled to one V100e-hour when the price of one is asked for', () => {
    assert.equal(
      lpText(leastPrice(offers, pools)),
      [
        'Minimize',
        ' cost: + 4 pool0line0',
        'Subject To',
        ' r0: + 1 pool0line0',
        '  - 1 scale = 0',
        ' r1: + 1 pool0line0',
        '  - 4 scale <= 0',
        ' r2: + 2 pool0line0',
        '  - 8 scale <= 0',
        ' r3: + 2 pool0line0',
        '  - 8 scale <= 0',
        ' r4: + 5 pool0line0 = 1',
        'End',
        '',
      ].join('\n'),
    );
  });
});

describe('bench/placement limits', () => {
  const growth: Growth = { what: 'Cheapest', few: 1000, many: 10_000, factor: 13, manyMs: 20 };
  const good = outcome({});
  const rows: { name: string; outcome?: Partial<Outcome>; growth?: Partial<Growth>; expect: string[] }[] = [
    { name: 'hold', expect: [] },
    {
      name: 'caps',
      outcome: { overCapHours: 3 },
      expect: ['10 replicas: 3 replica-hours above the cap'],
    },
    {
      name: 'budgets of moves',
      outcome: { busiestHour: 1.5 },
      expect: ['10 replicas: 1.50 times the budget of moves in an hour'],
    },
    {
      name: 'a second',
      growth: { manyMs: 1000 },
      expect: ['Cheapest: 10000 replicas in 1000 ms, not in less than 1000'],
    },
    {
      name: 'n log n',
      growth: { factor: 13.4 },
      expect: ['Cheapest: 13.4 times the time for 10 times the replicas, more than n log n (13.3)'],
    },
  ];
  for (const { name, outcome: more, growth: grown, expect } of rows) {
    it(`${expect.length === 0 ? 'say nothing when they' : 'tell of'} ${name}`, () => {
      const contests = [{ replicas: 10, load: 1, headframe: { ...good, ...more }, others: [] }];

      assert.deepEqual(missedLimits({ contests, growth: [{ ...growth, ...grown }] }), expect);
    });
  }
});

describe('bench/placement page', () => {
  it('has been written from bench/placement/result.json (npm run bench:page)', async () => {
    const page = fileURLToPath(new URL('../../docs/placement-performance.md', import.meta.url));

    assert.equal(readFileSync(page, 'utf8'), await formattedPage(placementPage(placementResult())));
  });

  it('is of a whole run that missed no limit', () => {
    const { scale, missed, contests } = placementResult();

    assert.equal(scale, 1);
    assert.deepEqual(missed, []);
    assert.equal(contests.at(-1)?.replicas, 10_000);
  });
});

function outcome(more: Partial<Outcome>): Outcome {
  return {
    strategy: 'Headframe',
    usd: 1,
    v100eHours: 1,
    placedHours: 1,
    wantedHours: 1,
    moves: 0,
    busiestHour: 1,
    overCapHours: 0,
    placedByPool: [],
    ...more,
  };
}
