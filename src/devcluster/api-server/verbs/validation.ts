import { validateCustomObject } from '../custom-resources/validate-object.ts';
import type { FieldError } from '../field-error.ts';
import { validateMetadata, validateMetadataUpdate } from '../metadata/validate-metadata.ts';
import type { Served } from '../resources/served.ts';
import type { JsonObject } from '../schema/schema.ts';
import { invalid } from '../status.ts';
import { metaString } from '../storage/record.ts';

/** @throws StatusError 422 */
export function validateNew({ resource, strategy }: Served, object: JsonObject): void {
  const errors = validateMetadata(object, strategy.nameErrors);
  errors.push(
    ...(resource.custom ? validateCustomObject(resource, object) : (strategy.validate?.(object) ?? [])),
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
    ...(resource.custom ? validateCustomObject(resource, object, live) : (strategy.validate?.(object) ?? [])),
  );
  refuseInvalid({ resource }, object, errors);
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
