import type { Json, JsonObject } from '../../../src/devcluster/api-server/schema/schema.ts';

const any = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

/** Every feature that a schema of a custom resource may have, each in a field of its own. */
const spec: JsonObject = {
  type: 'object',
  default: { color: 'green' },
  properties: {
    size: {
      type: 'integer',
      format: 'int32',
      minimum: 0,
      maximum: 100,
      multipleOf: 1,
      description: 'How big.',
    },
    pair: {
      type: 'object',
      required: ['left', 'right'],
      properties: { left: { type: 'string' }, right: { type: 'string' } },
    },
    replicas: { type: 'integer', format: 'int32', default: 1, minimum: 0 },
    ratio: { type: 'number', minimum: 0, exclusiveMinimum: true, maximum: 1, exclusiveMaximum: true },
    big: { type: 'integer', format: 'int64' },
    step: { type: 'integer', multipleOf: 5 },
    color: { type: 'string', enum: ['red', 'green', 'blue'], default: 'red' },
    code: { type: 'string', pattern: '^[A-Z]{3}$' },
    title: { type: 'string', minLength: 2, maxLength: 8 },
    enabled: { type: 'boolean' },
    note: { type: 'string', nullable: true },
    noteWithDefault: { type: 'string', nullable: true, default: 'none' },
    when: { type: 'string', format: 'date-time' },
    day: { type: 'string', format: 'date' },
    wait: { type: 'string', format: 'duration' },
    address: { type: 'string', format: 'ipv4' },
    link: { type: 'string', format: 'uri' },
    blob: { type: 'string', format: 'byte' },
    identity: { type: 'string', format: 'uuid' },
    mail: { type: 'string', format: 'email' },
    port: { 'x-kubernetes-int-or-string': true },
    limit: {
      'x-kubernetes-int-or-string': true,
      anyOf: [{ type: 'integer' }, { type: 'string' }],
      pattern: '^[0-9]+m?$',
    },
    nested: {
      type: 'object',
      default: {},
      properties: {
        level: { type: 'string', default: 'low' },
        deeper: {
          type: 'object',
          properties: { depth: { type: 'integer', default: 7 }, name: { type: 'string' } },
        },
      },
    },
    free: any,
    half: {
      ...any,
      properties: {
        known: { type: 'integer' },
        inner: { type: 'object', properties: { a: { type: 'string' } } },
      },
    },
    template: {
      type: 'object',
      'x-kubernetes-embedded-resource': true,
      'x-kubernetes-preserve-unknown-fields': true,
    },
    map: { type: 'object', additionalProperties: { type: 'string', maxLength: 5 }, maxProperties: 3 },
    atomicMap: {
      type: 'object',
      additionalProperties: { type: 'string' },
      'x-kubernetes-map-type': 'atomic',
    },
    tags: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set', maxItems: 5 },
    plain: { type: 'array', items: { type: 'integer' }, minItems: 1, maxItems: 3 },
    ports: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['number', 'protocol'],
      items: {
        type: 'object',
        required: ['number'],
        properties: {
          number: { type: 'integer' },
          protocol: { type: 'string', default: 'TCP' },
          name: { type: 'string' },
        },
      },
    },
    choice: {
      type: 'object',
      properties: { a: { type: 'string' }, b: { type: 'string' } },
      oneOf: [{ required: ['a'] }, { required: ['b'] }],
    },
    either: {
      type: 'object',
      properties: { a: { type: 'integer' }, b: { type: 'integer' } },
      anyOf: [{ required: ['a'] }, { required: ['b'] }],
    },
    both: {
      type: 'object',
      properties: { a: { type: 'integer' } },
      allOf: [{ properties: { a: { minimum: 2 } } }, { properties: { a: { maximum: 4 } } }],
      not: { required: ['c'] },
    },
    // Rules of CEL, from the simplest on.
    fixed: {
      type: 'string',
      'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'fixed may not change' }],
    },
    grows: {
      type: 'integer',
      'x-kubernetes-validations': [
        {
          rule: 'self >= oldSelf',
          messageExpression: "self == 0 ? 'may not go back to nothing' : 'may not shrink'",
        },
      ],
    },
    once: {
      type: 'string',
      'x-kubernetes-validations': [
        {
          rule: 'oldSelf.hasValue() || self.startsWith("new")',
          optionalOldSelf: true,
          message: 'begins as new',
        },
      ],
    },
    range: {
      type: 'object',
      properties: { from: { type: 'integer' }, to: { type: 'integer' } },
      'x-kubernetes-validations': [
        {
          rule: 'self.from <= self.to',
          message: 'from is beyond to',
          fieldPath: '.to',
          reason: 'FieldValueForbidden',
        },
        { rule: 'self.to < 1000' },
      ],
    },
    quantity: {
      type: 'string',
      maxLength: 20,
      'x-kubernetes-validations': [
        {
          rule: "isQuantity(self) && quantity(self).isGreaterThan(quantity('1Gi'))",
          message: 'more than 1Gi',
        },
      ],
    },
    words: {
      type: 'array',
      maxItems: 4,
      items: {
        type: 'string',
        maxLength: 10,
        'x-kubernetes-validations': [
          { rule: "self.matches('^[a-z]+$')", messageExpression: "'not a word: ' + self" },
        ],
      },
      'x-kubernetes-validations': [
        { rule: 'self.all(w, size(w) > 1)', reason: 'FieldValueInvalid', message: 'words have two letters' },
      ],
    },
    division: {
      type: 'object',
      properties: { by: { type: 'integer' } },
      'x-kubernetes-validations': [
        { rule: 'has(self.by) ? 10 / self.by > 1 : true', message: 'by is too big' },
      ],
    },
  },
};

