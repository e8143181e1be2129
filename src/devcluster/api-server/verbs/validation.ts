import { validateCustomObject } from '../custom-resources/validate-object.ts';
import type { FieldError } from '../field-error.ts';
import {
  validateMetadata,
  validateMetadataUpdate,
  type MetadataRules,
} from '../metadata/validate-metadata.ts';
import type { Served } from '../resources/served.ts';
import type { JsonObject } from '../schema/schema.ts';
import { invalid } from '../status.ts';
import { metaString } from '../storage/record.ts';

/** @throws StatusError 422 */
export function validateNew(served: Served, object: JsonObject): void {
  const { resource, strategy } = served;
  const errors = validateMetadata(object, metadataRules(served));
  errors.push(
    ...(resource.custom
      ? validateCustomObject(resource, object, { earlier: errors })
      : (strategy.validate?.(object) ?? [])),
  );
  refuseInvalid({ resource }, object, errors);
}

/** @throws StatusError 422 */
export function validateChange(
  served: Served,
  object: JsonObject,
  { live, subresource }: { live: JsonObject; subresource: string | undefined },
): void {
  const { resource, strategy } = served;
  const metadata = [
    ...validateMetadata(object, metadataRules(served)),
    ...validateMetadataUpdate(object, live),
  ];
  const errors = [...metadata, ...(strategy.validateUpdate?.(object, live) ?? [])];
  errors.push(
    ...(resource.custom
      ? validateCustomObject(resource, object, { earlier: metadata, previous: live }).map((error) =>
          subresource === 'status' ? withoutStatus(error) : error,
        )
      : (strategy.validate?.(object, live) ?? [])),
  );
  refuseInvalid({ resource }, object, errors);
}

/** At its own door, upstream validates the status alone, and words it so. */
function withoutStatus(error: FieldError): FieldError {
  return { ...error, detail: error.detail.replace(/^status\.(?=\S+ in body)/, '') };
}

/** Kinds whose validation upstream shares with custom resources. */
const LENIENT = ['coordination.k8s.io', 'apiextensions.k8s.io', 'events.k8s.io'];

function metadataRules({ resource: { custom, group }, strategy: { nameErrors } }: Served): MetadataRules {
  return { nameErrors, strict: !custom && !LENIENT.includes(group) };
}

function refuseInvalid(
  { resource }: Pick<Served, 'resource'>,
  object: JsonObject,
  errors: readonly FieldError[],
): void {
  if (errors.length > 0) {
    // Upstream words both groups of events alike.
    const subject = resource.group === 'events.k8s.io' ? { group: '', kind: resource.kind } : resource;
    throw invalid(subject, metaString(object, 'name') ?? '', errors);
  }
}
