/*
 * The schema of a pod template for a CRD, from an API server's OpenAPI v3 document of the core group. OpenAPI as Kubernetes
 * serves it is not a structural schema: it has references, unions and defaults that only Go's zero values explain.
 */

/** A node of an OpenAPI document or of a CRD's schema. */
export interface SchemaNode {
  $ref?: string;
  allOf?: SchemaNode[];
  type?: string;
  format?: string;
  description?: string;
  default?: unknown;
  enum?: unknown[];
  required?: string[];
  properties?: Record<string, SchemaNode>;
  items?: SchemaNode;
  additionalProperties?: SchemaNode;
  minItems?: number;
  maxItems?: number;
  maxLength?: number;
  pattern?: string;
  'x-kubernetes-int-or-string'?: boolean;
  'x-kubernetes-list-type'?: string;
  'x-kubernetes-list-map-keys'?: string[];
  'x-kubernetes-map-type'?: string;
  [other: string]: unknown;
}

/** The part of the document `/openapi/v3/api/v1` that is read. */
export interface OpenApiDocument {
  components: { schemas: Record<string, SchemaNode> };
}

const PREFIX = '#/components/schemas/';
const CORE = 'io.k8s.api.core.v1.';
const QUANTITY = 'io.k8s.apimachinery.pkg.api.resource.Quantity';
const INT_OR_STRING = 'io.k8s.apimachinery.pkg.util.intstr.IntOrString';
const OBJECT_META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

/** apimachinery's quantity grammar, as controller-gen writes it into CRDs. */
const QUANTITY_PATTERN =
  '^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$';

/** Longest description: enough for a sentence or two, so that the CRD stays below the 256 KiB of an annotation. */
const MAX_DESCRIPTION = 200;

/** Sentences that say nothing a reader of `kubectl explain` does not see elsewhere. */
const IDLE_SENTENCE = /^(More info|Required\.$|Optional\.$|Possible enum values|Cannot be updated)/;

/** Keywords that go over unchanged. Everything else of OpenAPI is dropped or handled below. */
const KEPT = [
  'type',
  'enum',
  'required',
  'x-kubernetes-list-type',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-map-type',
];

/** Formats that the API server checks in CRDs. */
const FORMATS: readonly string[] = ['int32', 'int64', 'date-time', 'byte'];

/** Fields that a pod template may not carry: the API server refuses pods that are created with them. */
const FORBIDDEN: Readonly<Record<string, readonly string[]>> = {
  [`${CORE}PodSpec`]: ['ephemeralContainers'],
};

/** Bounds without which the cost of our CEL rules could not be estimated. Kubernetes has none of its own. */
const BOUNDS: Readonly<Record<string, Readonly<Record<string, Partial<SchemaNode>>>>> = {
  [`${CORE}PodSpec`]: { containers: { minItems: 1, maxItems: 64 }, initContainers: { maxItems: 64 } },
};

/** The CRD schema of `PodTemplateSpec`: no references, no unions, and only the defaults that list keys need. */
export function podTemplateSchema(document: OpenApiDocument): SchemaNode {
  const template = convert({ $ref: `${PREFIX}${CORE}PodTemplateSpec` }, document);
  return { ...template, required: ['spec'] };
}

function convert(node: SchemaNode, document: OpenApiDocument): SchemaNode {
  const reference = node.$ref ?? node.allOf?.[0]?.$ref;
  if (reference === undefined) {
    return convertInline(node, document, '');
  }
  const name = reference.slice(PREFIX.length);
  const target = document.components.schemas[name];
  if (target === undefined) {
    throw new Error(`The document lacks the schema '${name}'.`);
  }
  const described = node.description === undefined ? {} : { description: shorten(node.description) };
  return { ...convertNamed(name, target, document), ...described };
}