const schema: JsonObject = {
  type: 'object',
  description: 'Gadget has every feature that a schema may have.',
  properties: {
    spec,
    status: {
      type: 'object',
      properties: {
        replicas: { type: 'integer', minimum: 0 },
        selector: { type: 'string' },
        phase: { type: 'string', default: 'New' },
        conditions: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['type'],
          items: {
            type: 'object',
            required: ['type', 'status'],
            properties: { type: { type: 'string' }, status: { type: 'string' }, reason: { type: 'string' } },
          },
        },
      },
    },
  },
};

const columns: Json = [
  { name: 'Size', type: 'integer', jsonPath: '.spec.size', description: 'How big.' },
  { name: 'Color', type: 'string', jsonPath: '.spec.color' },
  { name: 'Tags', type: 'string', jsonPath: '.spec.tags', priority: 1 },
  { name: 'Ports', type: 'string', jsonPath: '.spec.ports[*].number', priority: 1 },
  { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
  { name: 'Enabled', type: 'boolean', jsonPath: '.spec.enabled' },
  { name: 'When', type: 'date', jsonPath: '.spec.when', priority: 1 },
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
];

/** The definition of the kind Gadget: two versions, both subresources, columns in the first version only. */
export const gadgetDefinition: JsonObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'gadgets.gadgets.example.com' },
  spec: {
    group: 'gadgets.example.com',
    scope: 'Namespaced',
    names: {
      kind: 'Gadget',
      listKind: 'GadgetList',
      plural: 'gadgets',
      singular: 'gadget',
      shortNames: ['gd'],
      categories: ['toys'],
    },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: schema },
        subresources: {
          status: {},
          scale: {
            specReplicasPath: '.spec.replicas',
            statusReplicasPath: '.status.replicas',
            labelSelectorPath: '.status.selector',
          },
        },
        additionalPrinterColumns: columns,
        selectableFields: [{ jsonPath: '.spec.color' }],
      },
      {
        name: 'v2',
        served: true,
        storage: false,
        deprecated: true,
        deprecationWarning: 'gadgets.example.com/v2 Gadget is for the curious',
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                properties: {
                  size: { type: 'integer' },
                  color: { type: 'string' },
                  second: { type: 'string', default: 'two' },
                },
              },
            },
          },
        },
      },
    ],
  },
};

/** A gadget of the version v1. */
export function gadget(name: string, spec: JsonObject = { size: 1 }, metadata: JsonObject = {}): JsonObject {
  return { apiVersion: 'gadgets.example.com/v1', kind: 'Gadget', metadata: { name, ...metadata }, spec };
}
