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

function resetFieldsOf({ resetFields, subresource, apiVersion }: FieldWriter): FieldSet {
  return fieldSetOf(resetFields ?? defaultResetFields(apiVersion, subresource));
}

/** What the strategies of most kinds reset. A custom resource keeps its metadata, too, when its status is written. */
function defaultResetFields(apiVersion: string, subresource: string | undefined): string[][] {
  if (subresource !== 'status') {
    return [['status']];
  }
  return isCustomVersion(apiVersion) ? [['metadata'], ['spec']] : [['spec']];
}

/** Whether objects of that version are custom resources: groups of Kubernetes have no domain, or one below k8s.io. */
export function isCustomVersion(apiVersion: string): boolean {
  const [group = '', version] = apiVersion.split('/');
  return version !== undefined && group.includes('.') && !group.endsWith('.k8s.io');
}

function fieldSetOf(paths: readonly (readonly string[])[]): FieldSet {
  return setOf(...paths.map((path) => path.map(fieldElement)));
}
