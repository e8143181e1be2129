import assert from 'node:assert/strict';
import type { ComputeCluster } from '../../../src/api/compute-cluster.ts';
import type { MinerPool } from '../../../src/api/miner-pool.ts';
import { Placement, type PlacementStatus } from '../../../src/api/placement.ts';
import { type PlacementReport, placementReport } from '../../../src/commands/explain-placement/report.ts';
import { reportText } from '../../../src/commands/explain-placement/text.ts';
import { computeCluster } from '../../support/hand-fleet.ts';
import { NOW, ago, minerPool } from '../../support/pool-objects.ts';
import { MODEL, placedPool, placementOf } from '../../support/seen-fleet.ts';

type Conditions = Readonly<Record<string, readonly [status: string, reason: string, message: string]>>;

const reachable: Conditions = {
  Reachable: ['True', 'Reachable', ''],
  OpenToGuests: ['True', 'AlwaysOpen', ''],
};

/** A ComputeCluster with four V100s, of which three are free. */
function cluster(name: string, conditions: Conditions = reachable, more: object = {}): ComputeCluster {
  const gpus = [
    {
      model: MODEL,
      vendor: 'NVIDIA',
      freeForGuests: 3,
      price: { perGpuHour: '0.40', perV100EquivalentHour: '0.40' },
    },
  ];
  const status = {
    gpus,
    conditions: Object.entries(conditions).map(([type, [state, reason, message]]) => ({
      type,
      status: state,
      reason,
      message,
      lastTransitionTime: ago(60),
    })),
    ...more,
  };
  return { ...computeCluster(name), status: status as unknown as NonNullable<ComputeCluster['status']> };
}

function withReady(pool: MinerPool, status: 'True' | 'False', reason: string, message: string): MinerPool {
  const conditions = [{ type: 'Ready', status, reason, message, lastTransitionTime: ago(60) }];
  return { ...pool, status: { ...pool.status, conditions } as NonNullable<MinerPool['status']> };
}

const well = ['True', 'AllReplicasReady', '3 replicas available'] as const;

function placed(places: PlacementStatus, spec: Partial<MinerPool['spec']> = {}): MinerPool {
  return withReady(placedPool(places, { placement: Placement.parse({}), ...spec }), ...well);
}

const refusing = (reason: string): PlacementStatus => ({
  ...placementOf({}, { summary: `0/1 cluster: 1 ${reason}` }),
  refusals: [{ cluster: 'a', reason }],
});

describe('commands/explain-placement report', () => {
  const report = (pool: MinerPool, clusters: readonly ComputeCluster[]): PlacementReport =>
    placementReport(pool, clusters, NOW);

  describe('says why a cluster takes no more', () => {
    const away: Conditions = { Reachable: ['False', 'Unreachable', 'no answer from https://a'] };
    const closed: Conditions = {
      ...reachable,
      OpenToGuests: ['False', 'OutsideSchedule', 'it opens at 18:00'],
    };
    const rows: { name: string; said?: string; cluster: ComputeCluster; expect: string | undefined }[] = [
      {
        name: 'when the pool says so',
        said: 'has no free GPU',
        cluster: cluster('a'),
        expect: 'has no free GPU',
      },
      { name: 'and nothing when it does', cluster: cluster('a'), expect: undefined },
      {
        name: 'in the words of the cluster when it cannot be reached',
        said: 'unreachable',
        cluster: cluster('a', away),
        expect: 'unreachable: no answer from https://a',
      },
      {
        name: 'also of one that has become unreachable since',
        cluster: cluster('a', { Reachable: ['Unknown', 'Connecting', ''] }),
        expect: 'unreachable',
      },
      {
        name: 'in the words of the pool when the cluster answers again',
        said: 'unreachable',
        cluster: cluster('a'),
        expect: 'unreachable',
      },
      {
        name: 'in the words of the cluster when it is closed',
        said: 'closed to guests (it opens at 17:00)',
        cluster: cluster('a', closed),
        expect: 'closed to guests: it opens at 18:00',
      },
      {
        name: 'and not how it is when it is not selected',
        said: 'outside the cluster selector',
        cluster: cluster('a', away),
        expect: 'outside the cluster selector',
      },
      { name: 'when nobody has looked at it', cluster: cluster('a', {}), expect: 'not looked at yet' },
      {
        name: 'when it is being deleted',
        said: 'has no free GPU',
        cluster: { ...cluster('a'), metadata: { ...cluster('a').metadata, deletionTimestamp: ago(1) } },
        expect: 'its ComputeCluster is being deleted',
      },
      {
        name: 'when another ComputeCluster counts it',
        cluster: cluster('a', { ...reachable, Ready: ['False', 'DuplicateCluster', 'it is b'] }),
        expect: 'it is b',
      },
    ];
    for (const { name, said, expect, ...row } of rows) {
      it(name, () => {
        const pool = placed(said === undefined ? placementOf({}) : refusing(said));
        assert.equal(report(pool, [row.cluster]).rows[0]?.refusal, expect);
      });
    }
  });

  it('has a row for each model of the pool’s vendor, and for each place, by cluster and model', () => {
    const gpus = [
      { model: 'x', vendor: 'NVIDIA', freeForGuests: 0 },
      { model: 'mi300x', vendor: 'AMD', freeForGuests: 8 },
    ];
    const places = placementOf({ 'b/y': [4], [`a`]: [0, 1], gone: [3] });
    const { rows } = report(placed(places), [
      cluster('b', reachable, { gpus }),
      cluster('a'),
      cluster('none', reachable, { gpus: [] }),
    ]);

    assert.deepEqual(rows, [
      {
        cluster: 'a',
        model: MODEL,
        freeForGuests: 3,
        pricePerGpuHour: '0.40',
        pricePerV100EquivalentHour: '0.40',
        replicas: 2,
        ready: 0,
      },
      { cluster: 'b', model: 'x', freeForGuests: 0, replicas: 0, ready: 0 },
      { cluster: 'b', model: 'y', replicas: 1, ready: 0 },
      { cluster: 'gone', model: MODEL, replicas: 1, ready: 0, refusal: 'no longer a ComputeCluster' },
      { cluster: 'none', replicas: 0, ready: 0 },
    ]);
  });

  it('counts the moves of the last hour before it, whenever the status was written', () => {
    const recentMoves = [3600, 3599].map((seconds, ordinal) => ({ ordinal, moveTime: ago(seconds) }));
    const moves = report(placed(placementOf({}, { recentMoves })), []).recentMoves;

    assert.deepEqual(moves, recentMoves.slice(1));
  });

  it('knows who decides', () => {
    const byLocal = { ...placed(refusing('r')), spec: minerPool().spec };
    const formerly = { ...placed(placementOf({})), spec: minerPool().spec };

    assert.deepEqual(
      [placed(placementOf({})), byLocal, formerly, minerPool()].map((pool) => report(pool, []).decidedBy),
      ['Pool', 'LocalCluster', 'Scheduler', 'Scheduler'],
    );
  });
});

