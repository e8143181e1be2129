import { isIP } from 'node:net';
import { invalidValue } from '../../field-errors.ts';
import type { FieldError } from '../../field-error.ts';
import { textOf } from '../../json-text.ts';
import { isObject, jsonEquals } from '../../schema/json.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { objectsIn } from './defaults.ts';

const RULE =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

/** A pod's spec is what the node has been told; little of it may change (core validation, ValidatePodUpdate). */
export function validatePodUpdate(pod: JsonObject, live: JsonObject): FieldError[] {
  const after = isObject(pod['spec']) ? pod['spec'] : {};
  const before = isObject(live['spec']) ? live['spec'] : {};
  const errors = ['containers', 'initContainers']
    .filter((list) => objectsIn(after[list]).length !== objectsIn(before[list]).length)
    .map((list) => forbidden(`spec.${list}`, 'pod updates may not add or remove containers'));
  if (errors.length > 0) {
    return errors;
  }
  return [
    ...wrongAddresses(pod),
    ...(keepsTolerations(after, before)
      ? []
      : [
          forbidden(
            'spec.tolerations',
            'existing toleration can not be modified except its tolerationSeconds',
          ),
        ]),
    ...newGates(after, before).map((name) =>
      forbidden('spec.schedulingGates', `only deletion is allowed, but found new scheduling gate '${name}'`),
    ),
    ...(jsonEquals(frozen(after, before), frozen(before, before)) ? [] : [forbidden('spec', RULE)]),
  ];
}

function wrongAddresses({ status }: JsonObject): FieldError[] {
  return objectsIn(isObject(status) ? status['podIPs'] : undefined).flatMap(({ ip = '' }, index) =>
    isIP(textOf(ip)) === 0
      ? [
          invalidValue(
            `status.podIPs[${index}]`,
            ip,
            'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
          ),
        ]
      : [],
  );
}

function forbidden(field: string, detail: string): FieldError {
  return { reason: 'FieldValueForbidden', field, detail };
}

/** The spec without what may change, or has been judged apart. */
function frozen(spec: JsonObject, before: JsonObject): JsonObject {
  const {
    activeDeadlineSeconds: _seconds,
    tolerations: _tolerations,
    schedulingGates: _gates,
    ...copy
  } = spec;
  for (const list of ['containers', 'initContainers']) {
    if (Array.isArray(spec[list])) {
      copy[list] = objectsIn(spec[list]).map(({ image: _image, ...rest }) => rest);
    }
  }
  if (
    objectsIn(before['schedulingGates']).length > 0 &&
    narrows(spec['nodeSelector'], before['nodeSelector'])
  ) {
    // While nobody may schedule the pod, its choice of nodes may still be narrowed.
    delete copy['nodeSelector'];
  }
  return copy;
}

function narrows(after: JsonObject[string], before: JsonObject[string]): boolean {
  const wanted = isObject(after) ? after : {};
  return Object.entries(isObject(before) ? before : {}).every(([key, value]) => wanted[key] === value);
}

function keepsTolerations(after: JsonObject, before: JsonObject): boolean {
  const kept = objectsIn(after['tolerations']).map(withoutSeconds);
  return objectsIn(before['tolerations'])
    .map(withoutSeconds)
    .every((old) => kept.some((toleration) => jsonEquals(old, toleration)));
}

function withoutSeconds({ tolerationSeconds: _seconds, ...rest }: JsonObject): JsonObject {
  return rest;
}

function newGates(after: JsonObject, before: JsonObject): string[] {
  const names = (spec: JsonObject): string[] =>
    objectsIn(spec['schedulingGates']).map(({ name }) => textOf(name));
  const old = names(before);
  return names(after).filter((name) => !old.includes(name));
}
