import type { JsonObject, Schema } from '../../../../src/devcluster/api-server/schema/schema.ts';

const text: Schema = { type: 'string' };
const integer: Schema = { type: 'integer' };

/** A kind with every shape that ownership knows. */
export const widgetSchema: Schema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        replicas: integer,
        note: text,
        nullableNote: { type: 'string', nullable: true },
        size: { 'x-kubernetes-int-or-string': true },
        tags: { type: 'array', items: text, 'x-kubernetes-list-type': 'set' },
        numbers: { type: 'array', items: integer, 'x-kubernetes-list-type': 'set' },
        steps: { type: 'array', items: { type: 'object', properties: { run: text } } },
        ports: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['port', 'protocol'],
          items: {
            type: 'object',
            required: ['port'],
            properties: { port: integer, protocol: { type: 'string', default: 'TCP' }, name: text },
          },
        },
        containers: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['name'],
          items: {
            type: 'object',
            required: ['name'],
            properties: {
              name: text,
              image: text,
              args: { type: 'array', items: text },
              env: {
                type: 'array',
                'x-kubernetes-list-type': 'map',
                'x-kubernetes-list-map-keys': ['name'],
                items: { type: 'object', required: ['name'], properties: { name: text, value: text } },
              },
            },
          },
        },
        selector: {
          type: 'object',
          'x-kubernetes-map-type': 'atomic',
          properties: { matchLabels: { type: 'object', additionalProperties: text } },
        },
        settings: { type: 'object', additionalProperties: text },
        limits: {
          type: 'object',
          additionalProperties: { type: 'object', properties: { soft: integer, hard: integer } },
        },
        nested: {
          type: 'object',
          properties: {
            a: { type: 'object', properties: { b: { type: 'object', properties: { c: text, d: text } } } },
          },
        },
        free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        anything: { 'x-kubernetes-preserve-unknown-fields': true },
      },
    },
    status: {
      type: 'object',
      properties: {
        phase: text,
        ready: integer,
        conditions: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['type'],
          items: { type: 'object', required: ['type'], properties: { type: text, status: text } },
        },
      },
    },
  },
};

/** A kind whose status is a field like any other. */
export const gadgetSchema: Schema = {
  type: 'object',
  properties: {
    spec: { type: 'object', properties: { x: text } },
    status: { type: 'object', properties: { phase: text } },
  },
};

function definition(kind: string, schema: Schema, subresources: JsonObject): JsonObject {
  const singular = kind.toLowerCase();
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${singular}s.example.dev` },
    spec: {
      group: 'example.dev',
      scope: 'Namespaced',
      names: { kind, singular, plural: `${singular}s`, listKind: `${kind}List` },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: schema as unknown as JsonObject },
          subresources,
        },
      ],
    },
  };
}

/** What the recorder installs. */
export const definitions: readonly JsonObject[] = [
  definition('Widget', widgetSchema, {
    status: {},
    scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.ready' },
  }),
  definition('Gadget', gadgetSchema, {}),
];
