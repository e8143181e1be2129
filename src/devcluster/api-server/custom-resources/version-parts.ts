import type { FieldError } from '../field-error.ts';
import { invalid, required } from './definition-names.ts';
import type { DefinitionVersion } from './definition.ts';

const COLUMN_TYPES = ['boolean', 'date', 'integer', 'number', 'string'];
const COLUMN_FORMATS = [
  'binary',
  'byte',
  'date',
  'date-time',
  'double',
  'float',
  'int32',
  'int64',
  'password',
];

/** The paths of the scale subresource. */
export function subresourceErrors({ subresources }: DefinitionVersion, path: string): FieldError[] {
  const scale = subresources?.scale;
  if (scale === undefined) {
    return [];
  }
  const place = `${path}.scale`;
  const { specReplicasPath = '', statusReplicasPath = '', labelSelectorPath = '' } = scale;
  return [
    ...pathErrors(specReplicasPath, `${place}.specReplicasPath`, [
      ['.spec.'],
      'should be a json path under .spec',
    ]),
    ...pathErrors(statusReplicasPath, `${place}.statusReplicasPath`, [
      ['.status.'],
      'should be a json path under .status',
    ]),
    ...(labelSelectorPath === ''
      ? []
      : pathErrors(labelSelectorPath, `${place}.labelSelectorPath`, [
          ['.spec.', '.status.'],
          'should be a json path under either .spec or .status',
        ])),
  ];
}

function pathErrors(
  path: string,
  field: string,
  [roots, detail]: readonly [readonly string[], string],
): FieldError[] {
  if (path === '') {
    return [required(field)];
  }
  if (!path.startsWith('.')) {
    return [invalid(field, path, 'must be a simple json path starting with .')];
  }
  return roots.some((root) => path.startsWith(root)) ? [] : [invalid(field, path, detail)];
}

/** additionalPrinterColumns. */
export function columnErrors(
  { additionalPrinterColumns = [] }: DefinitionVersion,
  path: string,
): FieldError[] {
  return additionalPrinterColumns.flatMap((column, index) => {
    const { name = '', type = '', format = '', jsonPath = '' } = column;
    const place = `${path}[${index}]`;
    return [
      ...(name === '' ? [required(`${place}.name`)] : []),
      ...oneOf(type, COLUMN_TYPES, `${place}.type`),
      ...(format === '' ? [] : oneOf(format, COLUMN_FORMATS, `${place}.format`)),
      ...columnPathErrors(jsonPath, `${place}.JSONPath`),
    ];
  });
}

function oneOf(value: string, allowed: readonly string[], field: string): FieldError[] {
  const detail = `must be one of ${allowed.join(',')}`;
  if (value === '') {
    return [required(field, detail)];
  }
  return allowed.includes(value) ? [] : [invalid(field, value, detail)];
}

function columnPathErrors(path: string, field: string): FieldError[] {
  if (path === '') {
    return [required(field)];
  }
  return path.startsWith('.') ? [] : [invalid(field, path, 'must be a simple json path starting with .')];
}
