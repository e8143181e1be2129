import type { FieldError } from '../field-error.ts';
import { validateMetadata, validateMetadataUpdate } from '../metadata/validate-metadata.ts';
import type { Served } from '../resources/served.ts';
import type { JsonObject } from '../schema/schema.ts';
import { validate } from '../schema/validate.ts';
import { invalid } from '../status.ts';
import { metaString } from '../storage/record.ts';

/** @throws StatusError 422 */
export function validateNew({ resource, strategy }: Served, object: JsonObject): void {
  const errors = validateMetadata(object, strategy.nameErrors);
  errors.push(
    ...(resource.custom ? validateCustom({ resource }, object) : (strategy.validate?.(object) ?? [])),
  );
  refuseInvalid({ resource }, object, errors);
}

/** @throws StatusError 422 */
export function validateChange({ resource, strategy }: Served, object: JsonObject, live: JsonObject): void {
  const errors = [
    ...validateMetadata(object, strategy.nameErrors),
    ...validateMetadataUpdate(object, live),
    ...(strategy.validateUpdate?.(object, live) ?? []),
  ];
  errors.push(
    ...(resource.custom ? validateCustom({ resource }, object, live) : (strategy.validate?.(object) ?? [])),
  );
  refuseInvalid({ resource }, object, errors);
}

function validateCustom(
  { resource }: Pick<Served, 'resource'>,
  object: JsonObject,
  live?: JsonObject,
): FieldError[] {
  const errors = resource.schema === undefined ? [] : validate(object, resource.schema);
  // As upstream: rules are only asked about values of the right type.
  return errors.length > 0 ? errors : (resource.rules?.validate(object, live) ?? []);
}

function refuseInvalid(
  { resource }: Pick<Served, 'resource'>,
  object: JsonObject,
  errors: readonly FieldError[],
): void {
  if (errors.length > 0) {
    throw invalid(resource, metaString(object, 'name') ?? '', errors);
  }
}
