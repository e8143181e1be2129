import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { kinds } from '../../src/api/crds.ts';
import { apiVersionOf } from '../../src/api/kube-object.ts';
import { structural, type StructuralSchema } from '../../src/api/schema/structural.ts';

const folder = new URL('../../manifests/samples/', import.meta.url);

interface Sample {
  apiVersion: string;
  kind: string;
  spec: unknown;
}

describe('samples', () => {
  const files = readdirSync(folder);
  const samples = files.flatMap((file) =>
    parseAllDocuments(readFileSync(new URL(file, folder), 'utf8')).map((document) => ({
      file,
      sample: document.toJS() as Sample,
    })),
  );

  for (const { file, sample } of samples) {
    it(`${file} fits the schema of its kind, and names no field that the schema lacks`, () => {
      const kind = kinds.find(({ type }) => type.kind === sample.kind);
      assert.ok(kind !== undefined, sample.kind);
      assert.equal(sample.apiVersion, apiVersionOf(kind.type));
      assert.equal(kind.spec.safeParse(sample.spec).error, undefined);
      assert.deepEqual(unknownFields(structural(kind.spec), sample.spec, 'spec'), []);
    });
  }

  it('show every kind that users write', () => {
    assert.deepEqual(
      [...new Set(samples.map(({ sample }) => sample.kind))].sort(),
      kinds
        .map(({ type }) => type.kind)
        .filter((kind) => kind !== 'ChainTransaction')
        .sort(),
    );
  });
});

/** The paths of what a strict API server would refuse: fields that the schema does not name. */
function unknownFields(schema: StructuralSchema | undefined, value: unknown, path: string): string[] {
  if (schema === undefined) {
    return [path];
  }
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => unknownFields(schema.items, item, `${path}[${index}]`));
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([name, field]) =>
    unknownFields(schema.properties?.[name] ?? schema.additionalProperties, field, `${path}.${name}`),
  );
}
