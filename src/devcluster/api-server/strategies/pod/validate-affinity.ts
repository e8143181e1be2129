import type { FieldError } from '../../field-error.ts';
import { invalidValue, required } from '../../field-errors.ts';
import { textOf } from '../../json-text.ts';
import { qualifiedNameErrors } from '../../metadata/names.ts';
import { isObject } from '../../schema/json.ts';
import type { Json, JsonObject } from '../../schema/schema.ts';
import { objectsIn } from './defaults.ts';

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';

/** That required terms are there, and name a topology. */
export function validateAffinity(affinity: Json | undefined): FieldError[] {
  if (!isObject(affinity)) {
    return [];
  }
  return [
    ...validateNodeAffinity(part(affinity, 'nodeAffinity')),
    ...['podAffinity', 'podAntiAffinity'].flatMap((kind) =>
      objectsIn(part(affinity, kind)[REQUIRED]).flatMap((term, index) =>
        validateTopologyKey(term, `spec.affinity.${kind}.${REQUIRED}[${index}].topologyKey`),
      ),
    ),
  ];
}

function part(affinity: JsonObject, kind: string): JsonObject {
  const value = affinity[kind];
  return isObject(value) ? value : {};
}

function validateNodeAffinity(affinity: JsonObject): FieldError[] {
  const terms = affinity[REQUIRED];
  const path = `spec.affinity.nodeAffinity.${REQUIRED}.nodeSelectorTerms`;
  return isObject(terms) && objectsIn(terms['nodeSelectorTerms']).length === 0
    ? [required(path, 'must have at least one node selector term')]
    : [];
}

function validateTopologyKey({ topologyKey = '' }: JsonObject, field: string): FieldError[] {
  return [
    ...(topologyKey === '' ? [required(field, 'can not be empty')] : []),
    ...qualifiedNameErrors(textOf(topologyKey)).map((detail) => invalidValue(field, topologyKey, detail)),
  ];
}
