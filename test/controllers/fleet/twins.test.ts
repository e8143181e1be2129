import assert from 'node:assert/strict';
import { type ComputeCluster, ComputeClusterSpec } from '../../../src/api/compute-cluster.ts';
import { ComputeClusterStatus } from '../../../src/api/compute-cluster-status.ts';
import type { ClusterView } from '../../../src/controllers/fleet/cluster-view.ts';
import { countedBy, twinsOf } from '../../../src/controllers/fleet/twins.ts';

interface Row {
  /** Second in which it was made. */
  readonly second: number;
  /** What its status says. */
  readonly uid?: string;
  readonly deleted?: boolean;
  readonly released?: boolean;
}

function cluster(name: string, { second, uid, deleted = false, released = false }: Row): ComputeCluster {
  return {
    apiVersion: 'headframe.dev/v1alpha1',
    kind: 'ComputeCluster',
    metadata: {
      name,
      uid: `uid-of-${name}`,
      resourceVersion: '1',
      creationTimestamp: `2026-01-01T00:00:0${second}Z`,
      ...(deleted ? { deletionTimestamp: '2026-01-02T00:00:00Z' } : {}),
      ...(released ? { annotations: { 'headframe.dev/release': 'true' } } : {}),
    },
    spec: ComputeClusterSpec.parse({}),
    status: { ...ComputeClusterStatus.parse({}), ...(uid === undefined ? {} : { clusterUID: uid }) },
  };
}

const answers = (uid: string): ClusterView => ({ kind: 'connecting', uid });
const gone: ClusterView = { kind: 'away', reason: 'SecretNotFound', message: '' };
const changed: ClusterView = { kind: 'away', reason: 'ClusterChanged', message: '' };

describe('controllers/fleet/twins', () => {
  const table: {
    name: string;
    clusters: Record<string, Row>;
    views?: Record<string, ClusterView>;
    counted: Record<string, string>;
  }[] = [
    {
      name: 'the oldest counts, then the first by name; who is alone, or not known yet, counts itself',
      clusters: {
        b: { second: 1, uid: 'x' },
        a: { second: 1, uid: 'x' },
        d: { second: 2, uid: 'x' },
        c: { second: 0, uid: 'y' },
        e: { second: 3 },
        f: { second: 3 },
      },
      counted: { b: 'a', d: 'a' },
    },
    {
      name: 'two new ones are told by what they answer, before either status says so',
      clusters: { a: { second: 1 }, b: { second: 2 } },
      views: { a: answers('x'), b: answers('x') },
      counted: { b: 'a' },
    },
    {
      name: 'one is told by its answer, the other by its status',
      clusters: { a: { second: 1, uid: 'x' }, b: { second: 2 } },
      views: { b: answers('x') },
      counted: { b: 'a' },
    },
    {
      name: 'the older one counts also while its Secret is gone',
      clusters: { a: { second: 1, uid: 'x' }, b: { second: 2, uid: 'x' } },
      views: { a: gone, b: answers('x') },
      counted: { b: 'a' },
    },
    {
      name: 'one that is being deleted leaves it to one that stays',
      clusters: { a: { second: 1, uid: 'x', deleted: true }, b: { second: 2, uid: 'x' } },
      counted: { a: 'b' },
    },
    {
      name: 'of those that are being deleted the oldest counts to the end',
      clusters: { a: { second: 1, uid: 'x', deleted: true }, b: { second: 2, uid: 'x', deleted: true } },
      counted: { b: 'a' },
    },
    {
      name: 'one that leads elsewhere by now counts until it is released',
      clusters: { a: { second: 1, uid: 'x' }, b: { second: 2, uid: 'x' } },
      views: { a: changed },
      counted: { b: 'a' },
    },
    {
      name: 'and leaves it to the other then',
      clusters: { a: { second: 1, uid: 'x', released: true }, b: { second: 2, uid: 'x' } },
      views: { a: changed },
      counted: { a: 'b' },
    },
    {
      name: 'a release of a cluster that is the same changes nothing',
      clusters: { a: { second: 1, uid: 'x', released: true }, b: { second: 2, uid: 'x' } },
      views: { a: answers('x') },
      counted: { b: 'a' },
    },
    {
      name: 'nobody hands over to the cluster in which Headframe runs: its pods go first',
      clusters: { a: { second: 1, uid: 'x', deleted: true }, local: { second: 2, uid: 'x' } },
      counted: { local: 'a' },
    },
  ];
  for (const { name, clusters, views = {}, counted } of table) {
    it(name, () => {
      const all = Object.entries(clusters).map(([key, row]) => cluster(key, row));
      const found = countedBy(all, (key) => views[key] ?? { kind: 'connecting' });

      assert.deepEqual(Object.fromEntries(found), counted);
      assert.deepEqual(
        Object.fromEntries(countedBy([...all].reverse(), (key) => views[key] ?? { kind: 'connecting' })),
        counted,
      );
    });
  }

  describe('wakes all of the same cluster', () => {
    const all = [
      cluster('b', { second: 1, uid: 'x' }),
      cluster('a', { second: 1, uid: 'x' }),
      cluster('c', { second: 0, uid: 'y' }),
      cluster('d', { second: 2, uid: 'x' }),
    ];
    const d = cluster('d', { second: 2, uid: 'x' });

    it('when one comes or goes', () => {
      assert.deepEqual(twinsOf({ type: 'added', object: d, initial: false }, all), ['b', 'a']);
      assert.deepEqual(twinsOf({ type: 'deleted', object: d }, all), ['b', 'a']);
      const unknown = cluster('e', { second: 1 });
      assert.deepEqual(twinsOf({ type: 'added', object: unknown, initial: false }, all), []);
    });

    it('when one turns out to be another, is being deleted or released, and only then', () => {
      const into = (row: Partial<Row>): readonly string[] => {
        const object = cluster('d', { second: 2, uid: 'x', ...row });
        return twinsOf({ type: 'updated', previous: d, object }, all);
      };
      assert.deepEqual(into({ uid: 'y' }), ['b', 'a', 'c']);
      assert.deepEqual(into({ deleted: true }), ['b', 'a']);
      assert.deepEqual(into({ released: true }), ['b', 'a']);
      assert.deepEqual(into({}), []);
    });
  });
});
