import { recursiveDifference, setOf, type FieldSet } from './field-set.ts';
import type { Comparison } from './compare.ts';
import type { FieldWriter } from './managers.ts';
import { fieldElement } from './path-element.ts';

/** Of these nobody is the owner (apimachinery, managedfields/internal/stripmeta.go). */
export const unownedFields: FieldSet = fieldSetOf([
  ['apiVersion'],
  ['kind'],
  ['metadata'],
  ...[
    'name',
    'namespace',
    'creationTimestamp',
    'selfLink',
    'uid',
    'clusterName',
    'generation',
    'managedFields',
    'resourceVersion',
  ].map((field) => ['metadata', field]),
]);

/** What the writer owns of a set: not what its request cannot change. */
export function withoutReset(fields: FieldSet, writer: FieldWriter): FieldSet {
  return recursiveDifference(fields, resetFieldsOf(writer));
}

/** What the writer changed: nothing that its request cannot change. */
export function comparisonOf(comparison: Comparison, writer: FieldWriter): Comparison {
  const { added, removed, modified } = comparison;
  return {
    added: withoutReset(added, writer),
    removed: withoutReset(removed, writer),
    modified: withoutReset(modified, writer),
  };
}

function resetFieldsOf({ resetFields, subresource }: FieldWriter): FieldSet {
  return fieldSetOf(resetFields ?? (subresource === 'status' ? [['spec']] : [['status']]));
}

function fieldSetOf(paths: readonly (readonly string[])[]): FieldSet {
  return setOf(...paths.map((path) => path.map(fieldElement)));
}
