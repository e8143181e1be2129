import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { LedgerCheckpointError, checkpoint, restore } from '../../../src/compute/usage/ledger-checkpoint.ts';
import { totalOf, usageRows } from '../../../src/compute/usage/ledger-totals.ts';
import type { ClusterLedger, Ledger } from '../../../src/compute/usage/ledger.ts';
import { packUids, unpackUids } from '../../../src/compute/usage/packed-uids.ts';
import { searches, searchTimeout } from '../../support/searches.ts';
import { holding } from './holdings-of.ts';
import { emptyLedger, observe, throughText } from './ledgers.ts';

const NOW = Date.UTC(2026, 2, 1);

function uuid(number: number): string {
  const hex = createHash('sha256').update(String(number)).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A ledger of so many pods in each of two clusters, one of which has pods that are no UUIDs. */
function ledgerOf(pods: number): Ledger {
  const holdings = Array.from({ length: pods }, (_, index) =>
    holding({ uid: uuid(index), from: NOW - 60_000, pool: index % 2 === 0 ? 'ml/miners' : 'ml/trainers' }),
  );
  const first = observe(emptyLedger, { cluster: 'uni-b', now: NOW, holdings, utilisations: new Map() });
  return observe(first, {
    cluster: 'uni-a',
    now: NOW,
    holdings: [...holdings, holding({ uid: 'static-pod', from: NOW - 1, until: NOW })],
    utilisations: new Map(),
  });
}

function recordOf(ledger: Ledger, cluster = 'uni-a'): ClusterLedger {
  return ledger.get(cluster) ?? assert.fail(`there is no cluster ${cluster}`);
}

describe('compute/usage/ledger-checkpoint', function () {
  this.timeout(searchTimeout(10_000));

  it('gives back the ledger; only that this process has observed nothing yet', () => {
    const ledger = ledgerOf(10);
    const restored = throughText(ledger);

    assert.equal(restored.size, 2);
    for (const [cluster, record] of restored) {
      const before = ledger.get(cluster);
      assert.deepEqual(record.rows, before?.rows);
      assert.deepEqual(new Map([...record.cursors].sort()), new Map([...(before?.cursors ?? [])].sort()));
      assert.deepEqual(
        { ...record, rows: 0, cursors: 0 },
        { ...before, rows: 0, cursors: 0, observedAt: undefined },
      );
    }
  });

  it('goes on without gap or double count: what went on meanwhile is unmeasured', () => {
    const SECOND = 1000;
    const busy = new Map([['a', { measured: 1, busy: 1_000_000, busiest: 1_000_000 }]]);
    const see = (ledger: Ledger, at: number, until?: number): Ledger =>
      observe(ledger, {
        cluster: 'uni-a',
        now: at * SECOND,
        holdings: [
          holding({ uid: 'a' }),
          holding({ uid: 'ends', until: until === undefined ? undefined : until * SECOND }),
        ],
        utilisations: busy,
      });
    const kept = see(see(emptyLedger, 0), 30);
    // The process books on to 45 s, but is killed before it writes that down; `ends` ends while nobody looks.
    see(kept, 45);
    const ledger = see(see(throughText(kept), 100, 60), 110, 60);

    const { busy: busyTime, idle, unmeasured } = totalOf(usageRows(ledger));
    assert.deepEqual(
      [busyTime, idle, unmeasured].map((part) => part / 1_000_000_000n),
      // a: 30 busy, 70 unmeasured, 10 busy. ends: 30 + 30 unmeasured.
      [40n, 0n, 130n],
    );
  });

  it('writes the same text for the same ledger, in whatever order it came about', () => {
    const record = recordOf(ledgerOf(5));
    const reversed = {
      ...record,
      rows: new Map([...record.rows].reverse()),
      cursors: new Map([...record.cursors].reverse()),
    };
    assert.equal(JSON.stringify(checkpoint('x', record)), JSON.stringify(checkpoint('x', reversed)));
  });

  it('needs 22 bytes for a pod', () => {
    const bytes = JSON.stringify(checkpoint('uni-a', recordOf(ledgerOf(10_000)))).length;
    assert.ok(bytes < 10_000 * 22, `${bytes} bytes for 10,000 pods of a cluster`);
  });

  it('leaves out cursors of more pods than fit; nothing then counts twice', () => {
    const ledger = ledgerOf(50);
    const kept = (cluster: string): ClusterLedger =>
      restore(cluster, checkpoint(cluster, recordOf(ledger, cluster), { maxCursors: 50 }));
    assert.equal(kept('uni-b').cursors.size, 50);
    assert.equal(kept('uni-a').cursors.size, 0);
    assert.equal(kept('uni-a').settled, NOW);
    const small = new Map(['uni-a', 'uni-b'].map((cluster) => [cluster, kept(cluster)]));

    const later = { cluster: 'uni-a', now: NOW + 1000, utilisations: new Map() };
    const holdings = Array.from({ length: 50 }, (_, index) =>
      holding({ uid: uuid(index), from: NOW - 60_000 }),
    );
    const held = (of: Ledger): bigint => totalOf(usageRows(of)).unmeasured;
    assert.equal(
      held(observe(small, { ...later, holdings })) - held(small),
      held(observe(ledger, { ...later, holdings })) - held(ledger),
    );
  });

  const valid = checkpoint('uni-a', recordOf(ledgerOf(1)));
  const [cluster] = valid.clusters;
  const bad: [what: string, value: unknown, message: RegExp][] = [
    ['nothing', undefined, /^this is no checkpoint of a ledger: Invalid input/],
    ['another version', { ...valid, version: 2 }, /: version: /],
    ['a negative time', { ...valid, clusters: [{ ...cluster, through: -1 }] }, /: clusters\.0\.through: /],
    ['a fraction', { ...valid, clusters: [{ ...cluster, settled: 0.5 }] }, /: clusters\.0\.settled: /],
    ['a number for an amount', { ...valid, clusters: [{ ...cluster, contributed: 1 }] }, /contributed: /],
    ['a negative amount', { ...valid, clusters: [{ ...cluster, contributed: '-1' }] }, /contributed: /],
    [
      'half a UUID',
      { ...valid, clusters: [{ ...cluster, cursors: [{ to: 1, uuids: 'AAAA', others: [] }] }] },
      /: clusters\.0\.cursors\.0: uuids must be the base64 of whole UUIDs/,
    ],
    [
      'no base64',
      { ...valid, clusters: [{ ...cluster, cursors: [{ to: 1, uuids: '%%%%', others: [] }] }] },
      /base64 of whole UUIDs/,
    ],
    [
      'the ledger of another cluster',
      { ...valid, clusters: [{ ...cluster, cluster: 'uni-z' }] },
      /there is no cluster uni-a in it/,
    ],
  ];
  for (const [what, value, message] of bad) {
    it(`refuses ${what}, naming the field`, () => {
      assert.throws(() => restore('uni-a', value), { name: 'LedgerCheckpointError', message });
    });
  }

  it('any JSON: a ledger or LedgerCheckpointError', () => {
    const record = fc.record(
      {
        cluster: fc.string(),
        through: fc.oneof(fc.nat(), fc.double()),
        settled: fc.nat(),
        contributed: fc.oneof(fc.nat().map(String), fc.string()),
        rows: fc.oneof(fc.constant([]), fc.array(fc.jsonValue(), { maxLength: 2 })),
        cursors: fc.array(
          fc.record({ to: fc.nat(), uuids: fc.base64String(), others: fc.array(fc.string()) }),
          { maxLength: 2 },
        ),
      },
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(
        fc.oneof(fc.jsonValue(), fc.record({ version: fc.constant(1), clusters: fc.array(record) })),
        (value) => {
          try {
            restore('', value);
          } catch (error) {
            assert.ok(error instanceof LedgerCheckpointError, String(error));
          }
        },
      ),
      { numRuns: searches(63) },
    );
  });

  it('UIDs come out of their packing as they went in', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(
          fc.oneof(
            fc.uuid(),
            fc.string(),
            fc.uuid().map((id) => id.toUpperCase()),
          ),
        ),
        (uids) => {
          assert.deepEqual([...(unpackUids(packUids(uids)) ?? [])].sort(), [...uids].sort());
        },
      ),
    );
  });
});
