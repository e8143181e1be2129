import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ConfigMap } from '../../src/api/builtin.ts';
import { keyOf } from '../../src/api/kube-object.ts';
import type { Change } from '../../src/kube/change.ts';
import { objectStore } from '../../src/kube/object-store.ts';
import type { ObjectStore } from '../../src/kube/object-store.ts';
import type { IndexFunction } from '../../src/kube/store.ts';
import { configMap } from '../support/config-maps.ts';

const byColour: IndexFunction<ConfigMap> = ({ data }) => data?.['colours']?.split(' ').filter(Boolean) ?? [];

function coloured(name: string, version: string, colours: string, uid?: string): ConfigMap {
  return configMap(name, version, { data: { colours }, ...(uid === undefined ? {} : { uid }) });
}

function described(changes: readonly Change<ConfigMap>[]): string[] {
  return changes.map(
    ({ type, object }) => `${type} ${object.metadata.name}@${object.metadata.resourceVersion}`,
  );
}

describe('objectStore', () => {
  let store: ObjectStore<ConfigMap>;
  beforeEach(() => {
    store = objectStore<ConfigMap>({ indexes: { colour: byColour }, freeze: true });
  });

  it('finds objects by key and by index, and follows their changes', () => {
    assert.deepEqual(described(store.set(coloured('a', '1', 'red blue'))), ['added a@1']);
    assert.deepEqual(described(store.set(coloured('b', '2', 'red'))), ['added b@2']);
    assert.equal(store.size, 2);
    assert.equal(store.get('lab/a')?.metadata.resourceVersion, '1');
    assert.equal(store.get('lab/nobody'), undefined);
    assert.deepEqual(store.byIndex('colour', 'red').map(keyOf), ['lab/a', 'lab/b']);
    assert.deepEqual(store.byIndex('colour', 'green'), []);

    const [change] = store.set(coloured('a', '3', 'green'));
    assert.equal(change?.type, 'updated');
    assert.equal(change.previous.metadata.resourceVersion, '1');
    assert.equal(change.object, store.get('lab/a'));
    assert.deepEqual(store.byIndex('colour', 'red').map(keyOf), ['lab/b']);
    assert.deepEqual(store.byIndex('colour', 'blue'), []);
    assert.deepEqual(store.byIndex('colour', 'green'), [store.get('lab/a')]);
  });

  it('reports the newest state of what is deleted, and nothing for what it did not have', () => {
    store.set(coloured('a', '1', 'red'));
    assert.deepEqual(described(store.remove(coloured('a', '2', 'red'))), ['deleted a@2']);
    assert.deepEqual(store.remove(coloured('a', '2', 'red')), []);
    assert.deepEqual(store.byIndex('colour', 'red'), []);
    assert.equal(store.size, 0);
  });

  it('keeps the identity of an object whose version has not changed', () => {
    store.set(coloured('a', '1', 'red'));
    const held = store.get('lab/a');
    assert.deepEqual(store.set(coloured('a', '1', 'red')), []);
    assert.deepEqual(store.replace([coloured('a', '1', 'red')], false), []);
    assert.equal(store.get('lab/a'), held);
  });

  it('replaces everything by the differences', () => {
    store.set(coloured('gone', '1', 'red'));
    store.set(coloured('changed', '2', 'red'));
    store.set(coloured('remade', '3', 'red', 'first'));
    const changes = store.replace(
      [
        coloured('changed', '20', 'blue'),
        coloured('remade', '30', 'blue', 'second'),
        coloured('new', '40', 'blue'),
      ],
      false,
    );
    assert.deepEqual(described(changes), [
      'deleted gone@1',
      'updated changed@20',
      'deleted remade@3',
      'added remade@30',
      'added new@40',
    ]);
    assert.equal(store.byIndex('colour', 'red').length, 0);
    assert.equal(store.byIndex('colour', 'blue').length, 3);
  });

  it('marks what it takes in with the first list', () => {
    assert.deepEqual(
      store
        .replace([coloured('a', '1', '')], true)
        .map((change) => change.type === 'added' && change.initial),
      [true],
    );
    assert.deepEqual(
      store.set(coloured('b', '1', '')).map((change) => change.type === 'added' && change.initial),
      [false],
    );
  });

  it('drops what fills memory and nobody reads', () => {
    const object = configMap('a', '1');
    Object.assign(object.metadata, {
      managedFields: [{ manager: 'kubectl' }],
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}', kept: 'yes' },
    });
    store.set(object);
    const held = store.get('lab/a');
    assert.deepEqual(held?.metadata.annotations, { kept: 'yes' });
    assert.ok(!('managedFields' in held.metadata));
  });

  it('stores what the transform makes of an object, also in what it reports', () => {
    const projected = objectStore<ConfigMap>({
      transform: ({ apiVersion, kind, metadata }) => ({
        apiVersion,
        kind,
        metadata,
        data: { projected: 'yes' },
      }),
    });
    projected.set(coloured('a', '1', 'red'));
    assert.deepEqual(projected.get('lab/a')?.data, { projected: 'yes' });
    assert.deepEqual(projected.remove(coloured('a', '2', 'red'))[0]?.object.data, { projected: 'yes' });
  });

  it('freezes objects all the way down when told to, and not otherwise', () => {
    store.set(coloured('a', '1', 'red'));
    assert.throws(() => {
      (store.get('lab/a') as ConfigMap).data!['colours'] = 'blue';
    }, TypeError);
    const thawed = objectStore<ConfigMap>();
    thawed.set(coloured('a', '1', 'red'));
    assert.ok(!Object.isFrozen(thawed.get('lab/a')));
  });

  it('refuses an index that was not declared', () => {
    assert.throws(() => store.byIndex('size', '1'), /there is no index "size"; declared: colour/);
  });

  it('stays whole when an index function or the transform throws, and reports it once per object', () => {
    const failures: unknown[] = [];
    const fragile = objectStore<ConfigMap>({
      indexes: {
        colour: byColour,
        fragile: ({ metadata }) => {
          if (metadata.name === 'bad') {
            throw new Error('index');
          }
          return ['fine'];
        },
      },
      transform: (object) => {
        if (object.metadata.name === 'odd') {
          throw new Error('transform');
        }
        return object;
      },
      onFailure: (error) => failures.push((error as Error).message),
    });
    for (const name of ['good', 'bad', 'odd']) {
      fragile.set(coloured(name, '1', 'red'));
    }
    assert.deepEqual(failures, ['index', 'transform']);
    assert.deepEqual(fragile.byIndex('fragile', 'fine').map(keyOf), ['lab/good', 'lab/odd']);
    assert.equal(fragile.byIndex('colour', 'red').length, 3);
    assert.deepEqual(described(fragile.remove(coloured('bad', '2', 'red'))), ['deleted bad@2']);
    assert.equal(fragile.byIndex('colour', 'red').length, 2);
  });

  it('swallows failures that nobody wants to hear of', () => {
    const silent = objectStore<ConfigMap>({
      transform: () => {
        throw new Error('transform');
      },
    });
    assert.deepEqual(described(silent.set(configMap('a', '1'))), ['added a@1']);
  });

  describe('after any sequence of changes', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd', 'e');
    const object = fc
      .record({
        name,
        version: fc.nat({ max: 6 }),
        uid: fc.constantFrom('first', 'second'),
        colours: fc.uniqueArray(fc.constantFrom('red', 'green', 'blue')),
      })
      .map(({ name, version, uid, colours }) => coloured(name, String(version), colours.join(' '), uid));
    const step = fc.oneof(
      fc.record({ kind: fc.constant('set' as const), object }),
      fc.record({ kind: fc.constant('remove' as const), object }),
      fc.record({
        kind: fc.constant('replace' as const),
        objects: fc.uniqueArray(object, { selector: keyOf }),
      }),
    );

    it('indexes equal those of a fresh store, and the changes lead from nothing to what is held', () => {
      fc.assert(
        fc.property(fc.array(step, { maxLength: 30, size: 'max' }), (steps) => {
          const store = objectStore<ConfigMap>({ indexes: { colour: byColour }, freeze: true });
          const replayed = new Map<string, unknown>();
          for (const step of steps) {
            const changes =
              step.kind === 'replace'
                ? store.replace(structuredClone(step.objects), false)
                : store[step.kind](structuredClone(step.object));
            for (const change of changes) {
              const key = keyOf(change.object);
              assert.equal(replayed.has(key), change.type !== 'added');
              if (change.type === 'updated') {
                assert.equal(replayed.get(key), change.previous);
              }
              if (change.type === 'deleted') {
                replayed.delete(key);
              } else {
                replayed.set(key, change.object);
              }
            }
          }
          const held = [...store.list()];
          assert.equal(store.size, held.length);
          assert.deepEqual(new Set(replayed.values()), new Set(held));
          for (const colour of ['red', 'green', 'blue']) {
            const expected = held.filter((object) => byColour(object).includes(colour));
            assert.deepEqual(new Set(store.byIndex('colour', colour)), new Set(expected));
          }
        }),
      );
    });
  });
});
