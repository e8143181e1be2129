import assert from 'node:assert/strict';
import { reasonsReference } from '../../hack/reasons-reference.ts';
import { kinds } from '../../src/api/crds.ts';
import { reasons } from '../../src/api/reasons.ts';

describe('the catalogue of reasons', () => {
  const known = kinds.map(({ type }) => type.kind);
  const page = reasonsReference();

  for (const [name, { kinds: of, where, meaning, remedy }] of Object.entries(reasons)) {
    it(`${name} is well formed and documented`, () => {
      // metav1.Condition's pattern is wider; CamelCase is the convention. events.k8s.io allows 128 characters.
      assert.match(name, /^[A-Z][A-Za-z0-9]{2,127}$/);
      assert.notDeepEqual([...of], []);
      assert.deepEqual(
        of.filter((kind) => !known.includes(kind)),
        [],
      );
      assert.notDeepEqual([...where], []);
      assert.match(meaning, /^\S.*\.$/);
      assert.match(remedy, /^$|^[A-Z].*[^\s]$/);
      assert.ok(page.includes(`### ${name}\n`) && page.includes(meaning) && page.includes(remedy));
    });
  }
});