function convertNamed(name: string, target: SchemaNode, document: OpenApiDocument): SchemaNode {
  switch (name) {
    case QUANTITY:
      return { ...intOrString(), pattern: QUANTITY_PATTERN };
    case INT_OR_STRING:
      return intOrString();
    case OBJECT_META:
      return convertInline(labelsAndAnnotations(target), document, name);
    default:
      return convertInline(target, document, name);
  }
}

function intOrString(): SchemaNode {
  return { 'x-kubernetes-int-or-string': true };
}

/** Of the metadata of something embedded, only what its author writes. */
function labelsAndAnnotations(meta: SchemaNode): SchemaNode {
  const { labels, annotations } = meta.properties ?? {};
  if (labels === undefined || annotations === undefined) {
    throw new Error('ObjectMeta lacks labels or annotations.');
  }
  return { ...meta, properties: { labels, annotations } };
}

function convertInline(node: SchemaNode, document: OpenApiDocument, name: string): SchemaNode {
  const result: SchemaNode = {};
  if (node.description !== undefined) {
    result.description = shorten(node.description);
  }
  for (const keyword of KEPT) {
    if (node[keyword] !== undefined) {
      result[keyword] = node[keyword];
    }
  }
  if (node.format !== undefined && FORMATS.includes(node.format)) {
    result.format = node.format;
  }
  if (node.properties !== undefined) {
    result.properties = convertProperties(node.properties, document, name);
  }
  if (node.items !== undefined) {
    result.items = withKeyDefaults(convert(node.items, document), node, document);
  }
  if (node.additionalProperties !== undefined) {
    result.additionalProperties = convert(node.additionalProperties, document);
  }
  return result;
}

function convertProperties(
  properties: Record<string, SchemaNode>,
  document: OpenApiDocument,
  name: string,
): Record<string, SchemaNode> {
  const allowed = Object.entries(properties).filter(([field]) => FORBIDDEN[name]?.includes(field) !== true);
  return Object.fromEntries(
    allowed.map(([field, schema]) => [field, { ...convert(schema, document), ...BOUNDS[name]?.[field] }]),
  );
}

/** Keys of a list-map must be required or have a default, or the CRD is refused: keep the server's default of those. */
function withKeyDefaults(item: SchemaNode, list: SchemaNode, document: OpenApiDocument): SchemaNode {
  const keys = list['x-kubernetes-list-map-keys'] ?? [];
  const optional = keys.filter((key) => item.required?.includes(key) !== true);
  if (optional.length === 0) {
    return item;
  }
  const source = resolve(list.items, document);
  const properties = { ...item.properties };
  for (const key of optional) {
    properties[key] = { ...properties[key], default: source.properties?.[key]?.default ?? '' };
  }
  return { ...item, properties };
}

function resolve(node: SchemaNode | undefined, document: OpenApiDocument): SchemaNode {
  const reference = node?.$ref ?? node?.allOf?.[0]?.$ref;
  const target = reference === undefined ? node : document.components.schemas[reference.slice(PREFIX.length)];
  return target ?? {};
}

/** As many first sentences of a description as fit; the first one is cut at a word when it alone is too long. */
export function shorten(description: string): string {
  const sentences = description
    .replaceAll(/\s+/g, ' ')
    .trim()
    .split(/(?<=[.])\s+(?=[A-Z])/);
  const [first = '', ...rest] = sentences.filter((sentence) => !IDLE_SENTENCE.test(sentence));
  if (first.length > MAX_DESCRIPTION) {
    const cut = first.slice(0, MAX_DESCRIPTION - 1);
    return `${cut.slice(0, cut.lastIndexOf(' ')).replace(/[,;:(]+$/, '')}…`;
  }
  const tooMuch = rest.findIndex(
    (_, index) => [first, ...rest.slice(0, index + 1)].join(' ').length > MAX_DESCRIPTION,
  );
  return [first, ...rest.slice(0, tooMuch < 0 ? rest.length : tooMuch)].join(' ');
}
