import type { CustomResourceDefinition } from '../src/api/schema/crd.ts';
import type { StructuralSchema } from '../src/api/schema/structural.ts';

/*
 * docs/reference/api.md: every field of every kind, from the CRDs themselves.
 */

/** Fields whose own documentation is Kubernetes': named once instead of a thousand rows. */
const KUBERNETES_OWN: readonly string[] = ['template'];

const HEADER = `# API reference

<!-- Written by npm run generate from src/api. Do not edit. -->

The same words are in the cluster: \`kubectl explain minerpool.spec\`. A field that is not required and has no default may be
absent. The API server fills in defaults, so objects that are read have them. Condition reasons are listed in
[reasons.md](reasons.md).
`;

/** The reference page of all kinds, as Markdown. */
export function apiReference(definitions: readonly CustomResourceDefinition[]): string {
  return [HEADER, ...definitions.map(kindSection)].join('\n');
}

function kindSection(definition: CustomResourceDefinition): string {
  const { names, scope, group } = definition.spec;
  return definition.spec.versions
    .map((version) => {
      const schema = version.schema.openAPIV3Schema;
      return [
        `## ${names.kind}`,
        '',
        schema.description,
        '',
        `- apiVersion \`${group}/${version.name}\`, kind \`${names.kind}\`, ${scope === 'Cluster' ? 'cluster-scoped' : 'namespaced'}`,
        `- kubectl names: \`${[names.plural, names.singular, ...names.shortNames].join('`, `')}\`; category \`${names.categories.join('`, `')}\``,
        `- subresources: ${Object.keys(version.subresources)
          .map((name) => `\`${name}\``)
          .join(', ')}`,
        ...rules(schema),
        '',
        ...table(
          ['Column', 'Shows'],
          version.additionalPrinterColumns.map((column) => [
            `\`${column.name}\`${column.priority === undefined ? '' : ' (`-o wide`)'}`,
            column.description,
          ]),
        ),
        ...objectSections(names.kind, schema),
      ].join('\n');
    })
    .map((text) => `${text}\n`)
    .join('\n');
}

/** One table for the spec and the status, and one for each object below them. */
function objectSections(kind: string, root: StructuralSchema): string[] {
  return ['spec', 'status'].flatMap((part) => {
    const schema = root.properties?.[part];
    return schema === undefined ? [] : objectSection(`${kind}.${part}`, schema);
  });
}

function objectSection(path: string, schema: StructuralSchema): string[] {
  const fields = Object.entries(schema.properties ?? {});
  return [
    '',
    `### ${path}`,
    '',
    schema.description ?? '',
    ...rules(schema),
    '',
    ...table(
      ['Field', 'Type', 'Default', 'Limits', 'Meaning'],
      fields.map(([name, field]) => [
        `\`${name}\``,
        typeName(field),
        schema.required?.includes(name) === true ? '*required*' : defaultText(field),
        limits(field),
        `${field.description ?? ''}${fieldRules(field)}`,
      ]),
    ),
    ...fields.flatMap(([name, field]) => nested(`${path}.${name}`, name, field)),
  ];
}

function nested(path: string, name: string, field: StructuralSchema): string[] {
  if (KUBERNETES_OWN.includes(name)) {
    return [
      '',
      `### ${path}`,
      '',
      'A [pod template](https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-template-v1/) with all fields of Kubernetes, except that its metadata has only `labels` and `annotations`, and that it may not have `ephemeralContainers`. Read any field with `kubectl explain`, such as `kubectl explain minerpool.spec.template.spec.containers`.',
      ...rules(field),
    ];
  }
  if (field.type === 'array' && field.items?.type === 'object') {
    return objectSection(`${path}[]`, field.items);
  }
  return field.type === 'object' && field.properties !== undefined ? objectSection(path, field) : [];
}

/** Rules over several fields, as a list above their table. */
function rules(schema: StructuralSchema): string[] {
  const items = (schema['x-kubernetes-validations'] ?? []).map(({ message, fieldPath }) => {
    const subject = fieldPath === undefined ? '' : `\`${fieldPath.slice(1)}\` `;
    return `- ${subject}${plain(message)}.`;
  });
  return items.length === 0 ? [] : ['', 'Rules:', '', ...items];
}

/** Rules of a field without fields of its own, as part of its meaning. */
function fieldRules(field: StructuralSchema): string {
  const own = field.properties === undefined ? (field['x-kubernetes-validations'] ?? []) : [];
  return own.map(({ message }) => ` It ${message}.`).join('');
}

function typeName(schema: StructuralSchema): string {
  if (schema['x-kubernetes-int-or-string'] === true) {
    return 'integer or string';
  }
  if (schema.type === 'array') {
    const items = schema.items === undefined ? 'value' : typeName(schema.items);
    const keys = schema['x-kubernetes-list-map-keys'];
    return `${schema['x-kubernetes-list-type'] === 'set' ? 'set' : 'list'} of ${items}${keys === undefined ? '' : ` by ${keys.map((key) => `\`${key}\``).join(', ')}`}`;
  }
  return schema.format ?? schema.type ?? 'value';
}

function defaultText(schema: StructuralSchema): string {
  return schema.default === undefined ? '' : `\`${JSON.stringify(schema.default)}\``;
}

function limits(schema: StructuralSchema): string {
  const { items } = schema;
  return [
    schema.enum === undefined ? '' : schema.enum.map((value) => `\`${String(value)}\``).join(' or '),
    range(schema.minimum, schema.maximum, ''),
    range(schema.minLength, schema.maxLength, ' characters'),
    range(schema.minItems, schema.maxItems, ' items'),
    range(items?.minLength, items?.maxLength, ' characters each'),
    schema.pattern === undefined ? '' : `\`${schema.pattern}\``,
  ]
    .filter((text) => text !== '')
    .join('; ');
}

function range(least: number | undefined, most: number | undefined, unit: string): string {
  if (least === undefined) {
    return most === undefined ? '' : `at most ${most}${unit}`;
  }
  return most === undefined ? `at least ${least}${unit}` : `${least} to ${most}${unit}`;
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [header, header.map(() => '---'), ...rows].map(
    (cells) => `| ${cells.map((cell) => plain(cell)).join(' | ')} |`,
  );
}

/** Text as Markdown shows it: `<pool>` is not a tag, and `|` ends no cell. */
function plain(text: string): string {
  return text.replaceAll('<', '&lt;').replaceAll('|', '\\|');
}
