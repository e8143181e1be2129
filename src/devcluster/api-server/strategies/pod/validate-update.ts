import type { FieldError } from '../../field-error.ts';
import { isObject, jsonEquals } from '../../schema/json.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { objectsIn } from './defaults.ts';

const RULE =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

/** A pod's spec is what the node has been told; little of it may change (core validation, ValidatePodUpdate). */
export function validatePodUpdate(pod: JsonObject, live: JsonObject): FieldError[] {
  const after = isObject(pod['spec']) ? pod['spec'] : {};
  const before = isObject(live['spec']) ? live['spec'] : {};
  return jsonEquals(frozen(after, before), frozen(before, before))
    ? []
    : [{ reason: 'FieldValueForbidden', field: 'spec', detail: RULE }];
}

/** The spec with everything that may change taken from `model`. */
function frozen(spec: JsonObject, model: JsonObject): JsonObject {
  const copy: JsonObject = { ...spec };
  delete copy['activeDeadlineSeconds'];
  if (extendsTolerations(spec, model)) {
    delete copy['tolerations'];
  }
  for (const list of ['containers', 'initContainers']) {
    if (Array.isArray(spec[list])) {
      copy[list] = objectsIn(spec[list]).map(({ image: _image, ...rest }) => rest);
    }
  }
  return copy;
}

function extendsTolerations(spec: JsonObject, model: JsonObject): boolean {
  const all = objectsIn(spec['tolerations']);
  return objectsIn(model['tolerations']).every((old) =>
    all.some((toleration) => jsonEquals(old, toleration)),
  );
}
