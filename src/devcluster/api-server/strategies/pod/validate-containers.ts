import { textOf } from '../../json-text.ts';
import type { FieldError } from '../../field-error.ts';
import { labelNameErrors } from '../../metadata/names.ts';
import { duplicate, invalidValue, oneOf, required, unsupported } from '../../field-errors.ts';
import type { Json, JsonObject } from '../../schema/schema.ts';
import { objectsIn } from './defaults.ts';
import { validateEnv } from './validate-env.ts';
import { validateProbes } from './validate-probes.ts';
import { validateResources } from './validate-resources.ts';

/** Containers, then init containers, with names that are unique over both. */
export function validateContainers(spec: JsonObject, volumes: ReadonlySet<string>): FieldError[] {
  const containers = objectsIn(spec['containers']);
  if (containers.length === 0) {
    return [required('spec.containers')];
  }
  const seen = new Set<string>();
  const check =
    (list: string) =>
    (container: JsonObject, index: number): FieldError[] =>
      validateContainer(container, { path: `spec.${list}[${index}]`, volumes, seen });
  return [
    ...containers.flatMap(check('containers')),
    ...objectsIn(spec['initContainers']).flatMap(check('initContainers')),
  ];
}

interface Place {
  readonly path: string;
  readonly volumes: ReadonlySet<string>;
  readonly seen: Set<string>;
}

function validateContainer(container: JsonObject, { path, volumes, seen }: Place): FieldError[] {
  return [
    ...((container['image'] ?? '') === '' ? [required(`${path}.image`)] : []),
    ...oneOf(container, 'terminationMessagePolicy', ['File', 'FallbackToLogsOnError'], path),
    ...validatePorts(container['ports'], `${path}.ports`),
    ...validateEnv(container['env'], `${path}.env`),
    ...validateProbes(container, path),
    ...validateMounts(container['volumeMounts'], `${path}.volumeMounts`, volumes),
    ...oneOf(container, 'imagePullPolicy', ['Always', 'IfNotPresent', 'Never'], path),
    ...validateResources(container['resources'], `${path}.resources`),
    ...validateName(container['name'], `${path}.name`, seen),
  ];
}

function validateName(name: Json | undefined, field: string, seen: Set<string>): FieldError[] {
  if (typeof name !== 'string' || name === '') {
    return [required(field)];
  }
  const errors = labelNameErrors(name).map((detail) => invalidValue(field, name, detail));
  if (errors.length === 0 && seen.has(name)) {
    return [duplicate(field, name)];
  }
  seen.add(name);
  return errors;
}

const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];

function validatePorts(ports: Json | undefined, path: string): FieldError[] {
  const seen = new Set<string>();
  return objectsIn(ports).flatMap(({ name, containerPort, protocol = '' }, index) => {
    const errors: FieldError[] = PROTOCOLS.includes(textOf(protocol))
      ? []
      : [unsupported(`${path}[${index}].protocol`, protocol, PROTOCOLS)];
    if (typeof name === 'string' && name !== '') {
      if (seen.has(name)) {
        errors.push(duplicate(`${path}[${index}].name`, name));
      }
      seen.add(name);
    }
    const field = `${path}[${index}].containerPort`;
    if (typeof containerPort !== 'number' || containerPort === 0) {
      errors.push(required(field));
    } else if (containerPort < 1 || containerPort > 65_535) {
      errors.push(invalidValue(field, containerPort, 'must be between 1 and 65535, inclusive'));
    }
    return errors;
  });
}

function validateMounts(mounts: Json | undefined, path: string, volumes: ReadonlySet<string>): FieldError[] {
  const seen = new Set<string>();
  return objectsIn(mounts).flatMap(({ name = '', mountPath = '' }, index) => {
    const errors: FieldError[] = [];
    if (name === '') {
      errors.push(required(`${path}[${index}].name`));
    } else if (!volumes.has(textOf(name))) {
      errors.push({ reason: 'FieldValueNotFound', field: `${path}[${index}].name`, value: name, detail: '' });
    }
    const field = `${path}[${index}].mountPath`;
    if (mountPath === '') {
      errors.push(required(field));
    } else if (seen.has(textOf(mountPath))) {
      errors.push(invalidValue(field, mountPath, 'must be unique'));
    }
    seen.add(textOf(mountPath));
    return errors;
  });
}
