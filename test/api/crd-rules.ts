import type { StructuralSchema } from '../../src/api/schema/structural.ts';

/*
 * The rules of Kubernetes' API conventions (kubernetes/community, api-conventions; the linters of Kube API Linter) that a
 * machine can check on one field. Each rule carries a schema that breaks it, so that a rule that finds nothing is found out.
 */

/** One field, and where it stands. */
export interface Place {
  /** Such as `spec.gpus.models` or `status.conditions[].type`; the root is empty. */
  readonly path: string;
  /** The field's own name; undefined for the items of a list, the values of a map and the root. */
  readonly name: string | undefined;
  readonly schema: StructuralSchema;
  /** The object that has the field. */
  readonly parent: StructuralSchema | undefined;
}

export interface Rule {
  readonly name: string;
  /** What is wrong with the field; undefined when nothing is. */
  violation(place: Place): string | undefined;
  /** A field `x` that breaks the rule. */
  readonly broken: StructuralSchema;
  /** Its name, when the rule is about names. */
  readonly brokenName?: string;
  /** Its siblings' required list, when the rule is about that. */
  readonly brokenRequired?: readonly string[];
  /** Why Kubernetes' own pod template may break the rule. Absent: it is held to the rule too. */
  readonly exemptTemplate?: string;
}

/**
 * Booleans that stay: `suspend` is spelled as in batch/v1 Job, where Kueue and others expect it; `onlyWhenIdle` is a restriction that is
 * there or not, and any more that one may want of it (a share of use, say) would be a field beside it.
 */
const BOOLEANS: readonly string[] = [
  'spec.suspend',
  'spec.onlyWhenIdle',
  'spec.checkIn',
  'spec.claim.enabled',
];

/** Of parts of an object, which have no conditions of their own. */
const STATES: readonly string[] = ['status.endpoints[].state'];

/** Of things that nothing tells apart: two thaws may be of the same amount and moment. */
const ATOMIC_LISTS: readonly string[] = ['status.thaws'];

/** Maps that stay: `nodeSelector` is spelled as in a pod, and `podSelector` selects in the same way. */
const MAPS: readonly string[] = [
  'spec.nodeSelector',
  'spec.placement.clusterSelector.matchLabels',
  'spec.usage.exporters.podSelector',
];

const text: StructuralSchema = { type: 'string', maxLength: 9, description: 'A text.' };

