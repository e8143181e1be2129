import type { FieldError } from '../field-error.ts';
import type { Resource } from '../resources/resource.ts';
import type { JsonObject } from '../schema/schema.ts';
import { validateScale } from './validate-scale.ts';
import { validate } from '../schema/validate.ts';

/** Objections after which rules are not asked any more: they could not rely on the types they were compiled for. */
const BLOCKING: readonly FieldError['reason'][] = [
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
];

/**
 * All that a definition has against one of its objects: schema, then rules, with a remark where the rules were not asked.
 * @param earlier what has been found against its metadata
 * @param previous the stored object that this one replaces
 */
export function validateCustomObject(
  {
    schema,
    rules,
    subresources,
  }: Pick<Resource, 'schema' | 'rules'> & Partial<Pick<Resource, 'subresources'>>,
  object: JsonObject,
  { earlier = [], previous }: { earlier?: readonly FieldError[]; previous?: JsonObject } = {},
): FieldError[] {
  const errors = schema === undefined ? [] : validate(object, schema, previous);
  if (subresources?.scale !== undefined) {
    errors.push(...validateScale(object, subresources.scale));
  }
  if (rules?.isNeeded !== true) {
    return errors;
  }
  if ([...earlier, ...errors].some(({ reason }) => BLOCKING.includes(reason))) {
    const detail =
      'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation';
    return [...errors, { reason: 'FieldValueInvalid', field: '<nil>', value: null, detail }];
  }
  return [...errors, ...rules.validate(object, previous)];
}
