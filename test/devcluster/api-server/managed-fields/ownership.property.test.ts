import assert from 'node:assert/strict';
import fc from 'fast-check';
import { applyConfiguration } from '../../../../src/devcluster/api-server/managed-fields/apply.ts';
import { ApplyConflict } from '../../../../src/devcluster/api-server/managed-fields/apply-conflict.ts';
import {
  difference,
  hasPath,
  isEmpty,
  pathsOf,
} from '../../../../src/devcluster/api-server/managed-fields/field-set.ts';
import { objectType } from '../../../../src/devcluster/api-server/managed-fields/field-type.ts';
import {
  managedFieldsOf,
  readManagers,
  withManagedFields,
  type FieldWriter,
} from '../../../../src/devcluster/api-server/managed-fields/managers.ts';
import { fieldsIn } from '../../../../src/devcluster/api-server/managed-fields/owned-fields.ts';
import { trackUpdate } from '../../../../src/devcluster/api-server/managed-fields/track-update.ts';
import { unownedFields } from '../../../../src/devcluster/api-server/managed-fields/writer-fields.ts';
import { isObject } from '../../../../src/devcluster/api-server/patch/json-record.ts';
import { PatchError } from '../../../../src/devcluster/api-server/patch/patch-error.ts';
import type { Json, JsonObject } from '../../../../src/devcluster/api-server/schema/schema.ts';
import { widgetSchema } from './widget-definition.ts';
import { searches, searchTimeout } from '../../../support/searches.ts';

const apiVersion = 'example.dev/v1';
const type = objectType(widgetSchema);

function writer(manager: string, operation: FieldWriter['operation'], seconds: number): FieldWriter {
  return { manager, operation, apiVersion, time: new Date(seconds * 1000).toISOString() };
}

const few = fc.constantFrom('a', 'b', 'c');
const settings = fc.dictionary(few, few, { noNullPrototype: true });
const spec = fc.record(
  {
    replicas: fc.nat(3),
    note: few,
    tags: fc.uniqueArray(few),
    settings,
    steps: fc.array(fc.record({ run: few }), { maxLength: 2 }),
    containers: fc.uniqueArray(
      fc.record(
        { name: few, image: few, args: fc.array(few, { maxLength: 2 }) },
        { requiredKeys: ['name'], noNullPrototype: true },
      ),
      { selector: ({ name }) => name },
    ),
    ports: fc.uniqueArray(
      fc.record(
        { port: fc.constantFrom(80, 81), protocol: fc.constantFrom('TCP', 'UDP') },
        { requiredKeys: ['port'], noNullPrototype: true },
      ),
      {
        selector: ({ port, protocol = 'TCP' }) => `${port}/${protocol}`,
      },
    ),
    free: fc.dictionary(few, fc.oneof(few, settings), { noNullPrototype: true }),
  },
  { requiredKeys: [], noNullPrototype: true },
);
const widget = fc.record({ spec, labels: settings }).map(({ spec: fields, labels }) => ({
  apiVersion,
  kind: 'Widget',
  metadata: { name: 'w', namespace: 'default', labels },
  spec: fields,
})) as fc.Arbitrary<JsonObject>;

const step = fc.record({ manager: fc.constantFrom('x', 'y', 'z'), applies: fc.boolean(), object: widget });

/** The object after some writes; conflicts are forced. */
function after(
  steps: readonly { manager: string; applies: boolean; object: JsonObject }[],
): JsonObject | undefined {
  let live: JsonObject | undefined;
  for (const [index, { manager, applies, object }] of steps.entries()) {
    const by = writer(manager, applies ? 'Apply' : 'Update', index + 1);
    live = applies
      ? applyConfiguration({ live, applied: object, schema: widgetSchema, writer: by, force: true })
      : trackUpdate({ before: live, after: object, schema: widgetSchema, writer: by });
  }
  return live;
}

function entryOf(
  object: JsonObject,
  manager: string,
): ReturnType<typeof readManagers> extends Map<string, infer E> ? E | undefined : never {
  return [...readManagers(object).values()].find(
    (entry) => entry.manager === manager && entry.operation === 'Apply',
  );
}