export const rules: readonly Rule[] = [
  {
    name: 'commentstart: every field is described in a sentence',
    violation: ({ name, schema, path }) =>
      name !== undefined &&
      path !== 'metadata' &&
      path !== 'metadata.name' &&
      !/^[A-Z].{5,}\.$/s.test(schema.description ?? '')
        ? `has the description '${schema.description ?? ''}'`
        : undefined,
    broken: { type: 'string', maxLength: 9, description: 'todo' },
    exemptTemplate: 'the descriptions are Kubernetes’ own words, shortened',
  },
  {
    name: 'described at all, the pod template included',
    violation: ({ name, schema, path }) =>
      name !== undefined && !path.startsWith('metadata') && (schema.description ?? '') === ''
        ? 'has no description'
        : undefined,
    broken: { type: 'string', maxLength: 9 },
  },
  {
    name: 'ssatags: every list says how server-side apply merges it',
    violation: ({ schema }) =>
      schema.type === 'array' && !['atomic', 'set', 'map'].includes(schema['x-kubernetes-list-type'] ?? '')
        ? 'is a list without x-kubernetes-list-type'
        : undefined,
    broken: { type: 'array', items: text, maxItems: 1 },
  },
  {
    name: 'list-map keys are required or have a default',
    violation: ({ schema }) =>
      (schema['x-kubernetes-list-type'] === 'map') !== (schema['x-kubernetes-list-map-keys'] !== undefined) ||
      (schema['x-kubernetes-list-map-keys'] ?? []).some(
        (key) =>
          schema.items?.required?.includes(key) !== true &&
          schema.items?.properties?.[key]?.default === undefined,
      )
        ? 'has a key that may be absent'
        : undefined,
    broken: {
      type: 'array',
      items: { type: 'object', properties: { key: text } },
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['key'],
    },
  },
  {
    name: 'lists of named objects are list-maps',
    violation: ({ schema, path }) =>
      schema.type === 'array' &&
      schema.items?.type === 'object' &&
      schema['x-kubernetes-list-type'] !== 'map' &&
      !ATOMIC_LISTS.includes(path)
        ? 'is a list of objects without keys'
        : undefined,
    broken: { type: 'array', items: { type: 'object' }, 'x-kubernetes-list-type': 'atomic' },
    exemptTemplate: 'Kubernetes has atomic lists of objects, such as env sources and affinity terms',
  },
  {
    name: 'maxlength: every string is bounded',
    violation: ({ schema, path }) =>
      (schema.type === 'string' || schema['x-kubernetes-int-or-string'] === true) &&
      schema.maxLength === undefined &&
      schema.enum === undefined &&
      schema.format === undefined &&
      // Kubernetes itself bounds these.
      !['apiVersion', 'kind', 'metadata.name'].includes(path)
        ? 'is a string without maxLength, enum or format'
        : undefined,
    broken: { type: 'string', description: 'A text.' },
    exemptTemplate: 'Kubernetes has no bounds there; our CEL rules do not read those strings',
  },
  {
    name: 'maxlength: every list is bounded',
    violation: ({ schema }) =>
      schema.type === 'array' && schema.maxItems === undefined ? 'is a list without maxItems' : undefined,
    broken: { type: 'array', items: text, 'x-kubernetes-list-type': 'set' },
    exemptTemplate:
      'Kubernetes has no bounds there; containers and initContainers, which CEL reads, are bounded',
  },
  {
    name: 'nomaps: lists of named objects instead of maps',
    violation: ({ schema, path }) =>
      schema.additionalProperties !== undefined && !MAPS.includes(path) ? 'is a map' : undefined,
    broken: { type: 'object', additionalProperties: text },
    exemptTemplate: 'labels, annotations and resource lists are maps everywhere in Kubernetes',
  },
  {
    name: 'nofloats, integers: numbers are int32 or int64',
    violation: ({ schema }) =>
      schema.type === 'number' ||
      (schema.type === 'integer' && !['int32', 'int64'].includes(schema.format ?? ''))
        ? `is ${schema.type} ${schema.format ?? 'without format'}`
        : undefined,
    broken: { type: 'number' },
  },
  {
    name: 'integers are bounded below',
    violation: ({ schema }) =>
      schema.type === 'integer' && schema.minimum === undefined ? 'may be negative' : undefined,
    broken: { type: 'integer', format: 'int32' },
    exemptTemplate: 'the API server checks pods against Kubernetes’ own limits',
  },
  {
    name: 'nodurations: spans of time are integers with the unit in the name',
    violation: ({ name, schema }) =>
      schema.format === 'duration' ||
      /(duration|timeout|interval|period|deadline|ttl|delay|grace)$/i.test(name ?? '') ||
      (/seconds$/i.test(name ?? '') && schema.type !== 'integer')
        ? 'is a duration without its unit'
        : undefined,
    broken: { type: 'string', maxLength: 9 },
    brokenName: 'timeout',
  },
  {
    name: 'notimestamp: moments are called somethingTime and are RFC 3339',
    violation: ({ name, schema }) =>
      (schema.format === 'date-time') !== (name ?? '').endsWith('Time') || /timestamp/i.test(name ?? '')
        ? 'is a moment in one of name and format only'
        : undefined,
    broken: { type: 'string', format: 'date-time' },
  },
  {
    name: 'nobools: an enum says more than true and false',
    violation: ({ schema, path }) =>
      schema.type === 'boolean' && !BOOLEANS.includes(path) ? 'is a boolean' : undefined,
    broken: { type: 'boolean' },
    exemptTemplate: 'Kubernetes has many',
  },
  {
    name: 'nonullable',
    violation: ({ schema }) => (schema.nullable === true ? 'may be null' : undefined),
    broken: { type: 'string', maxLength: 9, nullable: true },
  },
  {
    name: 'nophase: conditions instead of a phase',
    violation: ({ name, path }) =>
      /^(phase|state)$/i.test(name ?? '') && !STATES.includes(path) ? 'is a phase' : undefined,
    broken: text,
    brokenName: 'phase',
  },
  {
    name: 'jsontags: names are camelCase',
    violation: ({ name }) => (/^[a-z][A-Za-z0-9]*$/.test(name ?? 'x') ? undefined : 'is not camelCase'),
    broken: text,
    brokenName: 'max_surge',
  },
  {
    name: 'enum values are CamelCase strings',
    violation: ({ schema }) =>
      (schema.enum ?? []).some((value) => typeof value !== 'string' || !/^[A-Z][A-Za-z0-9]*$/.test(value))
        ? `has the values ${JSON.stringify(schema.enum)}`
        : undefined,
    broken: { type: 'string', enum: ['rolling-update'] },
    exemptTemplate: 'signal names, and the empty type of a hostPath',
  },
  {
    name: 'optionalorrequired: what is required has no default',
    violation: ({ name, schema, parent }) =>
      name !== undefined && schema.default !== undefined && parent?.required?.includes(name) === true
        ? 'is required and has a default'
        : undefined,
    broken: { type: 'string', maxLength: 9, default: '' },
    brokenRequired: ['x'],
  },
  {
    name: 'required fields exist',
    violation: ({ schema }) =>
      (schema.required ?? []).some((name) => schema.properties?.[name] === undefined)
        ? 'requires a field that it does not have'
        : undefined,
    broken: { type: 'object', properties: {}, required: ['y'] },
  },
  {
    name: 'no defaults in the pod template but those that list keys need',
    violation: ({ path, schema }) =>
      path.startsWith('spec.template') && schema.default !== undefined && !/\.(protocol|name)$/.test(path)
        ? 'has a default'
        : undefined,
    broken: { type: 'string', default: 'Always' },
    brokenName: 'spec.template.spec.restartPolicy',
  },
  {
    name: 'nothing unknown is kept',
    violation: ({ schema }) =>
      'x-kubernetes-preserve-unknown-fields' in schema ||
      'x-kubernetes-embedded-resource' in schema ||
      (schema.type === 'object' &&
        schema.properties === undefined &&
        schema.additionalProperties === undefined)
        ? 'keeps or hides what it does not name'
        : undefined,
    broken: { type: 'object' },
  },
  {
    name: 'unions are optional members and a CEL rule, not oneOf',
    violation: ({ schema }) =>
      ['oneOf', 'anyOf', 'allOf', 'not'].some((keyword) => keyword in schema) ? 'has a union' : undefined,
    broken: { type: 'string', maxLength: 9, ...{ oneOf: [] } },
  },
  {
    name: 'CEL messages say what is allowed',
    violation: ({ schema }) =>
      (schema['x-kubernetes-validations'] ?? []).some(
        ({ message }) => !/\b(must|may)\b/.test(message) || /[.\n]$/.test(message),
      )
        ? 'has a rule whose message does not say what must or may be'
        : undefined,
    broken: {
      type: 'string',
      maxLength: 9,
      'x-kubernetes-validations': [{ rule: 'true', message: 'invalid value' }],
    },
  },
];
