import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { parse, parseAllDocuments } from 'yaml';
import { generatedFiles } from '../../hack/generated-files.ts';
import { crdYaml, customResourceDefinitions } from '../../src/api/crds.ts';

const top = new URL('../../', import.meta.url);

describe('generated files', () => {
  for (const [path, text] of generatedFiles()) {
    it(`${path} is what npm run generate writes`, () => {
      assert.ok(
        readFileSync(new URL(path, top), 'utf8') === text,
        `'${path}' is out of date: run npm run generate`,
      );
    });
  }

  it('are all there is in crds/', () => {
    const generated = [...generatedFiles().keys()].filter((path) => path.startsWith('crds/'));
    assert.deepEqual(
      readdirSync(new URL('crds/', top))
        .map((name) => `crds/${name}`)
        .sort(),
      generated.sort(),
    );
  });

  it('hold the CRDs whole: YAML loses nothing', () => {
    const expected = JSON.parse(JSON.stringify(customResourceDefinitions())) as unknown[];
    const files = [...generatedFiles()].filter(([path]) => path.startsWith('crds/'));
    assert.deepEqual(
      files.map(([, text]) => parse(text) as unknown),
      expected,
    );
    assert.deepEqual(
      parseAllDocuments(crdYaml()).map((document) => document.toJS() as unknown),
      expected,
    );
  });
});
