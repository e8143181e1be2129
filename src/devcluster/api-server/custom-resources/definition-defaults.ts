import type { JsonObject } from '../schema/schema.ts';
import { childObject, definitionOf } from './definition.ts';

/**
 * Fills in what a CustomResourceDefinition may leave out: singular, listKind, and conversion None. Changes `crd`, the caller's
 * own copy (k8s.io/apiextensions-apiserver v1 SetDefaults_CustomResourceDefinitionSpec).
 */
export function definitionDefaults(crd: JsonObject): void {
  const { spec } = definitionOf(crd);
  if (spec === undefined) {
    return;
  }
  const names = childObject(childObject(crd, 'spec'), 'names');
  const kind = spec.names?.kind ?? '';
  if ((spec.names?.singular ?? '') === '') {
    names['singular'] = kind.toLowerCase();
  }
  if ((spec.names?.listKind ?? '') === '' && kind !== '') {
    names['listKind'] = `${kind}List`;
  }
  if (spec.conversion === undefined) {
    childObject(crd, 'spec')['conversion'] = { strategy: 'None' };
  }
}
