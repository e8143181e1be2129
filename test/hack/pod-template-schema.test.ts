import assert from 'node:assert/strict';
import {
  podTemplateSchema,
  shorten,
  type OpenApiDocument,
  type SchemaNode,
} from '../../hack/pod-template-schema.ts';

const core = 'io.k8s.api.core.v1.';
const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

function ref(name: string): SchemaNode {
  return { $ref: `#/components/schemas/${name}` };
}

/** A document as the API server writes it, with only the given fields in the pod spec. */
function documentOf(
  podSpec: Record<string, SchemaNode>,
  schemas: Record<string, SchemaNode> = {},
): OpenApiDocument {
  return {
    components: {
      schemas: {
        [`${core}PodTemplateSpec`]: {
          type: 'object',
          properties: {
            metadata: { default: {}, allOf: [ref(meta)] },
            spec: { description: 'What the pod does.', default: {}, allOf: [ref(`${core}PodSpec`)] },
          },
        },
        [`${core}PodSpec`]: { type: 'object', description: 'PodSpec describes a pod.', properties: podSpec },
        [meta]: {
          type: 'object',
          properties: {
            name: { type: 'string' },
            labels: { type: 'object', additionalProperties: { type: 'string', default: '' } },
            annotations: { type: 'object', additionalProperties: { type: 'string', default: '' } },
            managedFields: { type: 'array', items: { type: 'object' } },
          },
        },
        ...schemas,
      },
    },
  };
}

/** The converted schema of one field of the pod spec. */
function converted(field: SchemaNode, schemas: Record<string, SchemaNode> = {}): SchemaNode | undefined {
  return podTemplateSchema(documentOf({ field }, schemas)).properties?.['spec']?.properties?.['field'];
}

describe('podTemplateSchema', () => {
  it('requires a spec, and keeps of the metadata what an author writes', () => {
    const schema = podTemplateSchema(documentOf({}));
    assert.deepEqual(schema.required, ['spec']);
    assert.deepEqual(schema.properties?.['metadata'], {
      type: 'object',
      properties: {
        labels: { type: 'object', additionalProperties: { type: 'string' } },
        annotations: { type: 'object', additionalProperties: { type: 'string' } },
      },
    });
  });

  it('prefers the description of the field to that of its type', () => {
    assert.equal(podTemplateSchema(documentOf({})).properties?.['spec']?.description, 'What the pod does.');
  });

  it('makes int-or-strings of ports and quantities', () => {
    const quantity = converted(
      { allOf: [ref('io.k8s.apimachinery.pkg.api.resource.Quantity')], description: 'How much.' },
      {
        'io.k8s.apimachinery.pkg.api.resource.Quantity': { oneOf: [{ type: 'string' }, { type: 'number' }] },
      },
    );
    assert.equal(quantity?.['x-kubernetes-int-or-string'], true);
    assert.match('1.5Gi', new RegExp(quantity.pattern ?? '$^'));
    assert.doesNotMatch('1x', new RegExp(quantity.pattern ?? ''));
    assert.deepEqual(
      converted(ref('io.k8s.apimachinery.pkg.util.intstr.IntOrString'), {
        'io.k8s.apimachinery.pkg.util.intstr.IntOrString': { format: 'int-or-string' },
      }),
      { 'x-kubernetes-int-or-string': true },
    );
  });

  it('keeps only the defaults of list keys that may be absent', () => {
    const ports: SchemaNode = {
      type: 'array',
      items: { default: {}, allOf: [ref('Port')] },
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['containerPort', 'protocol'],
      'x-kubernetes-patch-merge-key': 'containerPort',
    };
    const port: SchemaNode = {
      type: 'object',
      required: ['containerPort'],
      properties: {
        containerPort: { type: 'integer', format: 'int32', default: 0 },
        protocol: { type: 'string', default: 'TCP' },
        hostIP: { type: 'string', default: '' },
      },
    };
    assert.deepEqual(converted(ports, { Port: port }), {
      type: 'array',
      items: {
        type: 'object',
        required: ['containerPort'],
        properties: {
          containerPort: { type: 'integer', format: 'int32' },
          protocol: { type: 'string', default: 'TCP' },
          hostIP: { type: 'string' },
        },
      },
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['containerPort', 'protocol'],
    });
  });

  it('leaves out what no pod template may have, and bounds what our rules read', () => {
    const list: SchemaNode = { type: 'array', items: { type: 'object' } };
    const spec = podTemplateSchema(
      documentOf({ containers: list, initContainers: list, ephemeralContainers: list }),
    ).properties?.['spec'];
    assert.deepEqual(Object.keys(spec?.properties ?? {}), ['containers', 'initContainers']);
    assert.equal(spec?.properties?.['containers']?.minItems, 1);
    assert.equal(spec.properties['containers'].maxItems, 64);
  });

  it('names the schema that a document lacks', () => {
    assert.throws(() => converted(ref('Missing')), /'Missing'/);
  });
});

describe('shorten', () => {
  const rows: readonly (readonly [string, string])[] = [
    ['One sentence.', 'One sentence.'],
    ['First. Second.\n\nThird.', 'First. Second. Third.'],
    ['First. More info: https://example.com/x.', 'First.'],
    ['Required. A list of terms.', 'A list of terms.'],
    ['Mode bits, e.g. 0644. Must be octal.', 'Mode bits, e.g. 0644. Must be octal.'],
    ['  spaces \n and tabs\t ', 'spaces and tabs'],
    ['', ''],
  ];
  for (const [text, short] of rows) {
    it(`makes '${short}' of '${text.replaceAll(/\s/g, ' ')}'`, () => {
      assert.equal(shorten(text), short);
    });
  }

  it('stops before the sentence that does not fit', () => {
    const first = `A${'a'.repeat(120)}.`;
    assert.equal(shorten(`${first} B${'b'.repeat(120)}. C.`), first);
  });

  it('cuts a long sentence at a word', () => {
    const short = shorten(`${'word '.repeat(60)}end.`);
    assert.ok(short.length <= 200);
    assert.match(short, /word…$/);
  });
});
