import assert from 'node:assert/strict';
import { definitionDefaults } from '../../../../src/devcluster/api-server/custom-resources/definition-defaults.ts';
import { definitionStatus } from '../../../../src/devcluster/api-server/custom-resources/definition-status.ts';
import { definedResources } from '../../../../src/devcluster/api-server/custom-resources/served-resources.ts';
import { validateDefinition } from '../../../../src/devcluster/api-server/custom-resources/validate-definition.ts';
import { fieldErrorMessage } from '../../../../src/devcluster/api-server/field-error-message.ts';
import type { JsonObject } from '../../../../src/devcluster/api-server/schema/schema.ts';

const NOW = '2026-11-24T00:00:00Z';
const SCHEMA = 'spec.validation.openAPIV3Schema';

/** A good definition of widgets whose spec has these properties. */
function widgets(properties: JsonObject = {}, changes: JsonObject = {}): JsonObject {
  const version = {
    name: 'v1',
    served: true,
    storage: true,
    schema: { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties } } } },
  };
  const spec = {
    group: 'ex.dev',
    scope: 'Namespaced',
    names: { plural: 'widgets', kind: 'Widget' },
    versions: [version],
    ...changes,
  };
  const crd: JsonObject = { metadata: { name: 'widgets.ex.dev' }, spec };
  definitionDefaults(crd);
  return crd;
}

const LABEL =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

/* The words of kube-apiserver v1.37.2: definitions sent with `?dryRun=All`, and `details.causes` of the answers. */
const cases: readonly { what: string; crd: JsonObject; says: readonly string[] }[] = [
  { what: 'a good one', crd: widgets({ size: { type: 'integer', default: 1 } }), says: [] },
  {
    what: 'an unknown scope',
    crd: widgets({}, { scope: 'X' }),
    says: ['spec.scope: Unsupported value: "X": supported values: "Cluster", "Namespaced"'],
  },
  {
    what: 'a short name with a capital',
    crd: widgets({}, { names: { plural: 'widgets', kind: 'Widget', shortNames: ['X'] } }),
    says: [`spec.names.shortNames[0]: Invalid value: "X": ${LABEL}`],
  },
  {
    what: 'a list kind like the kind',
    crd: widgets({}, { names: { plural: 'widgets', kind: 'Widget', listKind: 'Widget' } }),
    says: ['spec.names.listKind: Invalid value: "Widget": kind and listKind may not be the same'],
  },
  {
    what: 'a field without a type',
    crd: widgets({ size: {} }),
    says: [
      `${SCHEMA}.properties[spec].properties[size].type: Required value: must not be empty for specified object fields`,
    ],
  },
  {
    what: 'a list without items',
    crd: widgets({ size: { type: 'array' } }),
    says: [`${SCHEMA}.properties[spec].properties[size].items: Required value: must be specified`],
  },
  {
    what: 'a default of another type',
    crd: widgets({ size: { type: 'integer', default: 'x' } }),
    says: [
      `${SCHEMA}.properties[spec].properties[size].default: Invalid value: "string":  in body must be of type integer: "string"`,
    ],
  },
  {
    what: 'a default in a map',
    crd: widgets({ m: { type: 'object', additionalProperties: { type: 'string' }, default: { a: 1 } } }),
    says: [
      `${SCHEMA}.properties[spec].properties[m].default.a: Invalid value: "integer": .a in body must be of type string: "integer"`,
    ],
  },
  {
    what: 'unique items',
    crd: widgets({ l: { type: 'array', uniqueItems: true, items: { type: 'string' } } }),
    says: [
      `${SCHEMA}.properties[spec].properties[l].uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic`,
    ],
  },
  {
    what: 'a list-map without keys',
    crd: widgets({ l: { type: 'array', 'x-kubernetes-list-type': 'map', items: { type: 'object' } } }),
    says: [
      `${SCHEMA}.properties[spec].properties[l].x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map`,
    ],
  },
  {
    what: 'a rule that does not compile',
    crd: widgets({ a: { type: 'integer', 'x-kubernetes-validations': [{ rule: 'self.foo' }] } }),
    says: [
      `${SCHEMA}.properties[spec].properties[a].x-kubernetes-validations[0].rule: Invalid value: {"Rule":"self.foo","Message":"","MessageExpression":"","Reason":null,"FieldPath":"","OptionalOldSelf":null}: compilation failed: ERROR: <input>:1:5: type 'int' does not support field selection\n | self.foo\n | ....^`,
    ],
  },
];

describe('a CustomResourceDefinition', () => {
  for (const { what, crd, says } of cases) {
    it(`with ${what} is answered as by kube-apiserver`, () => {
      assert.deepEqual(
        validateDefinition(crd).map((error) => `${error.field}: ${fieldErrorMessage(error)}`),
        says,
      );
    });
  }

  it('keeps its group and plural, and once established its kind and scope', () => {
    const before = widgets();
    before['status'] = definitionStatus(before, [], NOW);
    const after = widgets({}, { scope: 'Cluster', names: { plural: 'widgets', kind: 'Gadget' } });
    assert.deepEqual(
      validateDefinition(after, before).map(({ field, detail }) => `${field}: ${detail}`),
      ['spec.scope: field is immutable', 'spec.names.kind: field is immutable'],
    );
  });

  it('is given its names unless another one of its group has them', () => {
    const first = widgets();
    first['status'] = definitionStatus(first, [first], NOW);
    const second = widgets({}, { names: { plural: 'gadgets', kind: 'Widget' } });
    second['metadata'] = { name: 'gadgets.ex.dev' };

    const status = definitionStatus(second, [first, second], NOW);

    assert.deepEqual(
      (status['conditions'] as JsonObject[]).map(({ type, status, reason, message }) => [
        type,
        status,
        reason,
        message,
      ]),
      [
        // Of several conflicts the last is told: singular, kind, listKind.
        ['NamesAccepted', 'False', 'ListKindConflict', '"WidgetList" is already in use'],
        ['Established', 'False', 'NotAccepted', 'not all names are accepted'],
      ],
    );
  });

  it('keeps the time of conditions that stay', () => {
    const crd = widgets();
    crd['status'] = definitionStatus(crd, [], NOW);
    assert.deepEqual(definitionStatus(crd, [], '2027-01-01T00:00:00Z'), crd['status']);
  });

  it('serves each served version with typed metadata', () => {
    const crd = widgets({ size: { type: 'integer' } });
    crd['status'] = definitionStatus(crd, [], NOW);
    const [defined, ...others] = definedResources(crd);
    const resource = defined?.resource;
    assert.equal(others.length, 0);
    assert.equal(`${resource?.plural} ${resource?.version} ${resource?.listKind}`, 'widgets v1 WidgetList');
    assert.equal(resource?.schema?.properties?.['metadata']?.properties?.['labels']?.type, 'object');
  });
});
