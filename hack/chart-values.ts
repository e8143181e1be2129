import { stringify } from 'yaml';

/*
 * charts/headframe/values.schema.json says everything about a value once: type, limits, default, meaning. From it come values.yaml, which
 * Helm reads, and docs/reference/chart.md.
 */

/** The part of JSON schema that the chart's values use. */
export interface ValueSchema {
  readonly type: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, ValueSchema>>;
  readonly items?: { readonly type: string | readonly string[] };
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
}

const WIDTH = 120;

/** values.yaml: every value with its default, below a comment that says what it is for. */
export function valuesYaml(schema: ValueSchema): string {
  const header = [
    '# Written by npm run generate from values.schema.json. Do not edit: override values with --set or in a file of yours.',
    '# docs/reference/chart.md shows the same as a table.',
  ];
  return `${[...header, ...valueLines(schema, 0)].join('\n')}\n`;
}

function valueLines({ properties = {} }: ValueSchema, depth: number): string[] {
  const indent = '  '.repeat(depth);
  return Object.entries(properties).flatMap(([name, value]) => [
    ...(depth === 0 ? [''] : []),
    ...wrap(value.description ?? '', WIDTH - indent.length - 2).map((line) => `${indent}# ${line}`),
    ...(value.properties === undefined
      ? stringify({ [name]: value.default }, { lineWidth: 0, singleQuote: true })
          .trimEnd()
          .split('\n')
          .map((line) => `${indent}${line}`)
      : [`${indent}${name}:`, ...valueLines(value, depth + 1)]),
  ]);
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** docs/reference/chart.md: a row for each value. */
export function chartReference(schema: ValueSchema): string {
  const rows = valueRows(schema, '');
  return `# Values of the chart

<!-- Written by npm run generate from charts/headframe/values.schema.json. Do not edit. -->

\`helm show values charts/headframe\` prints them with their defaults. A value that is not listed here, or not of its type, is refused.
How to install is in [install.md](../guides/install.md).

| Value | Type | Default | Meaning |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
}

function valueRows({ properties = {} }: ValueSchema, path: string): string[] {
  return Object.entries(properties).flatMap(([name, value]) => {
    const own = path === '' ? name : `${path}.${name}`;
    return value.properties === undefined ? [valueRow(own, value)] : valueRows(value, own);
  });
}

function valueRow(path: string, value: ValueSchema): string {
  const cells = [
    `\`${path}\``,
    typeName(value),
    `\`${JSON.stringify(value.default)}\``,
    value.description ?? '',
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('<', '&lt;')).join(' | ')} |`;
}

function typeName({ type, items, enum: choices, minimum, maximum }: ValueSchema): string {
  if (choices !== undefined) {
    return choices.map((choice) => `\`${choice}\``).join(' or ');
  }
  if (items !== undefined) {
    return `list of ${eitherOf(items.type)}`;
  }
  const limits =
    minimum === undefined ? '' : maximum === undefined ? ` from ${minimum}` : `, ${minimum} to ${maximum}`;
  return `${eitherOf(type)}${limits}`;
}

function eitherOf(types: string | readonly string[]): string {
  return typeof types === 'string' ? types : types.join(' or ');
}
