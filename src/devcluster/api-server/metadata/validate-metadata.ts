import { textOf } from '../json-text.ts';
import type { FieldError } from '../field-error.ts';
import { invalidValue, required } from '../field-errors.ts';
import { isObject } from '../schema/json.ts';
import type { Json, JsonObject } from '../schema/schema.ts';
import { metadataOf } from '../storage/record.ts';
import { labelValueErrors, qualifiedNameErrors } from './names.ts';

export const STANDARD_FINALIZERS = new Set(['orphan', 'foregroundDeletion', 'kubernetes']);
/** apimachinery TotalAnnotationSizeLimitB */
const MAX_ANNOTATION_BYTES = 256 * 1024;

export interface MetadataRules {
  readonly nameErrors: (name: string) => readonly string[];
  /** Whether finalizers need a domain, as the kinds of Kubernetes' own demand, but for leases and definitions. */
  readonly strict: boolean;
}

/** What Kubernetes demands of every object's metadata (apimachinery ValidateObjectMeta). */
export function validateMetadata(object: JsonObject, { nameErrors, strict }: MetadataRules): FieldError[] {
  const metadata = metadataOf(object);
  const { generation } = metadata;
  return [
    ...validateName(metadata, nameErrors),
    ...(typeof generation === 'number' && generation < 0
      ? [invalidValue('metadata.generation', generation, 'must be greater than or equal to 0')]
      : []),
    ...validateLabels(metadata['labels'], 'metadata.labels'),
    ...validateAnnotations(metadata['annotations']),
    ...validateOwners(metadata['ownerReferences']),
    ...validateFinalizers(metadata['finalizers'], strict),
  ];
}

function validateName(
  { name, generateName }: JsonObject,
  nameErrors: (name: string) => readonly string[],
): FieldError[] {
  if (typeof name !== 'string' || name === '') {
    const detail = 'name or generateName is required';
    return [{ reason: 'FieldValueRequired', field: 'metadata.name', detail }];
  }
  return [
    ...(typeof generateName === 'string' && generateName !== ''
      ? nameErrors(`${generateName}a`.replace(/-a$/, 'a')).map((detail) =>
          invalidValue('metadata.generateName', generateName, detail),
        )
      : []),
    ...nameErrors(name).map((detail) => invalidValue('metadata.name', name, detail)),
  ];
}

/** For labels and for what is written like labels, such as node selectors. */
export function validateLabels(labels: Json | undefined, field: string): FieldError[] {
  return entries(labels).flatMap(([key, value]) => [
    ...qualifiedNameErrors(key).map((detail) => invalidValue(field, key, detail)),
    ...(typeof value === 'string'
      ? labelValueErrors(value).map((detail) => invalidValue(field, value, detail))
      : []),
  ]);
}

function validateAnnotations(annotations: Json | undefined): FieldError[] {
  const field = 'metadata.annotations';
  const all = entries(annotations);
  const bytes = all.reduce((sum, [key, value]) => sum + key.length + textOf(value).length, 0);
  return [
    ...all.flatMap(([key]) =>
      qualifiedNameErrors(key.toLowerCase()).map((detail) => invalidValue(field, key, detail)),
    ),
    ...(bytes > MAX_ANNOTATION_BYTES
      ? [
          {
            reason: 'FieldValueTooLong' as const,
            field,
            detail: `may not be more than ${MAX_ANNOTATION_BYTES} bytes`,
          },
        ]
      : []),
  ];
}

function validateOwners(owners: Json | undefined): FieldError[] {
  const all = Array.isArray(owners) ? owners.filter((owner) => isObject(owner)) : [];
  const errors = all.flatMap((owner, index) => validateOwner(owner, `metadata.ownerReferences[${index}]`));
  const controllers = all.filter((owner) => owner['controller'] === true);
  const [first, second] = controllers;
  if (first !== undefined && second !== undefined) {
    const shown = (owner: JsonObject): string => `${textOf(owner['kind'])}/${textOf(owner['name'])}`;
    const detail = `Only one reference can have Controller set to true. Found "true" in references for ${shown(first)} and ${shown(second)}`;
    errors.push(invalidValue('metadata.ownerReferences', all, detail));
  }
  return errors;
}

function validateOwner(owner: JsonObject, path: string): FieldError[] {
  const { apiVersion = '', kind } = owner;
  const errors: FieldError[] = ['apiVersion', 'kind', 'name', 'uid']
    .filter((part) => (owner[part] ?? '') === '')
    .map((part) => required(`${path}.${part}`, 'must not be empty'));
  if (textOf(apiVersion).split('/').length > 2) {
    errors.push(invalidValue(`${path}.apiVersion`, apiVersion, 'must be <group>/<version> or <version>'));
  }
  return apiVersion === 'v1' && kind === 'Event'
    ? [...errors, invalidValue(path, owner, '/v1, Kind=Event is disallowed from being an owner')]
    : errors;
}

function validateFinalizers(finalizers: Json | undefined, strict: boolean): FieldError[] {
  const all = Array.isArray(finalizers) ? finalizers : [];
  const errors = all.flatMap((finalizer, index) => {
    const name = textOf(finalizer);
    const isQualified = !strict || name.includes('/') || STANDARD_FINALIZERS.has(name);
    const detail = 'name is neither a standard finalizer name nor is it fully qualified';
    return [
      ...qualifiedNameErrors(name).map((problem) => invalidValue('metadata.finalizers', name, problem)),
      ...(isQualified ? [] : [invalidValue(`metadata.finalizers[${index}]`, name, detail)]),
    ];
  });
  return all.includes('orphan') && all.includes('foregroundDeletion')
    ? [
        ...errors,
        invalidValue(
          'metadata.finalizers',
          all,
          'finalizer orphan and foregroundDeletion cannot be both set',
        ),
      ]
    : errors;
}

/** What may not change of the metadata (apimachinery ValidateObjectMetaUpdate). */
export function validateMetadataUpdate(object: JsonObject, live: JsonObject): FieldError[] {
  const after = metadataOf(object);
  const before = metadataOf(live);
  return [
    ...validateNewFinalizers(after, before),
    ...['name', 'namespace', 'uid', 'deletionTimestamp', 'deletionGracePeriodSeconds']
      .filter((field) => after[field] !== before[field])
      .map((field) => invalidValue(`metadata.${field}`, after[field] ?? null, 'field is immutable')),
  ];
}

function validateNewFinalizers(after: JsonObject, before: JsonObject): FieldError[] {
  const names = (value: Json | undefined): string[] => (Array.isArray(value) ? value.map(String) : []);
  const old = new Set(names(before['finalizers']));
  const added = names(after['finalizers']).filter((name) => !old.has(name));
  if (before['deletionTimestamp'] === undefined || added.length === 0) {
    return [];
  }
  const shown = `[]string{${added.map((name) => JSON.stringify(name)).join(', ')}}`;
  return [
    {
      reason: 'FieldValueForbidden',
      field: 'metadata.finalizers',
      detail: `no new finalizers can be added if the object is being deleted, found new finalizers ${shown}`,
    },
  ];
}

function entries(value: Json | undefined): [string, Json | undefined][] {
  return isObject(value) ? Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)) : [];
}
