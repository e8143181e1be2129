import type { Served } from '../resources/served.ts';
import type { JsonObject } from '../schema/schema.ts';
import { metadataOf } from '../storage/record.ts';
import { STANDARD_FINALIZERS } from './validate-metadata.ts';

/** Warnings of new finalizers of a custom resource that could be anybody's. */
export function plainFinalizers({ resource }: Served, object: JsonObject, live: JsonObject = {}): string[] {
  const old = namesOf(live);
  return (resource.custom ? namesOf(object) : [])
    .filter((name) => !name.includes('/') && !STANDARD_FINALIZERS.has(name) && !old.includes(name))
    .map(
      (name) =>
        `metadata.finalizers: ${JSON.stringify(name)}: prefer a domain-qualified finalizer name to avoid accidental conflicts with other finalizer writers`,
    );
}

function namesOf(object: JsonObject): string[] {
  const { finalizers } = metadataOf(object);
  return Array.isArray(finalizers) ? finalizers.filter((name) => typeof name === 'string') : [];
}