describe('field ownership, whatever is written', function () {
  this.timeout(searchTimeout(10_000));

  const steps = fc.array(step, { maxLength: 5 });

  it('the same configuration once more changes nothing, times included', () => {
    fc.assert(
      fc.property(steps, widget, (earlier, applied) => {
        const request = { applied, schema: widgetSchema, force: true };
        const once = applyConfiguration({
          ...request,
          live: after(earlier),
          writer: writer('new', 'Apply', 100),
        });
        const twice = applyConfiguration({ ...request, live: once, writer: writer('new', 'Apply', 200) });
        assert.deepEqual(twice, once);
      }),
    );
  });

  it('after a forced apply the object has what was applied, and the applier owns it', () => {
    fc.assert(
      fc.property(steps, widget, (earlier, applied) => {
        const live = after(earlier);
        const result = applyConfiguration({
          live,
          applied,
          schema: widgetSchema,
          writer: writer('new', 'Apply', 100),
          force: true,
        });
        const claimed = difference(fieldsIn(type, applied), unownedFields);
        const owned = entryOf(result, 'new')?.fields;
        const present = fieldsIn(type, result);
        for (const path of pathsOf(claimed)) {
          assert.ok(owned !== undefined && hasPath(owned, path), path.join(' '));
          assert.ok(hasPath(present, path) || isObject(result['spec']), path.join(' '));
        }
        assert.deepEqual((result['spec'] as JsonObject)['replicas'] ?? null, expectedReplicas(live, applied));
      }),
    );
  });

  it('what only the applier owned goes when it is dropped', () => {
    fc.assert(
      fc.property(steps, widget, (earlier, applied) => {
        const live = after(earlier);
        const base = { schema: widgetSchema, force: true };
        const once = applyConfiguration({ ...base, live, applied, writer: writer('new', 'Apply', 100) });
        const nothing = { apiVersion, kind: 'Widget', metadata: { name: 'w', namespace: 'default' } };
        const result = applyConfiguration({
          ...base,
          live: once,
          applied: nothing,
          writer: writer('new', 'Apply', 200),
        });
        assert.equal(entryOf(result, 'new'), undefined);
        const others = [...readManagers(once).values()].filter(({ manager }) => manager !== 'new');
        const settingsLeft = Object.keys(
          ((result['spec'] as JsonObject | null)?.['settings'] ?? {}) as JsonObject,
        );
        for (const key of Object.keys(((applied['spec'] as JsonObject)['settings'] ?? {}) as JsonObject)) {
          const path = ['f:spec', 'f:settings', `f:${key}`];
          assert.equal(
            settingsLeft.includes(key),
            others.some(({ fields }) => hasPath(fields, path)),
            key,
          );
        }
      }),
    );
  });

  it('without force nobody loses anything by an apply', () => {
    fc.assert(
      fc.property(steps, widget, (earlier, applied) => {
        const live = after(earlier);
        try {
          const result = applyConfiguration({
            live,
            applied,
            schema: widgetSchema,
            writer: writer('new', 'Apply', 100),
            force: false,
          });
          const left = readManagers(result);
          for (const [id, entry] of readManagers(live)) {
            assert.ok(isEmpty(difference(entry.fields, left.get(id)?.fields ?? entry.fields)), id);
          }
        } catch (error) {
          assert.ok(error instanceof ApplyConflict, String(error));
          assert.equal(error.causes.length, error.conflicts.flatMap(({ fields }) => fields).length);
          assert.match(error.message, /^Apply failed with \d+ conflicts?: conflicts? with "/);
        }
      }),
    );
  });

  it('never throws but what it says, and never changes its inputs, on any JSON', () => {
    const named = fc.constantFrom(
      'metadata',
      'spec',
      'managedFields',
      'tags',
      'containers',
      'ports',
      'name',
      'free',
      '__proto__',
      'constructor',
    );
    const { json } = fc.letrec<{ json: Json }>((tie) => ({
      json: fc.oneof(
        { depthSize: 'medium' },
        fc.constantFrom<Json>(null, 1, 'a', true),
        fc.array(tie('json'), { maxLength: 3 }),
        fc.dictionary(named, tie('json'), { maxKeys: 4 }) as fc.Arbitrary<Json>,
      ),
    }));
    const object = fc
      .record({ metadata: json, spec: json })
      .map((value) => ({ ...(JSON.parse(JSON.stringify(value)) as JsonObject), apiVersion, kind: 'Widget' }));
    fc.assert(
      fc.property(object, object, fc.constantFrom(widgetSchema, undefined), (live, next, schema) => {
        const before = JSON.stringify([live, next]);
        trackUpdate({ before: live, after: next, schema, writer: writer('u', 'Update', 1) });
        trackUpdate({ after: next, schema, writer: writer('u', 'Update', 1) });
        const untracked = withManagedFields(next, undefined);
        try {
          applyConfiguration({
            live,
            applied: untracked,
            schema,
            writer: writer('kubectl', 'Apply', 1),
            force: false,
          });
        } catch (error) {
          assert.ok(
            error instanceof PatchError || error instanceof ApplyConflict,
            String((error as Error).stack),
          );
        }
        assert.equal(JSON.stringify([live, next]), before);
      }),
      { numRuns: searches(63) },
    );
  });

  it('an update that changes nothing leaves the entries as they are', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 5 }), (earlier) => {
        const live = after(earlier);
        assert.ok(live !== undefined);
        const result = trackUpdate({
          before: live,
          after: live,
          schema: widgetSchema,
          writer: writer('u', 'Update', 100),
        });
        assert.deepEqual(managedFieldsOf(result), managedFieldsOf(live));
      }),
    );
  });
});

function expectedReplicas(live: JsonObject | undefined, applied: JsonObject): Json {
  const from = (object: JsonObject | undefined): Json | undefined =>
    isObject(object?.['spec']) ? object['spec']['replicas'] : undefined;
  return from(applied) ?? from(live) ?? null;
}