describe('commands/explain-placement text', () => {
  const text = (pool: MinerPool, clusters: readonly ComputeCluster[]): string =>
    reportText(placementReport(pool, clusters, NOW));

  it('is a sentence, a table and the rules', () => {
    const status = placementOf(
      { a: [0, 1] },
      {
        summary: '1/2 clusters: 1 price above cap 2.50 USD',
        refusals: [{ cluster: 'b', reason: 'price above cap 2.50 USD' }],
        leftBehind: [{ cluster: 'c', ordinals: '0-1' }],
        recentMoves: [{ ordinal: 1, moveTime: ago(60) }],
      },
    );
    const placement = Placement.parse({
      maxPricePerGpuHour: '2.50',
      clusterSelector: { names: ['a', 'b'], matchLabels: { region: 'eu' } },
    });
    const gpus = [
      { model: 'h100-sxm5-80gb', vendor: 'NVIDIA', freeForGuests: 16, price: { perGpuHour: '3.17' } },
    ];

    assert.equal(
      text(placed(status, { placement }), [cluster('a'), cluster('b', reachable, { gpus })]),
      [
        'default/pool is Ready (AllReplicasReady): 3 replicas available; room for one more replica: 1/2 clusters: 1 price above cap 2.50 USD',
        '',
        'CLUSTER   MODEL            FREE FOR GUESTS   USD/GPU-HOUR   USD/V100E-HOUR   READY   TAKES NO MORE BECAUSE',
        'a         v100-sxm2-16gb   3                 0.40           0.40             0/2',
        'b         h100-sxm5-80gb   16                3.17           -                -       price above cap 2.50 USD',
        '',
        'Left behind in c: 0-1. What still runs there is removed, as soon as the cluster answers.',
        'Policy: Cheapest; price cap: 2.50 USD a GPU-hour; clusters: named a, b and with label region=eu.',
        'Replicas of a cluster that is lost are replaced after 300 s.',
        'Moves in the last hour: 1 of at most 4 (1 at 2026-01-01T11:59:00.000Z); for a saving of 20 % or more, after 3600 s in a place.',
      ].join('\n'),
    );
  });

  it('says the summary once', () => {
    const summary = '0/1 cluster: 1 has no free GPU';
    const pool = withReady(
      placed(placementOf({}, { summary })),
      'False',
      'NoPlace',
      `no place for 3 of 3 replicas with 1 x any NVIDIA GPU; ${summary}`,
    );

    assert.equal(
      text(pool, []).split('\n')[0],
      `default/pool is not Ready (NoPlace): no place for 3 of 3 replicas with 1 x any NVIDIA GPU; ${summary}`,
    );
  });

  it('says of a policy that moves nothing that it does not, and that there is no cap', () => {
    const lines = text(placed(placementOf({}), { placement: Placement.parse({ policy: 'Spread' }) }), []);

    assert.match(lines, /^Policy: Spread; price cap: none; clusters: any\.$/m);
    assert.match(lines, /^Policy Spread moves no replica for its price\.$/m);
  });

  it('says in a sentence that nobody places a pool, and what it has left elsewhere', () => {
    const plain = text(withReady(minerPool(), ...well), [cluster('a')]);
    const formerly = {
      ...placed(placementOf({}, { leftBehind: [{ cluster: 'a', ordinals: '4' }] })),
      spec: minerPool().spec,
    };

    assert.match(
      plain,
      /^default\/pool is Ready \(AllReplicasReady\): 3 replicas available\n\nHeadframe does not place this pool: .*finds nodes for them\.$/,
    );
    assert.match(text(formerly, [cluster('a')]), /\n\nLeft behind in a: 4\. /);
  });

  it('says that the terms of the cluster of Headframe decide', () => {
    const pool = { ...placed(refusing('has no free GPU')), spec: minerPool().spec };

    assert.match(
      text(pool, [cluster('a')]),
      /\n\nThe pool has no spec\.placement: the terms of .* local decide/,
    );
  });

  it('asks for the operator when there is no status', () => {
    assert.match(
      text(minerPool({ placement: Placement.parse({}) }), []),
      /^default\/pool has no status yet: is the operator running\?/,
    );
  });
});
